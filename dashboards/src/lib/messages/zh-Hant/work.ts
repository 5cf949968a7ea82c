import type { Texts } from '../en';

export const work: Texts['work'] = {
  title: '維修單',
  back: '今日行程',
  state: {
    draft: '草稿',
    unscheduled: '等待安排到府',
    scheduled: '已安排',
    dispatched: '已派出',
    in_progress: '進行中',
    on_hold: '暫停',
    completed: '已完成',
    verifying: '驗證中',
    closed: '已結案',
    cancelled: '已取消',
    reopened: '已重新開啟'
  },
  ticket: '工單',
  promisedBy: (when) => `承諾時間 ${when}`,
  planned: (span) => `預計 ${span}`,
  held: (why) => `暫停：${why}`,
  toDo: '要做的工作',
  visit: '到府',
  who: (name) => `技術員：${name}`,
  noVisit: '沒有安排到府。',
  reason: '原因',
  reasonMissing: '請先寫明原因。',

  steps: {
    title: '步驟',
    none: '沒有寫下步驟。',
    done: (n, of) => `已完成 ${n} / ${of}`,
    by: (who, when) => `${who}，${when}`
  },

  next: {
    title: '下一步',
    lead: {
      waiting: '還沒有安排到府，由調度員安排。',
      travel: '出發時請說明，讓大家知道。',
      arrive: '到達設備旁時請說明，維修單隨即開始。',
      start: '開始維修：工作引起的警報會隱藏，其讀數單獨保存。',
      working: '維修正在進行。',
      paused: '工作暫歇。',
      test: '設備需要證明自己狀態良好。',
      rejected: '設備狀態不好。請回去繼續工作。',
      handOver: '設備已證明狀態良好。',
      hold: '工作在等待，其計時停止。',
      over: '這裡沒有要做的了。'
    },
    start: '開始維修',
    pause: '暫歇',
    pausing: '暫歇工作',
    pausingLead: '警報在維修的預定結束時間之前保持隱藏。',
    pauseSubmit: '暫歇',
    pauseReasons: ['休息', '等待備品', '另有更急的工作'],
    resume: '繼續',
    test: '工作完成：開始驗收測試',
    again: '繼續維修',
    handOver: '移交',
    repair: '維修、測試與放行',
    hold: '暫停…',
    missed: '無人在場…',
    finish: '完成…',
    unhold: '重新開始',
    why: {
      started: '開始工作',
      test: '已裝好，設備重新運轉',
      again: '繼續維修',
      handOver: '已移交',
      unhold: '繼續工作'
    }
  },
  holding: {
    title: '暫停維修單',
    lead: '這次到府到此結束。維修單等待，期間不算逾時。',
    reasons: ['缺少備品', '無法接近設備', '客戶要求等待'],
    submit: '暫停'
  },
  missing: {
    title: '到府未能進行',
    lead: '維修單等待下一次到府。',
    reasons: ['無人在場', '無法進入', '設備正在使用'],
    submit: '確認'
  },
  finishing: {
    title: '工作已完成',
    lead: '到府結束，維修單完成。',
    open: '尚未完成',
    steps: (n) => `有 ${n} 個步驟未勾選。`,
    parts: (n) => `有 ${n} 個備品未使用。`,
    session: '維修未經驗證：設備還沒有證明狀態良好。',
    what: '做了什麼',
    whatMissing: '請簡單寫明做了什麼。',
    submit: '完成'
  },

  parts: {
    title: '備品',
    none: '沒有為它保留備品。',
    state: {
      wanted: '缺貨',
      reserved: '已預留',
      picked: '在您手上',
      used: '已使用',
      released: '不需要'
    },
    quantity: (n, unit) => `${n} ${unit}`,
    usedOf: (used, of) => `已使用 ${used} / ${of}`,
    from: (depot) => `來自${depot}`,
    pick: '帶走',
    use: '已使用…',
    putBack: '放回',
    release: '不需要…',
    again: '再查一次',
    why: { picked: '已帶走', reserved: '已放回', again: '再次查詢' },
    using: (part) => `已使用：${part}`,
    usingLead: '剩餘的回到倉庫。此操作無法復原。',
    howMany: '數量',
    quantityMissing: '請填寫數量，至少為 1。',
    howManyMissing: (most) => `請填 1 到 ${most}。`,
    useSubmit: '已使用',
    useWhy: '已裝入設備',
    releasing: (part) => `不需要：${part}`,
    releasingLead: '不再為此維修單保留。',
    releaseSubmit: '不需要',
    releaseReasons: ['舊件完好', '備品不對'],
    add: '新增備品',
    number: '備品編號或名稱',
    numberHint: '輸入，或掃描代碼',
    search: '尋找',
    scanning: '掃描備品',
    notFound: (text) => `沒有備品叫「${text}」。`,
    reserve: (part) => `為此維修單保留${part}`,
    reserveShort: '保留'
  },

  files: {
    title: '照片與語音備註',
    none: '還沒有附件。',
    photo: '照片',
    file: '檔案',
    voice: '語音備註',
    stop: '停止',
    noMicrophone: '無法使用麥克風。請在瀏覽器中允許使用。',
    tooShort: '錄音太短。請說完後再按停止。',
    listen: '先聽一遍',
    caption: '內容說明',
    captionVoice: '關於什麼',
    send: '傳送',
    again: '重新傳送',
    discard: '捨棄',
    sending: '正在傳送…',
    tooLarge: '檔案最大 16 MiB。',
    recordingName: '語音備註',
    document: '文件',
    from: { request: '來自請求', ticket: '來自工單' },
    customer: '客戶'
  },

  notes: {
    title: '快速備註',
    lead: '它會出現在維修的時間軸上。',
    later: '維修開始後可以寫備註。',
    hint: '您看到了什麼？',
    add: '新增',
    added: '已寫下。',
    missing: '請先寫點內容。'
  },

  readings: {
    title: '即時讀數',
    none: '這台設備沒有測量。',
    inside: '範圍內',
    outside: '超出範圍',
    band: (range) => `允許 ${range}`,
    unknown: '正常範圍尚不清楚',
    old: (age) => `測量於${age}`,
    trend: { rising: '上升', falling: '下降', steady: '平穩' },
    noTrend: '讀數太少，無法判斷趨勢',
    live: '曲線'
  },

  signature: {
    title: '客戶簽名',
    ask: '請客戶簽名…',
    lead: '用手指、筆或滑鼠簽名。',
    pad: '簽名',
    clear: '清除',
    write: '改用姓名',
    name: '姓名',
    nameMissing: '請寫明誰簽名。',
    penMissing: '請先在框內簽名。',
    statement: '簽署內容',
    stands: (machine) => `${machine} 的工作已完成並移交。`,
    statementMissing: '請寫明簽署內容。',
    submit: '簽署',
    of: (name) => `${name} 的簽名`,
    signed: (name) => `${name} 已簽署。`
  }
};
