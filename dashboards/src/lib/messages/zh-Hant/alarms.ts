import type { AlarmClass, AlarmState, Priority, SuspensionKind } from '$lib/api/types';
import type { Texts } from '../en';

const state: Record<AlarmState, string> = {
  unacknowledged_active: '活動，未確認',
  acknowledged_active: '活動，已確認',
  unacknowledged_cleared: '已結束，未確認',
  normal: '已結束',
  latched_unacknowledged: '已鎖定，未確認',
  latched_acknowledged: '已鎖定，已確認',
  shelved: '已擱置',
  suppressed_by_design: '按設計抑制',
  out_of_service: '停用'
};

const meaning: Record<AlarmState, string> = {
  unacknowledged_active: '條件仍然成立，還沒有人看過。',
  acknowledged_active: '條件仍然成立，已有人處理。',
  unacknowledged_cleared: '條件已經消失，還沒有人看過。',
  normal: '條件已經消失，也有人看過。',
  latched_unacknowledged: '條件已經消失，但保持到重設為止。還沒有人看過。',
  latched_acknowledged: '條件已經消失，但保持到重設為止。',
  shelved: '由人員或正在進行的維修暫時隱藏。',
  suppressed_by_design: '另一個警報已說明原因，因此隱藏。',
  out_of_service: '設備維護或停用期間隱藏。'
};

const priority: Record<Priority, string> = {
  critical: '緊急',
  high: '高',
  medium: '中',
  low: '低'
};

const alarmClass: Record<AlarmClass, string> = {
  machine: '設備',
  safety: '安全',
  sensor: '感測器',
  system: '系統'
};

const hiddenBy: Record<SuspensionKind, string> = {
  shelved: '已擱置',
  maintenance: '因維護隱藏',
  out_of_service: '因停用隱藏',
  by_design: '因另一個警報隱藏',
  repair_session: '因正在進行的維修隱藏'
};

export const alarms: Texts['alarms'] = {
  title: '警報',
  state,
  meaning,
  priority,
  class: alarmClass,
  hiddenBy,
  hidden: (p) => `${hiddenBy[p.kind]}${p.until ? `，至 ${p.until}` : ''}：${p.reason}（${p.by}）`,
  hiding: {
    title: '目前隱藏警報的原因',
    of: (machine, tag) => (tag ? `${machine}：${tag}` : machine),
    planned: (when) => `計畫從 ${when} 開始`,
    count: (n) => `至今隱藏了 ${n} 個警報`,
    end: '結束…',
    ending: '立即結束',
    endingLead: '條件仍然成立的警報會以未確認狀態重新出現。',
    endSubmit: '結束'
  },
  count: (n) => `${n} 個警報`,
  unacknowledged: (n) => `${n} 個未確認的活動警報`,
  empty: '沒有需要處理的警報',
  emptyLead: '設備、感測器或本系統的某部分不正常時，警報會自動出現在這裡。',
  none: '沒有符合篩選條件的警報',
  clear: '清除篩選',
  more: '顯示更早的警報',
  machine: '設備',
  priorityHead: '優先順序',
  classHead: '類別',
  since: '開始時間',
  times: '次數',
  timesRaised: (n) => `${n} 次`,
  chatters: '頻繁抖動',
  escalated: (n) => `已升級 ${n} 次：一直無人確認`,
  ticket: (number) => (number ? `工單 ${number}` : '工單'),
  flood: (n, since) => `警報氾濫：自 ${since} 起 ${n} 個。最緊急的排在最前。`,
  floodShow: '只看這些',
  filter: {
    label: '篩選',
    view: '顯示',
    open: '未了結',
    all: '全部',
    any: '不限',
    hidden: '隱藏',
    hiddenYes: '只看隱藏的',
    hiddenNo: '未隱藏的',
    flood: '只看一次氾濫中的'
  },

  acknowledge: '確認',
  reset: '重設',
  shelve: '擱置…',
  unshelve: '取消擱置…',
  shelving: '擱置此警報',
  shelvingLead: '它保持隱藏且不產生工單，時間一到自動恢復。',
  forHowLong: '時長',
  spans: { '15m': '15 分鐘', '1h': '1 小時', '4h': '4 小時', '24h': '24 小時' },
  reason: '原因',
  reasonMissing: '請先填寫原因。',
  shelveSubmit: '擱置',
  unshelving: '取消擱置',
  unshelvingLead: '如果條件仍然成立，它會以未確認狀態出現，並產生或併入工單。',
  unshelveSubmit: '取消擱置',

  back: '警報',
  history: '歷史',
  facts: '關於此警報',
  raised: '發生',
  lastRaised: '最近一次發生',
  cleared: '結束於',
  acknowledgedBy: '確認人',
  tag: '標籤',
  latches: '鎖定',
  yes: '是',
  raisedAs: (word) => `發生時為${word}`,
  openRepair: '開啟維修',
  by: (who, when) => `${who}，${when}`
};
