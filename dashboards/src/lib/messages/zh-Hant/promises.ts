import type { TargetKind } from '$lib/api/types';
import type { Texts } from '../en';

const kind: Record<TargetKind, string> = {
  first_response: '首次回應',
  resolution: '解決',
  repair: '維修',
  return_handling: '退貨處理',
  call_back: '回訪',
  shipment_update: '物流更新'
};

export const promises: Texts['promises'] = {
  title: '服務承諾',
  none: '此工單沒有承諾。',
  kind,
  left: (span) => `剩餘 ${span}`,
  late: '已逾期',
  lateBy: (span) => `逾期 ${span}`,
  standing: {
    on_hold: '已暫停',
    met: '已兌現',
    met_late: '逾期兌現',
    cancelled: '已取消'
  },
  due: (when) => `期限 ${when}`,
  promised: '承諾時間',
  now: '目前期限',
  met: '完成',
  late_since: '逾期始於',
  from: (policy, version) => `服務水準 ${policy}，第 ${version} 版`,
  contract: (name) => `依據合約 ${name}`,
  hours: (calendar, zone) => `計時時段：${calendar}，${zone}`,
  allHours: '所有時間都計時',
  heldSince: (when) => `自 ${when} 起暫停`,
  held: (from, to) => `${from} 至 ${to} 暫停`,
  hold: '暫停…',
  resume: '恢復…',
  holding: '暫停此承諾',
  holdingLead: '原因不在我方。計時停止，直到有人恢復。',
  resuming: '恢復計時',
  resumingLead: '暫停時剩餘的時間從現在起繼續計算。',
  reason: '原因',
  reasonMissing: '請先填寫原因。',
  holdSubmit: '暫停',
  resumeSubmit: '恢復'
};
