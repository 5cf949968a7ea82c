import type { Texts } from '../en';

export const search: Texts['search'] = {
  title: '搜尋',
  hint: '編號、名稱、序號、文字…',
  kind: {
    ticket: '工單',
    asset: '設備',
    customer: '客戶',
    site: '站點',
    contact: '聯絡人',
    request: '請求',
    article: '文章'
  },
  lead: '工單、設備、請求、客戶、站點和聯絡人。詞語可以只輸入開頭。',
  keys: '↑ ↓ 選擇，回車開啟',
  none: (words) => `沒有找到「${words}」。`,
  loose: '沒有完全一致的內容，以下較為接近：',
  more: '還有更多結果：請再輸入一個詞。',
  found: (n) => `找到 ${n} 項`
};
