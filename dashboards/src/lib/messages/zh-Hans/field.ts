import type { Texts } from '../en';

export const field: Texts['field'] = {
  title: '今日安排',
  today: '今天',
  tomorrow: '明天',
  overdue: '尚未结束',
  overdueLead: '前几天的上门，还没有人将其结束。',
  nothingToday: '今天没有上门。',
  noVisits: '没有安排上门',
  noVisitsLead: '未来几天为您安排的上门会显示在这里。',
  notATechnician: '您登录时没有使用自己的账户，因此无法为您安排上门。',
  count: (n) => `${n} 次上门`,
  first: '下一个',

  step: { travelling: '我已出发', on_site: '我已到达' },
  why: { travelling: '已出发', on_site: '已到达' },
  open: '派工单',
  work: '继续工作',
  notNext: (number) => `${number} 排在它前面`,
  notNextLead: {
    travelling: '仍要出发去这次上门吗？',
    on_site: '确实已到达这一处吗？'
  },

  noSite: '站点未知',
  directions: '路线',
  directionsTo: (site) => `前往${site}的路线`,
  call: (name) => `致电${name}`,
  callShort: '拨打',
  access: '进入方式',

  find: '查找设备',
  findLead: '按标签上的代码查找。',
  code: '标签上的代码',
  codeHint: '例如 7K2M-9QXA',
  codeMissing: '请先输入代码。',
  codeUnknown: '没有设备使用此代码。请再看一下标签：每个字符都要正确。',
  show: '显示',
  scan: '扫描',
  scanning: '扫描标签',
  scanningLead: '将摄像头对准代码。',
  noCamera: '无法使用摄像头。请在浏览器中允许使用，或输入代码。'
};
