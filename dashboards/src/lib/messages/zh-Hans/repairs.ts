import type { Outcome, SessionState, Verdict } from '$lib/api/types';
import type { Texts } from '../en';

const state: Record<SessionState, string> = {
  draft: '草稿',
  running: '进行中',
  acceptance_test: '验收测试',
  verified: '已验证',
  rejected: '未通过',
  abandoned: '已放弃'
};

const moveTo: Record<SessionState, string> = {
  draft: '退回草稿',
  running: '开始工作',
  acceptance_test: '工作完成：开始验收测试',
  verified: '验证通过：移交',
  rejected: '未通过：设备仍不正常',
  abandoned: '未开工即放弃'
};

const verdict: Record<Verdict, string> = {
  fixed: '已修复',
  improved: '有改善',
  unchanged: '无变化',
  worse: '变差',
  not_enough_data: '数据不足'
};

const verdictMeaning: Record<Verdict, string> = {
  fixed: '与健康时一致，且不再像维修前那样。',
  improved: '比维修前更接近健康状态，但尚未证明一致。',
  unchanged: '与维修前一样。',
  worse: '比维修前离健康状态更远。',
  not_enough_data: '读数不足以判断。'
};

const outcome: Record<Outcome, string> = { pass: '通过', pending: '尚未', fail: '未通过' };

export const repair: Texts['repair'] = {
  title: '维修',
  state,
  moveTo,
  again: '继续工作',
  outcome,
  verdict,
  verdictMeaning,

  ofTicket: {
    title: '维修',
    none: '此工单还没有维修。',
    start: '开始维修',
    what: '要做什么',
    technicians: '由谁来做',
    techniciansHint: '姓名，用逗号分隔',
    techniciansMissing: '请填写由谁来做。',
    titleMissing: '请填写要做什么。',
    planned: '计划时长',
    hours: (n) => `${n} 小时`,
    submit: '准备维修',
    cancel: '取消'
  },

  back: '工单',
  backToMachine: '设备',
  technicians: '技术员',
  began: '开工',
  ended: '完工',
  plannedEnd: '计划结束',
  left: (span) => `还剩 ${span}`,
  overdue: '已超过计划结束时间：报警不再隐藏',
  next: '下一步',
  nextLead: {
    draft: '目前没有隐藏任何报警。开工后，工作引起的报警会隐藏，安全报警不会。',
    running: '到计划结束为止，此设备的报警保持隐藏，安全报警除外。',
    acceptance_test: '报警重新生效。设备必须达到测试的要求。',
    verified: '此维修已验证。',
    rejected: '设备仍不正常。请继续工作，或为整个测试签署例外。',
    abandoned: '此维修已放弃。'
  },
  why: '原因',
  whyHint: {
    draft: '例如：已到现场，设备已上锁挂牌',
    running: '例如：已装好，设备重新运转',
    acceptance_test: '例如：已移交；或：轴承仍有异响',
    verified: '',
    rejected: '例如：备件已到',
    abandoned: ''
  },
  whyMissing: '请先填写原因。',
  gateClosed: '离场闸门尚未打开。',
  extend: '延长时间…',
  extending: '计划更多时间',
  extendingLead: '报警保持隐藏直到新的结束时间。',
  extendBy: '从现在起多久',
  extendSubmit: '推迟结束时间',

  entry: {
    title: '记录',
    kind: '类型',
    kinds: { note: '备注', step_done: '完成步骤', part_used: '装入备件', part_removed: '拆下备件' },
    hints: {
      note: '您看到了什么？',
      step_done: '完成了什么？',
      part_used: '补充说明',
      part_removed: '补充说明'
    },
    text: '内容',
    partNumber: '备件号',
    serial: '序列号',
    quantity: '数量',
    textMissing: '请先填写内容。',
    partMissing: '请填写备件号和数量。',
    submit: '添加',
    photo: '照片或文件',
    sending: (name) => `正在发送 ${name}…`,
    caption: '说明',
    send: '发送',
    retry: '重新发送',
    tooLarge: '照片或文件最大 16 MiB。',
    correct: '更正',
    correcting: (what) => `更正：${what}`,
    stopCorrecting: '不更正'
  },

  axis: {
    title: '经过',
    empty: '还没有记录。',
    moved: (from, to) => `${from} → ${to}`,
    extended: '计划了更多时间',
    corrects: '更正了较早的记录',
    corrected: '后来已更正',
    part: (p) =>
      `${p.used ? '装入' : '拆下'}：${p.quantity} × ${p.number}${p.serial ? `，序列号 ${p.serial}` : ''}`,
    arrived: (name) => `${name} 到达`,
    personLeft: (name) => `${name} 离开`,
    measured: '手工测量',
    roles: { technician: '技术员', customer: '客户' },
    paused: (text) => `暂停：${text}`,
    resumed: (text) => (text ? `继续工作：${text}` : '继续工作'),
    signedOff: (name, role) => `${name}（${role}）签字`,
    confirmed: (check, name) => `${name} 确认：${check}`,
    exception: (check, name) =>
      check ? `${name} 签署例外：${check}` : `${name} 为整个测试签署例外`,
    judged: (version, word) => `结论 ${version}：${word}`,
    leftSite: (name) => `${name} 离场`,
    attached: '照片',
    document: '文件',
    hiddenAlarm: '隐藏的报警',
    writtenLater: (when) => `${when} 补记`
  },

  hiddenAlarms: {
    title: '因工作隐藏的报警',
    none: '目前没有。',
    still: (n) => `目前 ${n} 个条件仍成立`,
    holds: '仍成立',
    over: '已结束'
  },

  acceptance: {
    title: '验收测试',
    none: '此型号或类型的设备没有验收测试。',
    notBegun: '工作完成后开始。',
    version: (name, version) => `${name}，版本 ${version}`,
    confirm: '确认',
    confirmLabel: '由谁看到',
    confirmed: (name, when) => `${name} 于 ${when} 确认`,
    exception: '签署例外…',
    excepted: (name, why) => `${name} 签署例外：${why}`,
    signing: '签署例外',
    signingOne: (check) => `针对：${check}`,
    signingAll: '针对整个测试。闸门打开，直到再次开工或开始新的测试。',
    name: '由谁负责',
    nameMissing: '请先填写姓名。',
    whyLabel: '为什么可以这样',
    sign: '签署',
    atLeast: (value) => `至少 ${value}`,
    atMost: (value) => `至多 ${value}`,
    asksWithin: (band, span, underLoad) =>
      `要求：${band}，持续 ${span}${underLoad ? '（带负载）' : ''}`,
    asksReaches: (band, span) => `要求：${span} 内达到 ${band}`,
    asksVerdict: (word) => `要求：结论至少为“${word}”`,
    held: (span) => `已保持 ${span}`,
    reached: (value, at) => `${at} 达到 ${value}`,
    outside: (value, at) => `${at} 的 ${value} 超出范围`,
    readings: (n) => `${n} 个读数`
  },

  gate: {
    title: '离场闸门',
    open: '可以离场',
    closed: '请勿离场',
    missing: '请先依次完成：',
    failed: (check) => `${check}：未通过`,
    notShown: (check) => `${check}：尚未证明`,
    left: (when) => `闸门打开后有人于 ${when} 离场。`,
    name: '离场人',
    leave: '离场',
    exception: '我必须离场…'
  },

  judged: {
    title: '维修有效吗？',
    noneLead: '比较维修后的读数与维修前、健康时的读数。',
    tooEarly: '需要完工后的读数：请先开始验收测试。',
    make: '作出结论',
    again: '重新作出',
    symptom: '故障本身会改变负载（例如堵塞的泵电流变小）',
    making: '正在比较读数…',
    version: (n, when, who) => `版本 ${n}，${when}，${who}`,
    versions: '版本',
    byLoad: (name) => `在相同${name}下比较。`,
    noLoad: '未考虑负载。',
    windows: { healthy: '健康', before: '维修前', during: '维修中', after: '维修后' },
    window: (from, to) => `${from} 至 ${to}`,
    whole: '全部时间',
    around: '维修前后',
    zoom: '显示时段',
    change: '变化',
    distance: '与健康的差距',
    tolerance: '容差',
    interval: (low, high, percent) => `${low} 至 ${high}（${percent} %）`,
    plusMinus: (value) => `± ${value}`,
    spread: '离散度，与健康相比',
    ratio: (n) => `× ${n.toFixed(2)}`,
    open: '未知',
    window_: '时段',
    readings: '读数',
    matched: '相同负载',
    worth: '相当于独立读数',
    covered: '覆盖率',
    thinned: (window, read, of) => `${window}：约 ${of} 个读数中采用了 ${read} 个`,
    method: '判断方法',
    chart: (name) => `${name} 与结论的各时段`,
    effectChart: (name) => `${name} 在维修前后与健康状态的差距`,
    healthyBand: '健康，容差以内'
  }
};
