import type { ChoiceWords, FieldLabels } from '$lib/policies/described';
import type { Unit } from '$lib/policies/shape';
import type { PolicyName } from '$lib/policies/shapes';
import type { Texts } from '../en';

const title: Record<PolicyName, string> = {
  intake: '讀數產生的請求',
  approval: '方案審批',
  planning: '上門排程',
  return: '退換貨',
  survey: '滿意度調查與回訪',
  care: '關懷提醒',
  loyalty: '積分',
  drill: '演練',
  training: '培訓',
  reporting: '報告中的目標與成本'
};

const lead: Record<PolicyName, string> = {
  intake: '無人提出也會進入佇列的內容。適用於今後建立的工單。',
  approval: '方案須由誰審批。已提交的按提交時的政策繼續。',
  planning: '如何建議和預訂上門。已排定的上門保持不變。',
  return: '多長時間內可以退換，每一步最多用多久。',
  survey: '向客戶詢問什麼、何時詢問。進行中的調查按原樣回答。',
  care: '提醒客戶什麼。已計畫但不再到期的會取消。',
  loyalty: '客戶的積分。已給出的積分保持不變。',
  drill: '預案多久演練一次。',
  training: '培訓的目標。',
  reporting: '指標與什麼比較，服務成本多少。適用於所有報告。'
};

const languages = { en: '英文', 'zh-Hans': '簡體中文', 'zh-Hant': '繁體中文' };

const fields: FieldLabels = {
  ApprovalPolicy: { rules: '審批鏈' },
  ApprovalRule: { role: '角色', from: '費用達到', only_safety_relevant: '僅限危險作業' },
  Money: { minor: '金額', currency: '貨幣' },
  CarePolicy: {
    active: '提醒客戶',
    ahead_days: '提前計畫',
    late_days: '過期多久不再傳送',
    hour: '傳送時間',
    rules: '提醒'
  },
  CareRule: {
    key: '簡稱（不再變更）',
    kind: '類別',
    when: '何時',
    models: '僅限這些型號的設備',
    segments: '僅限這些分組的客戶',
    advice: '內容'
  },
  CareWhen: { is: '何時', days: '多少', since: '起算', months: '每隔' },
  CareAdvice: languages,
  DrillPolicy: { every_days: '每個預案再次演練的間隔' },
  IntakePolicy: {
    requests_from_readings: '建立工單的警報同時產生請求',
    tell_customers: '立即通知客戶聯絡人'
  },
  LoyaltyPolicy: { survey_answered: '回答一次調查', suggestion_adopted: '一條建議被採納' },
  PlanningPolicy: {
    auto_dispatch: '等待首次上門的派工單',
    auto_dispatch_priorities: '適用的優先順序',
    horizon_days: '提前計畫',
    lead_minutes: '至少提前多久派人',
    reminder_hours: '上門前的提醒',
    speed_km_h: '路上速度',
    detour: '路程與直線距離之比',
    unknown_way_minutes: '到位置未知的站點的路程',
    travel: '路上每分鐘的權重',
    wait: '等待上門每分鐘的權重',
    late: '超過承諾時間每分鐘的權重',
    load: '已排滿一天的權重'
  },
  ReportingPolicy: {
    currency: '貨幣',
    labour_hour_minor: '現場工作一小時',
    visit_minor: '一次上門（含路程）',
    goals: '目標'
  },
  KpiGoal: { kpi: '指標', is: '方向', figure: '目標' },
  ReturnPolicy: {
    return_days: '可退款',
    exchange_days: '可換貨',
    repair_exchange_days: '可維修或換貨',
    hours: '每一步最多用多久',
    priority_lane_hours: '優先客戶的時限',
    reasons: '原因'
  },
  StepHours: {
    requested: '直到有人決定',
    approved: '直到約定如何送回',
    awaiting: '直到收到',
    received: '直到有人檢查',
    inspected: '直到客戶得到所要求的',
    settled: '直到關閉'
  },
  ReturnReason: { code: '簡稱', words: '客戶看到的文字' },
  ReasonWords: languages,
  SurveyPolicy: {
    satisfied_from: '滿意的最低分',
    open_days: '可回答的時間',
    call_back_days: '多久內回訪（0：不回訪）',
    call_back_notice_hours: '到期前提醒回訪人',
    every_months: '多久後再次詢問整體服務（0：從不）',
    criteria: '評價項'
  },
  Criterion: { key: '簡稱', subject: '關於', weight: '權重' },
  TrainingPolicy: { coverage_percent: '應通過者中已通過的比例' },
  SlaPolicy: {
    targets: '承諾',
    due_soon_percent: '時間用去多少算即將到期',
    goals: '總體目標'
  },
  SlaTarget: { kind: '內容', priority: '優先順序', seconds: '時限', calendar: '計時時段' },
  Goal: { name: '指標', is: '方向', figure: '目標', unit: '單位' }
};

const choices: ChoiceWords = {
  AutoDispatch: { off: '不自動處理', suggest: '自動建議上門', book: '自動預訂上門' },
  CareKind: { greeting: '問候', tip: '提示', maintenance: '保養', warranty: '保固' },
  CareSince: { purchase: '從購買起', closed_ticket: '從工單關閉起' },
  CareWhen: {
    days_after: '某事之後若干天',
    every_months: '每隔若干月',
    before_warranty_ends: '保固到期前若干天'
  },
  GoalSide: { at_least: '至少', at_most: '至多' },
  SurveySubject: { product: '產品', service_attitude: '服務態度', support: '支援' }
};

const unit: Record<Unit, string> = {
  days: '天',
  hours: '小時',
  minutes: '分鐘',
  months: '個月',
  percent: '%',
  kmh: '公里/小時',
  points: '分',
  oclock: '點',
  ofFive: '分（滿分 5）',
  times: '倍'
};

export const policies: Texts['policies'] = {
  title: '政策',
  titleOf: title,
  leadOf: lead,
  fields,
  choices,
  unit,
  lead: '服務的規則：誰在何時、為何變更了什麼。最新版本生效。',
  none: '沒有您可以查看的政策。',
  comesWith: '系統內建',
  version: (n) => `第 ${n} 版`,
  about: (p) => `第 ${p.version} 版，${p.by}，${p.when}`,
  byWhen: (by, when) => `${by}，${when}`,
  held: '現行',
  older: '這是舊版本，已不再有效。',
  toNewest: '現行版本',
  versions: '版本',
  change: '變更…',
  take: '以此版本為基礎變更…',
  undo: '放棄變更',
  changed: '已在此變更，尚未生效',
  unchanged: '還沒有變更',
  save: '使其生效',
  saveTitle: '使其生效？',
  saveLead: '從現在起有效，您的姓名和原因會保留。',
  differences: '變更內容',
  added: (what) => `新增：${what}`,
  removed: (what) => `移除：${what}`,
  from: (before, after) => `${before} → ${after}`,
  order: '順序',
  why: '原因',
  whyMissing: '請先填寫原因。',
  incomplete: (field) => `「${field}」未填寫。`,
  overtaken: '其間已有他人變更。請重新開啟，先看對方的變更。',
  yes: '是',
  no: '否',
  nothing: '無',
  all: '全部',
  always: '任何費用',
  allHours: '所有時間',
  commas: '用逗號分隔；留空表示全部',
  row: (n) => `第 ${n} 行`,
  add: '新增一行',
  remove: (what) => `移除${what}`,
  up: (what) => `上移${what}`,
  lengthUnit: '時間單位',
  levels: {
    title: '服務水準',
    lead: '向客戶承諾什麼、何時之前。由合約決定適用哪一個；沒有合約則用預設的。',
    count: (n) => `${n} 個服務水準`,
    isDefault: '預設',
    of: (name) => `服務水準 ${name}`,
    saveLead: '進行中的將重新計算到期時間。已承諾的和已逾期的保留在案。',
    promises: (n) => `${n} 項承諾`,
    copy: '複製為新的…',
    copying: (name) => `以 ${name} 為基礎新建服務水準`,
    copyingLead: '在成為預設或寫入合約之前，不會據此承諾任何人。',
    name: '名稱',
    nameWrong: '名稱只能用字母、數字、連字號和下劃線。',
    taken: '已有同名的服務水準。',
    copySubmit: '新建',
    choose: '設為預設…',
    choosing: (name) => `將 ${name} 設為預設？`,
    choosingLead: '適用於今後的承諾，合約另有約定的除外。',
    chooseSubmit: '設為預設',
    preview: '會作出的承諾',
    previewLead: '按現行版本，針對在該時間和地點開始的事項。',
    priority: '優先順序',
    begins: '開始時間',
    zone: '站點時區',
    dueSoon: '即將到期',
    due: '到期',
    never: '永不',
    now: (name) => `${name}，當前預設`,
    noPromise: '此優先順序沒有承諾。'
  }
};
