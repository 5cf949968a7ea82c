import type { Texts } from '../en';

export const remarks: Texts['remarks'] = {
  title: '關於這些讀數',
  none: '這段時間沒有註記，也沒有遲到、更正或刪除的讀數。',
  annotate: '新增註記…',
  annotating: '在時間軸上新增註記',
  annotatingLead: '查看設備這段歷史的人都會看到。',
  note: '內容',
  noteMissing: '請填寫內容。',
  point: '對象',
  wholeMachine: '整台設備',
  from: '從',
  to: '到',
  edgesWrong: '結束必須晚於開始。',
  submit: '儲存註記',
  withdraw: '撤回',
  withdrawing: '撤回這則註記',
  withdrawingLead: '註記和撤回人會保留，但不再顯示。',
  late: (from, to) => (from === to ? `遲到，${from}` : `遲到，${from} 至 ${to}`),
  lateShade: '遲到',
  corrected: (scale, offset) => `事後更正：回報值 × ${scale} + ${offset}`,
  deleted: (why) => `已刪除：${why}`,
  by: (who, when) => `${who}，${when}`,
  look: '查看'
};
