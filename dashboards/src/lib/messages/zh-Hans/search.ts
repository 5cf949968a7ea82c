import type { Texts } from '../en';

export const search: Texts['search'] = {
  title: '搜索',
  hint: '编号、名称、序列号、文字…',
  kind: {
    ticket: '工单',
    asset: '设备',
    customer: '客户',
    site: '站点',
    contact: '联系人',
    request: '请求',
    article: '文章'
  },
  lead: '工单、设备、请求、客户、站点和联系人。词语可以只输入开头。',
  keys: '↑ ↓ 选择，回车打开',
  none: (words) => `没有找到“${words}”。`,
  loose: '没有完全一致的内容，以下较为接近：',
  more: '还有更多结果：请再输入一个词。',
  found: (n) => `找到 ${n} 项`
};
