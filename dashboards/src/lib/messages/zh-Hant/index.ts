import type { Condition, Role, TicketState } from '$lib/api/types';
import type { Texts } from '../en';
import { alarms } from './alarms';
import { board } from './boards';
import { exports } from './exports';
import { knowledge } from './knowledge';
import { remarks } from './remarks';
import { field } from './field';
import { offline } from './offline';
import { repair } from './repairs';
import { rules } from './rules';
import { compare } from './compare';
import { customers } from './customers';
import { figures } from './figures';
import { search } from './search';
import { setup } from './setup';
import { planning } from './planning';
import { playbooks } from './playbooks';
import { policies } from './policies';
import { promises } from './promises';
import { requests } from './requests';
import { sites } from './sites';
import { tickets } from './tickets';
import { work } from './work';

const condition: Record<Condition, string> = {
  waiting: '等待中',
  learning: '學習中',
  normal: '正常',
  deviating: '偏離',
  silent: '無讀數'
};

const conditionMeaning: Record<Condition, string> = {
  waiting: '還沒有收到讀數。',
  learning: '正在學習它的正常工作狀態。',
  normal: '工作狀態與學習結果一致。',
  deviating: '工作狀態與學習結果不一致。',
  silent: '最近沒有收到讀數。'
};

const state: Record<TicketState, string> = {
  open: '待處理',
  diagnosing: '診斷中',
  resolved: '已解決',
  closed: '已結案',
  cancelled: '已取消'
};

const moveTo: Record<TicketState, string> = {
  open: '退回待處理',
  diagnosing: '開始診斷',
  resolved: '標記為已解決',
  closed: '工單結案',
  cancelled: '取消工單'
};

const role: Record<Role, string> = {
  customer: '客戶',
  customer_service: '客服',
  technician: '技術員',
  engineer: '工程師',
  quality: '質量',
  dispatcher: '排程員',
  manager: '經理',
  admin: '管理員',
  gateway: '閘道'
};

export const texts: Texts = {
  product: 'Aftercare',
  nav: {
    label: '主導覽',
    today: '今日行程',
    machines: '設備',
    alarms: '警報',
    requests: '請求',
    tickets: '工單',
    planning: '排程',
    sites: '站點',
    customers: '客戶',
    figures: '指標',
    knowledge: '知識',
    boards: '採集板',
    people: '人員',
    policies: '政策',
    import: '匯入',
    export: '匯出',
    more: '更多'
  },
  more: {
    title: '更多',
    places: '其他頁面',
    you: '您',
    language: '語言',
    languageAuto: '依照瀏覽器',
    theme: '外觀',
    themes: { auto: '依照系統', light: '淺色', dark: '深色' },
    units: '單位',
    unitsOf: { auto: '依地區', metric: '公制（°C、bar）', us: '美制（°F、psi）' },
    here: '僅在此裝置上生效。'
  },
  role,
  skip: '跳到內容',
  cancel: '取消',
  alarms,
  board,
  exports,
  knowledge,
  remarks,
  compare,
  repair,
  rules,
  setup,
  condition,
  conditionMeaning,
  state,
  moveTo,

  signIn: {
    title: '登入 Aftercare',
    email: '電子郵件',
    password: '密碼',
    submit: '登入',
    empty: '請先填寫兩項。',
    withToken: '改用 API 權杖',
    withPassword: '改用電子郵件和密碼',
    tokenLead: '貼上 API 權杖，或開啟伺服器啟動時顯示的登入連結。',
    token: 'API 權杖',
    emptyToken: '請先貼上權杖。'
  },
  newPassword: {
    title: '設定密碼',
    lead: '至少 10 個字元。最好用幾個只有您會聯想到一起的詞。',
    field: '新密碼',
    again: '再輸入一次',
    different: '兩次輸入不一致。',
    submit: '設定密碼',
    done: '密碼已設定，請用它登入。'
  },
  signOut: '登出',

  connection: {
    connecting: '正在連線',
    open: '即時',
    lost: '連線中斷',
    retry: '立即重試'
  },

  failed: {
    title: '無法載入',
    unreachable: '伺服器沒有回應。請確認它正在執行，並且您在它的網路中。',
    retry: '重試',
    conflict: (word, allowed) =>
      allowed.length ? `無法執行：${word}目前可以：${allowed.join('、')}。` : `無法執行：${word}`,
    first: (word, missing) => `${word}請先完成：${missing.join('；')}。`,
    notFound: '此位址沒有內容。',
    home: '前往設備列表'
  },
  loading: '正在載入…',
  time: { now: '剛剛', ago: (span) => `${span}前` },

  machines: {
    title: '設備',
    count: (n) => `${n} 台設備`,
    empty: '還沒有設備',
    emptyLead: '採集板開始回報並被接納後，設備會出現在這裡。',
    machine: '設備',
    state: '狀態',
    values: '最新數值',
    reading: '最近讀數',
    ticket: '未結工單',
    noTicket: '無',
    noReading: '還沒有',
    noValues: '還沒有讀數',
    more: (n) => `另有 ${n} 項`,
    search: '尋找設備',
    noMatch: (text) => `沒有與「${text}」匹配的設備。`
  },

  machine: {
    back: '設備',
    window: '時間範圍',
    windows: { '2m': '2 分鐘', '10m': '10 分鐘', '1h': '1 小時', '24h': '24 小時' },
    normal: '正常',
    learning: '正常範圍尚未學習完成',
    outside: '超出範圍',
    noReadings: '此時段沒有讀數',
    noPoints: '沒有測點',
    noPointsLead: '把採集板的通道綁定到此設備，讀數就會出現在這裡。',
    until: '測量截至',
    recorded: '並非現在：這些讀數測量於所示時間。',
    serial: '序號',
    ticket: (number) => `工單 ${number}`,
    openTicket: '未結工單',
    since: '開始於',
    chartOf: (name) => `${name} 的曲線`,
    at: '於'
  },

  history: {
    title: '歷史曲線',
    of: (machine) => `${machine} 的歷史曲線`,
    live: '即時讀數',
    span: '時長',
    spans: {
      '1m': '1 分鐘',
      '1h': '1 小時',
      '1d': '1 天',
      '1w': '1 週',
      '30d': '30 天',
      '1y': '1 年'
    },
    from: '從',
    to: '至',
    earlier: '更早',
    later: '更晚',
    closer: '放大',
    wider: '縮小',
    newest: '最新',
    hint: '在曲線上拖曳即可放大；用瀏覽器的返回鍵退回。',
    loading: '正在讀取…',
    csv: '儲存為 CSV',
    png: '儲存為圖片',
    repair: '維修',
    bucket: (span) => `每 ${span} 一個值：最小、平均和最大讀數。`
  },

  tickets,
  playbooks,
  policies,
  promises,
  requests,
  customers,
  figures,
  search,
  planning,
  sites,
  field,
  work,
  offline,

  ticket: {
    back: '工單',
    opened: '建立於',
    began: '開始於',
    evidence: '偏離的內容',
    around: '開始前後的讀數',
    history: '歷史',
    noHistory: '沒有記錄。',
    next: '下一步',
    ended: (word) => `此工單${word}，沒有後續步驟。`,
    why: '原因',
    whyHint: '您看到或做了什麼？會保留在歷史中。',
    probation: '觀察至',
    whyMissing: '請先填寫原因。',
    despite: '設備仍在偏離，仍要結案。',
    moved: (from, to) => (from ? `${from} → ${to}` : to),
    point: '測點',
    seen: '實測',
    expected: '預期',
    range: '正常範圍',
    unusual: '異常程度',
    unusualTimes: (n) => `通常波動的 ${n >= 100 ? Math.round(n) : n.toFixed(1)} 倍`,
    limitTimes: (n) => `限值的 ${n.toFixed(1)} 倍`,
    since: '開始於',
    began_mark: '開始',
    sentence: (p) =>
      p.inside
        ? `${p.name} 讀數為 ${p.seen}，而其他測點表明應為 ${p.expected}。`
        : `${p.name} 讀數為 ${p.seen}，${p.high ? '高於' : '低於'}正常範圍 ${p.range}；預期為 ${p.expected}。`,
    live: '檢視即時讀數'
  },

  boards: {
    title: '採集板',
    lead: '正在回報的採集板，以及未能接收的訊息。',
    waiting: '等待接納',
    waitingLead: '這些採集板正在回報，但還沒有人指定它們在哪台設備上。',
    noneWaiting: '沒有等待的採集板。',
    adopted: '已接納',
    noneAdopted: '還沒有接納任何採集板。',
    online: '線上',
    offline: '離線',
    unknown: '未知',
    firstSeen: '首次出現',
    channel: '通道',
    lastValue: '最近數值',
    lastSeen: '最近出現',
    bound: '已綁定到測點',
    unbound: '未綁定',
    noChannels: '沒有通道回報過。',
    channels: (n) => `${n} 個通道`,
    rejected: '被拒絕的訊息',
    rejectedLead: '未能接收的訊息。保留它們以便修正傳送方。',
    noneRejected: '沒有被拒絕的訊息。',
    records: (n) => `${n} 條記錄`,
    topic: '主題',
    reason: '原因',
    received: '收到',
    sample: '樣本'
  }
};
