import type { Texts } from '../en';

export const requests: Texts['requests'] = {
  title: '請求',
  count: (n) => `${n} 個請求`,
  emptyLead: '人們透過任何管道提出的請求都會出現在這裡。',
  noneOpen: '沒有未結請求',
  noneFits: '沒有符合篩選條件的請求',
  orders: { urgent: '最緊急', newest: '最新' },
  orderBy: '排序',
  older: '顯示更早的請求',
  number: '編號',
  what: '內容和來人',
  priorityHead: '優先順序',
  stateHead: '狀態',
  promise: '首次回應',
  received: (when) => `收到於 ${when}`,
  unclassified: '尚未確定',
  noPromise: '沒有承諾',
  answeredAlready: '已回應',
  onTicket: '見其工單',
  filter: {
    search: '尋找請求',
    searchHint: '編號或對話中的文字',
    open: '未結',
    waiting: '待檢視',
    all: '全部',
    any: '不限',
    channel: '管道'
  },
  channel: {
    web_form: '網頁表單',
    portal: '客戶入口',
    email: '電子郵件',
    webhook: '程式',
    wecom: '企業微信',
    wechat: '微信',
    dingtalk: '釘釘',
    phone: '電話',
    visit: '到府',
    suggestion_box: '意見箱',
    readings: '讀數'
  },
  state: {
    received: '已收到',
    classified: '已分類',
    ticketed: '已轉工單',
    answered: '已答覆',
    closed: '已結案',
    rejected: '已拒絕'
  },
  moveTo: {
    received: '撤回拒絕',
    classified: '重新開啟',
    ticketed: '建立工單',
    answered: '答覆',
    closed: '請求結案',
    rejected: '拒絕'
  },
  priority: { urgent: '緊急', high: '高', normal: '普通', low: '低' },
  urgency: { urgent: '緊急', general: '一般', minor: '輕微' },
  urgencyMeans: { urgent: '有危險或停工', general: '工作受影響', minor: '可以等待' },
  scope: { global: '全域', local: '局部', individual: '個別' },
  scopeMeans: {
    global: '多個客戶，或某客戶的全部',
    local: '一個站點',
    individual: '一台設備或一個人'
  },
  kind: {
    product_quality: '產品品質',
    service_attitude: '服務態度',
    after_sales_support: '售後支援'
  },
  kindMeans: {
    product_quality: '產品本身',
    service_attitude: '我們的人的表現',
    after_sales_support: '需要幫助'
  },
  message: { received: '對方來信', answer: '答覆', question: '提問', note: '備註' },
  highRisk: '高風險',
  highRiskMeans: '此客戶已標記，請謹慎處理。',
  fastLane: '快速通道',
  fastLaneMeans: '優先於其他請求。',

  add: {
    open: '新建請求',
    title: '新建請求',
    lead: '在對方通話中或在櫃檯時填寫。',
    channel: '來自',
    who: '誰提出的？',
    whoHint: '姓名、電話或電子郵件',
    phone: '電話',
    email: '電子郵件',
    machine: '哪台設備？',
    machineHint: '名稱、序號或標籤上的代碼',
    text: '關於什麼？',
    language: '對方的語言',
    submit: '記錄',
    textMissing: '請先寫下內容。',
    partlyClassified: '緊急程度、範圍和類別請全部選擇，或都不選。'
  },

  choose: {
    other: '另選',
    noneFound: '沒有找到，將保留您輸入的內容。',
    nothing: '沒有找到。',
    found: (n) => `${n} 個結果`
  },

  back: '請求',
  talk: '對話',
  talkWith: {
    received: '對方來信',
    answer: '我們的答覆',
    question: '我們的提問',
    note: '同事間備註'
  },
  somebody: '某人',
  write: {
    label: '撰寫',
    kinds: '撰寫內容',
    means: {
      answer: '對方會看到；請求隨之變為已答覆。',
      question: '對方會看到；請求狀態不變。',
      note: '只有同事會看到。'
    },
    answerLater: '請先給請求分類，然後才能答覆。',
    hint: { answer: '您好……', question: '您需要了解什麼？', note: '寫給同事' },
    send: { answer: '傳送答覆', question: '傳送提問', note: '儲存備註' },
    missing: '請先寫點內容。'
  },
  files: {
    title: '檔案',
    none: '沒有檔案',
    attach: '新增檔案',
    sending: (name) => `正在傳送 ${name}…`,
    tooLarge: '該檔案超過 16 MiB。',
    theirs: '來自對方',
    seen: '對方能看到這裡的附件。'
  },

  whose: {
    title: '屬於誰',
    customer: '客戶',
    contact: '聯絡人',
    site: '站點',
    machine: '設備',
    told: '對方所述',
    unknown: '未知',
    unproved: '寫下的地址並未經過核實：傳送或開啟內容前請先確認。',
    change: '更改…',
    changeTitle: '請求屬於誰',
    changeLead: '由設備可知站點和客戶，由聯絡人可知客戶。',
    ticketed: '它已有工單，設備與工單保持一致。',
    subject: '主題',
    subjectMissing: '請填寫主題。',
    takeAway: '移除',
    save: '儲存',
    reason: '原因',
    reasonUsual: '已與對方確認'
  },

  classify: {
    title: '優先順序',
    lead: '選擇三項，優先順序由表格得出。',
    urgency: '緊急程度',
    scope: '範圍',
    kind: '類別',
    byTable: (word) => `表格結果：${word}`,
    overrule: '改用其他優先順序',
    priority: '優先順序',
    asTable: '按表格',
    why: '為何更改',
    whyMissing: '請說明為何不按表格。',
    missing: '請先選擇緊急程度、範圍和類別。',
    submit: '分類',
    again: '重新分類…',
    overruled: '未按表格',
    version: (n) => `依據優先順序表第 ${n} 版`,
    put: '取消'
  },

  same: {
    title: '可能相同',
    lead: '最近幾天來自同一人或關於同一設備。',
    is: '是同一個',
    asking: (number) => `與 ${number} 相同？`,
    askingLead: (number) => `此請求將作為重複請求拒絕，由 ${number} 繼續處理。可以撤回。`,
    submit: '是，相同',
    why: (number) => `與 ${number} 相同`,
    duplicate: '與另一個請求一起處理'
  },

  playbooks: {
    title: '適用的預案',
    show: '檢視步驟',
    running: '進行中',
    within: (minutes, role) => `${minutes} 分鐘內 · ${role}`,
    contacts: '聯絡誰',
    material: '需要備好的物品'
  },

  next: {
    title: '下一步',
    reason: '原因',
    reasonHint: '會保留在歷史中。',
    reasonMissing: '請先填寫原因。',
    classifyFirst: '請先分類，然後才能答覆或轉為工單。',
    ticket: '建立工單',
    ticketTitle: '建立工單',
    ticketLead: (machine, word) => `設備：${machine}，優先順序：${word}。`,
    ticketName: '標題',
    ticketNameMissing: '請填寫工單標題。',
    machineFirst: '請先指定設備，然後才能建立工單。',
    goTicket: (number) => `工單 ${number}`
  },

  follow: {
    title: '給對方的連結',
    lead: '對方無需帳號即可用它追蹤請求。請勿告訴其他人。',
    link: '連結',
    open: '檢視對方看到的頁面'
  },

  promised: {
    title: '首次回應',
    none: '目前沒有承諾。',
    given: (when) => `已於 ${when} 回應`
  },

  history: {
    title: '歷史',
    none: '還沒有更改。',
    field: {
      subject: '主題',
      customer_id: '客戶',
      contact_id: '聯絡人',
      site_id: '站點',
      asset_id: '設備',
      urgency: '緊急程度',
      scope: '範圍',
      kind: '類別',
      priority: '優先順序',
      ticket_id: '工單',
      duplicate_of: '相同請求'
    },
    set: (field) => `已填寫${field}`,
    gone: (field) => `已移除${field}`,
    changed: (field, from, to) => `${field}：${from} → ${to}`,
    became: (field, to) => `${field}：${to}`
  }
};
