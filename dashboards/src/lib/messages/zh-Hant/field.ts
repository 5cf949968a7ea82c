import type { Texts } from '../en';

export const field: Texts['field'] = {
  title: '今日行程',
  today: '今天',
  tomorrow: '明天',
  overdue: '尚未結束',
  overdueLead: '前幾天的到府，還沒有人將其結束。',
  nothingToday: '今天沒有到府。',
  noVisits: '沒有安排到府',
  noVisitsLead: '未來幾天為您安排的到府會顯示在這裡。',
  notATechnician: '您登入時沒有使用自己的帳戶，因此無法為您安排到府。',
  count: (n) => `${n} 次到府`,
  first: '下一個',

  step: { travelling: '我已出發', on_site: '我已到達' },
  why: { travelling: '已出發', on_site: '已到達' },
  open: '維修單',
  work: '繼續工作',
  notNext: (number) => `${number} 排在它前面`,
  notNextLead: {
    travelling: '仍要出發前往這次到府嗎？',
    on_site: '確實已到達這一處嗎？'
  },

  noSite: '站點未知',
  directions: '路線',
  directionsTo: (site) => `前往${site}的路線`,
  call: (name) => `致電${name}`,
  callShort: '撥打',
  access: '進入方式',

  find: '尋找設備',
  findLead: '以標籤上的代碼尋找。',
  code: '標籤上的代碼',
  codeHint: '例如 7K2M-9QXA',
  codeMissing: '請先輸入代碼。',
  codeUnknown: '沒有設備使用此代碼。請再看一下標籤：每個字元都要正確。',
  show: '顯示',
  scan: '掃描',
  scanning: '掃描標籤',
  scanningLead: '將相機對準代碼。',
  noCamera: '無法使用相機。請在瀏覽器中允許使用，或輸入代碼。'
};
