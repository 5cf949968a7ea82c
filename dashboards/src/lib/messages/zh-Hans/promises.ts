import type { TargetKind } from '$lib/api/types';
import type { Texts } from '../en';

const kind: Record<TargetKind, string> = {
  first_response: '首次响应',
  resolution: '解决',
  repair: '维修',
  return_handling: '退货处理',
  call_back: '回访',
  shipment_update: '物流更新'
};

export const promises: Texts['promises'] = {
  title: '服务承诺',
  none: '此工单没有承诺。',
  kind,
  left: (span) => `剩余 ${span}`,
  late: '已逾期',
  lateBy: (span) => `逾期 ${span}`,
  standing: {
    on_hold: '已暂停',
    met: '已兑现',
    met_late: '逾期兑现',
    cancelled: '已取消'
  },
  due: (when) => `截止 ${when}`,
  promised: '承诺时间',
  now: '目前截止',
  met: '完成',
  late_since: '逾期始于',
  from: (policy, version) => `服务水平 ${policy}，第 ${version} 版`,
  contract: (name) => `依据合同 ${name}`,
  hours: (calendar, zone) => `计时时段：${calendar}，${zone}`,
  allHours: '所有时间都计时',
  heldSince: (when) => `自 ${when} 起暂停`,
  held: (from, to) => `${from} 至 ${to} 暂停`,
  hold: '暂停…',
  resume: '恢复…',
  holding: '暂停此承诺',
  holdingLead: '原因不在我方。计时停止，直到有人恢复。',
  resuming: '恢复计时',
  resumingLead: '暂停时剩余的时间从现在起继续计算。',
  reason: '原因',
  reasonMissing: '请先填写原因。',
  holdSubmit: '暂停',
  resumeSubmit: '恢复'
};
