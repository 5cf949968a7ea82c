import type { Texts } from '../en';

export const remarks: Texts['remarks'] = {
  title: '关于这些读数',
  none: '这段时间没有批注，也没有迟到、更正或删除的读数。',
  annotate: '添加批注…',
  annotating: '在时间轴上添加批注',
  annotatingLead: '查看设备这段历史的人都会看到。',
  note: '内容',
  noteMissing: '请填写内容。',
  point: '对象',
  wholeMachine: '整台设备',
  from: '从',
  to: '到',
  edgesWrong: '结束必须晚于开始。',
  submit: '保存批注',
  withdraw: '撤回',
  withdrawing: '撤回这条批注',
  withdrawingLead: '批注和撤回人会保留，但不再显示。',
  late: (from, to) => (from === to ? `迟到，${from}` : `迟到，${from} 至 ${to}`),
  lateShade: '迟到',
  corrected: (scale, offset) => `事后更正：上报值 × ${scale} + ${offset}`,
  deleted: (why) => `已删除：${why}`,
  by: (who, when) => `${who}，${when}`,
  look: '查看'
};
