import type { ChoiceWords, FieldLabels } from '$lib/policies/described';
import type { Unit } from '$lib/policies/shape';
import type { PolicyName } from '$lib/policies/shapes';
import type { Texts } from '../en';

const title: Record<PolicyName, string> = {
  intake: '读数产生的请求',
  approval: '方案审批',
  planning: '上门排程',
  return: '退换货',
  survey: '满意度调查与回访',
  care: '关怀提醒',
  loyalty: '积分',
  drill: '演练',
  training: '培训',
  reporting: '报告中的目标与成本'
};

const lead: Record<PolicyName, string> = {
  intake: '无人提出也会进入队列的内容。适用于今后创建的工单。',
  approval: '方案须由谁审批。已提交的按提交时的政策继续。',
  planning: '如何建议和预订上门。已排定的上门保持不变。',
  return: '多长时间内可以退换，每一步最多用多久。',
  survey: '向客户询问什么、何时询问。进行中的调查按原样回答。',
  care: '提醒客户什么。已计划但不再到期的会取消。',
  loyalty: '客户的积分。已给出的积分保持不变。',
  drill: '预案多久演练一次。',
  training: '培训的目标。',
  reporting: '指标与什么比较，服务成本多少。适用于所有报告。'
};

const languages = { en: '英文', 'zh-Hans': '简体中文', 'zh-Hant': '繁体中文' };

const fields: FieldLabels = {
  ApprovalPolicy: { rules: '审批链' },
  ApprovalRule: { role: '角色', from: '费用达到', only_safety_relevant: '仅限危险作业' },
  Money: { minor: '金额', currency: '货币' },
  CarePolicy: {
    active: '提醒客户',
    ahead_days: '提前计划',
    late_days: '过期多久不再发送',
    hour: '发送时间',
    rules: '提醒'
  },
  CareRule: {
    key: '简称（不再更改）',
    kind: '类别',
    when: '何时',
    models: '仅限这些型号的设备',
    segments: '仅限这些分组的客户',
    advice: '内容'
  },
  CareWhen: { is: '何时', days: '多少', since: '起算', months: '每隔' },
  CareAdvice: languages,
  DrillPolicy: { every_days: '每个预案再次演练的间隔' },
  IntakePolicy: {
    requests_from_readings: '创建工单的报警同时产生请求',
    tell_customers: '立即通知客户联系人'
  },
  LoyaltyPolicy: { survey_answered: '回答一次调查', suggestion_adopted: '一条建议被采纳' },
  PlanningPolicy: {
    auto_dispatch: '等待首次上门的派工单',
    auto_dispatch_priorities: '适用的优先级',
    horizon_days: '提前计划',
    lead_minutes: '至少提前多久派人',
    reminder_hours: '上门前的提醒',
    speed_km_h: '路上速度',
    detour: '路程与直线距离之比',
    unknown_way_minutes: '到位置未知的站点的路程',
    travel: '路上每分钟的权重',
    wait: '等待上门每分钟的权重',
    late: '超过承诺时间每分钟的权重',
    load: '已排满一天的权重'
  },
  ReportingPolicy: {
    currency: '货币',
    labour_hour_minor: '现场工作一小时',
    visit_minor: '一次上门（含路程）',
    goals: '目标'
  },
  KpiGoal: { kpi: '指标', is: '方向', figure: '目标' },
  ReturnPolicy: {
    return_days: '可退款',
    exchange_days: '可换货',
    repair_exchange_days: '可维修或换货',
    hours: '每一步最多用多久',
    priority_lane_hours: '优先客户的时限',
    reasons: '原因'
  },
  StepHours: {
    requested: '直到有人决定',
    approved: '直到约定如何送回',
    awaiting: '直到收到',
    received: '直到有人检查',
    inspected: '直到客户得到所要求的',
    settled: '直到关闭'
  },
  ReturnReason: { code: '简称', words: '客户看到的文字' },
  ReasonWords: languages,
  SurveyPolicy: {
    satisfied_from: '满意的最低分',
    open_days: '可回答的时间',
    call_back_days: '多久内回访（0：不回访）',
    call_back_notice_hours: '到期前提醒回访人',
    every_months: '多久后再次询问整体服务（0：从不）',
    criteria: '评价项'
  },
  Criterion: { key: '简称', subject: '关于', weight: '权重' },
  TrainingPolicy: { coverage_percent: '应通过者中已通过的比例' },
  SlaPolicy: {
    targets: '承诺',
    due_soon_percent: '时间用去多少算即将到期',
    goals: '总体目标'
  },
  SlaTarget: { kind: '内容', priority: '优先级', seconds: '时限', calendar: '计时时段' },
  Goal: { name: '指标', is: '方向', figure: '目标', unit: '单位' }
};

const choices: ChoiceWords = {
  AutoDispatch: { off: '不自动处理', suggest: '自动建议上门', book: '自动预订上门' },
  CareKind: { greeting: '问候', tip: '提示', maintenance: '保养', warranty: '保修' },
  CareSince: { purchase: '从购买起', closed_ticket: '从工单关闭起' },
  CareWhen: {
    days_after: '某事之后若干天',
    every_months: '每隔若干月',
    before_warranty_ends: '保修到期前若干天'
  },
  GoalSide: { at_least: '至少', at_most: '至多' },
  SurveySubject: { product: '产品', service_attitude: '服务态度', support: '支持' }
};

const unit: Record<Unit, string> = {
  days: '天',
  hours: '小时',
  minutes: '分钟',
  months: '个月',
  percent: '%',
  kmh: '公里/小时',
  points: '分',
  oclock: '点',
  ofFive: '分（满分 5）',
  times: '倍'
};

export const policies: Texts['policies'] = {
  title: '政策',
  titleOf: title,
  leadOf: lead,
  fields,
  choices,
  unit,
  lead: '服务的规则：谁在何时、为何更改了什么。最新版本生效。',
  none: '没有您可以查看的政策。',
  comesWith: '系统自带',
  version: (n) => `第 ${n} 版`,
  about: (p) => `第 ${p.version} 版，${p.by}，${p.when}`,
  byWhen: (by, when) => `${by}，${when}`,
  held: '现行',
  older: '这是旧版本，已不再有效。',
  toNewest: '现行版本',
  versions: '版本',
  change: '更改…',
  take: '以此版本为基础更改…',
  undo: '放弃更改',
  changed: '已在此更改，尚未生效',
  unchanged: '还没有更改',
  save: '使其生效',
  saveTitle: '使其生效？',
  saveLead: '从现在起有效，您的姓名和原因会保留。',
  differences: '更改内容',
  added: (what) => `新增：${what}`,
  removed: (what) => `移除：${what}`,
  from: (before, after) => `${before} → ${after}`,
  order: '顺序',
  why: '原因',
  whyMissing: '请先填写原因。',
  incomplete: (field) => `“${field}”未填写。`,
  overtaken: '其间已有他人更改。请重新打开，先看对方的更改。',
  yes: '是',
  no: '否',
  nothing: '无',
  all: '全部',
  always: '任何费用',
  allHours: '所有时间',
  commas: '用逗号分隔；留空表示全部',
  row: (n) => `第 ${n} 行`,
  add: '添加一行',
  remove: (what) => `移除${what}`,
  up: (what) => `上移${what}`,
  lengthUnit: '时间单位',
  levels: {
    title: '服务水平',
    lead: '向客户承诺什么、何时之前。由合同决定适用哪一个；没有合同则用默认的。',
    count: (n) => `${n} 个服务水平`,
    isDefault: '默认',
    of: (name) => `服务水平 ${name}`,
    saveLead: '进行中的将重新计算到期时间。已承诺的和已逾期的保留在案。',
    promises: (n) => `${n} 项承诺`,
    copy: '复制为新的…',
    copying: (name) => `以 ${name} 为基础新建服务水平`,
    copyingLead: '在成为默认或写入合同之前，不会据此承诺任何人。',
    name: '名称',
    nameWrong: '名称只能用字母、数字、连字符和下划线。',
    taken: '已有同名的服务水平。',
    copySubmit: '新建',
    choose: '设为默认…',
    choosing: (name) => `将 ${name} 设为默认？`,
    choosingLead: '适用于今后的承诺，合同另有约定的除外。',
    chooseSubmit: '设为默认',
    preview: '会作出的承诺',
    previewLead: '按现行版本，针对在该时间和地点开始的事项。',
    priority: '优先级',
    begins: '开始时间',
    zone: '站点时区',
    dueSoon: '即将到期',
    due: '到期',
    never: '永不',
    now: (name) => `${name}，当前默认`,
    noPromise: '此优先级没有承诺。'
  }
};
