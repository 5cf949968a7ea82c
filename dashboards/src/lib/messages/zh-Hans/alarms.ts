import type { AlarmClass, AlarmState, Priority, SuspensionKind } from '$lib/api/types';
import type { Texts } from '../en';

const state: Record<AlarmState, string> = {
  unacknowledged_active: '活动，未确认',
  acknowledged_active: '活动，已确认',
  unacknowledged_cleared: '已结束，未确认',
  normal: '已结束',
  latched_unacknowledged: '已锁存，未确认',
  latched_acknowledged: '已锁存，已确认',
  shelved: '已搁置',
  suppressed_by_design: '按设计抑制',
  out_of_service: '停用'
};

const meaning: Record<AlarmState, string> = {
  unacknowledged_active: '条件仍然成立，还没有人看过。',
  acknowledged_active: '条件仍然成立，已有人处理。',
  unacknowledged_cleared: '条件已经消失，还没有人看过。',
  normal: '条件已经消失，也有人看过。',
  latched_unacknowledged: '条件已经消失，但保持到复位为止。还没有人看过。',
  latched_acknowledged: '条件已经消失，但保持到复位为止。',
  shelved: '由人员或正在进行的维修暂时隐藏。',
  suppressed_by_design: '另一个报警已说明原因，因此隐藏。',
  out_of_service: '设备维护或停用期间隐藏。'
};

const priority: Record<Priority, string> = {
  critical: '紧急',
  high: '高',
  medium: '中',
  low: '低'
};

const alarmClass: Record<AlarmClass, string> = {
  machine: '设备',
  safety: '安全',
  sensor: '传感器',
  system: '系统'
};

const hiddenBy: Record<SuspensionKind, string> = {
  shelved: '已搁置',
  maintenance: '因维护隐藏',
  out_of_service: '因停用隐藏',
  by_design: '因另一个报警隐藏',
  repair_session: '因正在进行的维修隐藏'
};

export const alarms: Texts['alarms'] = {
  title: '报警',
  state,
  meaning,
  priority,
  class: alarmClass,
  hiddenBy,
  hidden: (p) => `${hiddenBy[p.kind]}${p.until ? `，至 ${p.until}` : ''}：${p.reason}（${p.by}）`,
  hiding: {
    title: '目前隐藏报警的原因',
    of: (machine, tag) => (tag ? `${machine}：${tag}` : machine),
    planned: (when) => `计划从 ${when} 开始`,
    count: (n) => `至今隐藏了 ${n} 个报警`,
    end: '结束…',
    ending: '立即结束',
    endingLead: '条件仍然成立的报警会以未确认状态重新出现。',
    endSubmit: '结束'
  },
  count: (n) => `${n} 个报警`,
  unacknowledged: (n) => `${n} 个未确认的活动报警`,
  empty: '没有需要处理的报警',
  emptyLead: '设备、传感器或本系统的某部分不正常时，报警会自动出现在这里。',
  none: '没有符合筛选条件的报警',
  clear: '清除筛选',
  more: '显示更早的报警',
  machine: '设备',
  priorityHead: '优先级',
  classHead: '类别',
  since: '开始时间',
  times: '次数',
  timesRaised: (n) => `${n} 次`,
  chatters: '频繁抖动',
  escalated: (n) => `已升级 ${n} 次：一直无人确认`,
  ticket: (number) => (number ? `工单 ${number}` : '工单'),
  flood: (n, since) => `报警泛滥：自 ${since} 起 ${n} 个。最紧急的排在最前。`,
  floodShow: '只看这些',
  filter: {
    label: '筛选',
    view: '显示',
    open: '未了结',
    all: '全部',
    any: '不限',
    hidden: '隐藏',
    hiddenYes: '只看隐藏的',
    hiddenNo: '未隐藏的',
    flood: '只看一次泛滥中的'
  },

  acknowledge: '确认',
  reset: '复位',
  shelve: '搁置…',
  unshelve: '取消搁置…',
  shelving: '搁置此报警',
  shelvingLead: '它保持隐藏且不产生工单，时间一到自动恢复。',
  forHowLong: '时长',
  spans: { '15m': '15 分钟', '1h': '1 小时', '4h': '4 小时', '24h': '24 小时' },
  reason: '原因',
  reasonMissing: '请先填写原因。',
  shelveSubmit: '搁置',
  unshelving: '取消搁置',
  unshelvingLead: '如果条件仍然成立，它会以未确认状态出现，并产生或并入工单。',
  unshelveSubmit: '取消搁置',

  back: '报警',
  history: '历史',
  facts: '关于此报警',
  raised: '发生',
  lastRaised: '最近一次发生',
  cleared: '结束于',
  acknowledgedBy: '确认人',
  tag: '位号',
  latches: '锁存',
  yes: '是',
  raisedAs: (word) => `发生时为${word}`,
  openRepair: '打开维修',
  by: (who, when) => `${who}，${when}`
};
