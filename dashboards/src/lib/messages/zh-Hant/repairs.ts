import type { Outcome, SessionState, Verdict } from '$lib/api/types';
import type { Texts } from '../en';

const state: Record<SessionState, string> = {
  draft: '草稿',
  running: '進行中',
  acceptance_test: '驗收測試',
  verified: '已驗證',
  rejected: '未通過',
  abandoned: '已放棄'
};

const moveTo: Record<SessionState, string> = {
  draft: '退回草稿',
  running: '開始工作',
  acceptance_test: '工作完成：開始驗收測試',
  verified: '驗證通過：移交',
  rejected: '未通過：設備仍不正常',
  abandoned: '未開工即放棄'
};

const verdict: Record<Verdict, string> = {
  fixed: '已修復',
  improved: '有改善',
  unchanged: '無變化',
  worse: '變差',
  not_enough_data: '資料不足'
};

const verdictMeaning: Record<Verdict, string> = {
  fixed: '與健康時一致，且不再像維修前那樣。',
  improved: '比維修前更接近健康狀態，但尚未證明一致。',
  unchanged: '與維修前一樣。',
  worse: '比維修前離健康狀態更遠。',
  not_enough_data: '讀數不足以判斷。'
};

const outcome: Record<Outcome, string> = { pass: '通過', pending: '尚未', fail: '未通過' };

export const repair: Texts['repair'] = {
  title: '維修',
  state,
  moveTo,
  again: '繼續工作',
  outcome,
  verdict,
  verdictMeaning,

  ofTicket: {
    title: '維修',
    none: '此工單還沒有維修。',
    start: '開始維修',
    what: '要做什麼',
    technicians: '由誰來做',
    techniciansHint: '姓名，用逗號分隔',
    techniciansMissing: '請填寫由誰來做。',
    titleMissing: '請填寫要做什麼。',
    planned: '計畫時長',
    hours: (n) => `${n} 小時`,
    submit: '準備維修',
    cancel: '取消'
  },

  back: '工單',
  backToMachine: '設備',
  technicians: '技術員',
  began: '開工',
  ended: '完工',
  plannedEnd: '計畫結束',
  left: (span) => `還剩 ${span}`,
  overdue: '已超過計畫結束時間：警報不再隱藏',
  next: '下一步',
  nextLead: {
    draft: '目前沒有隱藏任何警報。開工後，工作引起的警報會隱藏，安全警報不會。',
    running: '到計畫結束為止，此設備的警報保持隱藏，安全警報除外。',
    acceptance_test: '警報重新生效。設備必須達到測試的要求。',
    verified: '此維修已驗證。',
    rejected: '設備仍不正常。請繼續工作，或為整個測試簽署例外。',
    abandoned: '此維修已放棄。'
  },
  why: '原因',
  whyHint: {
    draft: '例如：已到現場，設備已上鎖掛牌',
    running: '例如：已裝好，設備重新運轉',
    acceptance_test: '例如：已移交；或：軸承仍有異響',
    verified: '',
    rejected: '例如：備品已到',
    abandoned: ''
  },
  whyMissing: '請先填寫原因。',
  gateClosed: '離場關卡尚未開啟。',
  extend: '延長時間…',
  extending: '計畫更多時間',
  extendingLead: '警報保持隱藏直到新的結束時間。',
  extendBy: '從現在起多久',
  extendSubmit: '延後結束時間',

  entry: {
    title: '記錄',
    kind: '類型',
    kinds: { note: '備註', step_done: '完成步驟', part_used: '裝入備品', part_removed: '拆下備品' },
    hints: {
      note: '您看到了什麼？',
      step_done: '完成了什麼？',
      part_used: '補充說明',
      part_removed: '補充說明'
    },
    text: '內容',
    partNumber: '備品號',
    serial: '序號',
    quantity: '數量',
    textMissing: '請先填寫內容。',
    partMissing: '請填寫備品號和數量。',
    submit: '新增',
    photo: '照片或檔案',
    sending: (name) => `正在傳送 ${name}…`,
    caption: '說明',
    send: '傳送',
    retry: '重新發送',
    tooLarge: '照片或檔案最大 16 MiB。',
    correct: '更正',
    correcting: (what) => `更正：${what}`,
    stopCorrecting: '不更正'
  },

  axis: {
    title: '經過',
    empty: '還沒有記錄。',
    moved: (from, to) => `${from} → ${to}`,
    extended: '計畫了更多時間',
    corrects: '更正了較早的記錄',
    corrected: '後來已更正',
    part: (p) =>
      `${p.used ? '裝入' : '拆下'}：${p.quantity} × ${p.number}${p.serial ? `，序號 ${p.serial}` : ''}`,
    arrived: (name) => `${name} 到達`,
    personLeft: (name) => `${name} 離開`,
    measured: '手工測量',
    roles: { technician: '技術員', customer: '客戶' },
    paused: (text) => `暫停：${text}`,
    resumed: (text) => (text ? `繼續工作：${text}` : '繼續工作'),
    signedOff: (name, role) => `${name}（${role}）簽字`,
    confirmed: (check, name) => `${name} 確認：${check}`,
    exception: (check, name) =>
      check ? `${name} 簽署例外：${check}` : `${name} 為整個測試簽署例外`,
    judged: (version, word) => `結論 ${version}：${word}`,
    leftSite: (name) => `${name} 離場`,
    attached: '照片',
    document: '檔案',
    hiddenAlarm: '隱藏的警報',
    writtenLater: (when) => `${when} 補記`
  },

  hiddenAlarms: {
    title: '因工作隱藏的警報',
    none: '目前沒有。',
    still: (n) => `目前 ${n} 個條件仍成立`,
    holds: '仍成立',
    over: '已結束'
  },

  acceptance: {
    title: '驗收測試',
    none: '此型號或類型的設備沒有驗收測試。',
    notBegun: '工作完成後開始。',
    version: (name, version) => `${name}，版本 ${version}`,
    confirm: '確認',
    confirmLabel: '由誰看到',
    confirmed: (name, when) => `${name} 於 ${when} 確認`,
    exception: '簽署例外…',
    excepted: (name, why) => `${name} 簽署例外：${why}`,
    signing: '簽署例外',
    signingOne: (check) => `針對：${check}`,
    signingAll: '針對整個測試。關卡開啟，直到再次開工或開始新的測試。',
    name: '由誰負責',
    nameMissing: '請先填寫姓名。',
    whyLabel: '為什麼可以這樣',
    sign: '簽署',
    atLeast: (value) => `至少 ${value}`,
    atMost: (value) => `至多 ${value}`,
    asksWithin: (band, span, underLoad) =>
      `要求：${band}，持續 ${span}${underLoad ? '（帶負載）' : ''}`,
    asksReaches: (band, span) => `要求：${span} 內達到 ${band}`,
    asksVerdict: (word) => `要求：結論至少為「${word}」`,
    held: (span) => `已保持 ${span}`,
    reached: (value, at) => `${at} 達到 ${value}`,
    outside: (value, at) => `${at} 的 ${value} 超出範圍`,
    readings: (n) => `${n} 個讀數`
  },

  gate: {
    title: '離場關卡',
    open: '可以離場',
    closed: '請勿離場',
    missing: '請先依次完成：',
    failed: (check) => `${check}：未通過`,
    notShown: (check) => `${check}：尚未證明`,
    left: (when) => `關卡開啟後有人於 ${when} 離場。`,
    name: '離場人',
    leave: '離場',
    exception: '我必須離場…'
  },

  judged: {
    title: '維修有效嗎？',
    noneLead: '比較維修後的讀數與維修前、健康時的讀數。',
    tooEarly: '需要完工後的讀數：請先開始驗收測試。',
    make: '作出結論',
    again: '重新作出',
    symptom: '故障本身會改變負載（例如堵塞的泵電流變小）',
    making: '正在比較讀數…',
    version: (n, when, who) => `版本 ${n}，${when}，${who}`,
    versions: '版本',
    byLoad: (name) => `在相同${name}下比較。`,
    noLoad: '未考慮負載。',
    windows: { healthy: '健康', before: '維修前', during: '維修中', after: '維修後' },
    window: (from, to) => `${from} 至 ${to}`,
    whole: '全部時間',
    around: '維修前後',
    zoom: '顯示時段',
    change: '變化',
    distance: '與健康的差距',
    tolerance: '容差',
    interval: (low, high, percent) => `${low} 至 ${high}（${percent} %）`,
    plusMinus: (value) => `± ${value}`,
    spread: '離散度，與健康相比',
    ratio: (n) => `× ${n.toFixed(2)}`,
    open: '未知',
    window_: '時段',
    readings: '讀數',
    matched: '相同負載',
    worth: '相當於獨立讀數',
    covered: '覆蓋率',
    thinned: (window, read, of) => `${window}：約 ${of} 個讀數中採用了 ${read} 個`,
    method: '判斷方法',
    chart: (name) => `${name} 與結論的各時段`,
    effectChart: (name) => `${name} 在維修前後與健康狀態的差距`,
    healthyBand: '健康，容差以內'
  }
};
