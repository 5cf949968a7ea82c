import type { Texts } from '../en';

export const requests: Texts['requests'] = {
  title: '请求',
  count: (n) => `${n} 个请求`,
  emptyLead: '人们通过任何渠道提出的请求都会出现在这里。',
  noneOpen: '没有未结请求',
  noneFits: '没有符合筛选条件的请求',
  orders: { urgent: '最紧急', newest: '最新' },
  orderBy: '排序',
  older: '显示更早的请求',
  number: '编号',
  what: '内容和来人',
  priorityHead: '优先级',
  stateHead: '状态',
  promise: '首次响应',
  received: (when) => `收到于 ${when}`,
  unclassified: '尚未确定',
  noPromise: '没有承诺',
  answeredAlready: '已响应',
  onTicket: '见其工单',
  filter: {
    search: '查找请求',
    searchHint: '编号或对话中的文字',
    open: '未结',
    waiting: '待查看',
    all: '全部',
    any: '不限',
    channel: '渠道'
  },
  channel: {
    web_form: '网页表单',
    portal: '客户门户',
    email: '电子邮件',
    webhook: '程序',
    wecom: '企业微信',
    wechat: '微信',
    dingtalk: '钉钉',
    phone: '电话',
    visit: '上门',
    suggestion_box: '意见箱',
    readings: '读数'
  },
  state: {
    received: '已收到',
    classified: '已分类',
    ticketed: '已转工单',
    answered: '已答复',
    closed: '已关闭',
    rejected: '已拒绝'
  },
  moveTo: {
    received: '撤回拒绝',
    classified: '重新打开',
    ticketed: '创建工单',
    answered: '答复',
    closed: '关闭请求',
    rejected: '拒绝'
  },
  priority: { urgent: '紧急', high: '高', normal: '普通', low: '低' },
  urgency: { urgent: '紧急', general: '一般', minor: '轻微' },
  urgencyMeans: { urgent: '有危险或停工', general: '工作受影响', minor: '可以等待' },
  scope: { global: '全局', local: '局部', individual: '个别' },
  scopeMeans: {
    global: '多个客户，或某客户的全部',
    local: '一个站点',
    individual: '一台设备或一个人'
  },
  kind: {
    product_quality: '产品质量',
    service_attitude: '服务态度',
    after_sales_support: '售后支持'
  },
  kindMeans: {
    product_quality: '产品本身',
    service_attitude: '我们的人的表现',
    after_sales_support: '需要帮助'
  },
  message: { received: '对方来信', answer: '答复', question: '提问', note: '备注' },
  highRisk: '高风险',
  highRiskMeans: '此客户已标记，请谨慎处理。',
  fastLane: '快速通道',
  fastLaneMeans: '优先于其他请求。',

  add: {
    open: '新建请求',
    title: '新建请求',
    lead: '在对方通话中或在柜台时填写。',
    channel: '来自',
    who: '谁提出的？',
    whoHint: '姓名、电话或电子邮箱',
    phone: '电话',
    email: '电子邮箱',
    machine: '哪台设备？',
    machineHint: '名称、序列号或标签上的代码',
    text: '关于什么？',
    language: '对方的语言',
    submit: '记录',
    textMissing: '请先写下内容。',
    partlyClassified: '紧急程度、范围和类别请全部选择，或都不选。'
  },

  choose: {
    other: '另选',
    noneFound: '没有找到，将保留您输入的内容。',
    nothing: '没有找到。',
    found: (n) => `${n} 个结果`
  },

  back: '请求',
  talk: '对话',
  talkWith: {
    received: '对方来信',
    answer: '我们的答复',
    question: '我们的提问',
    note: '同事间备注'
  },
  somebody: '某人',
  write: {
    label: '撰写',
    kinds: '撰写内容',
    means: {
      answer: '对方会看到；请求随之变为已答复。',
      question: '对方会看到；请求状态不变。',
      note: '只有同事会看到。'
    },
    answerLater: '请先给请求分类，然后才能答复。',
    hint: { answer: '您好……', question: '您需要了解什么？', note: '写给同事' },
    send: { answer: '发送答复', question: '发送提问', note: '保存备注' },
    missing: '请先写点内容。'
  },
  files: {
    title: '文件',
    none: '没有文件',
    attach: '添加文件',
    sending: (name) => `正在发送 ${name}…`,
    tooLarge: '该文件超过 16 MiB。',
    theirs: '来自对方',
    seen: '对方能看到这里的附件。'
  },

  whose: {
    title: '属于谁',
    customer: '客户',
    contact: '联系人',
    site: '站点',
    machine: '设备',
    told: '对方所述',
    unknown: '未知',
    unproved: '写下的地址并未经过核实：发送或打开内容前请先确认。',
    change: '更改…',
    changeTitle: '请求属于谁',
    changeLead: '由设备可知站点和客户，由联系人可知客户。',
    ticketed: '它已有工单，设备与工单保持一致。',
    subject: '主题',
    subjectMissing: '请填写主题。',
    takeAway: '移除',
    save: '保存',
    reason: '原因',
    reasonUsual: '已与对方确认'
  },

  classify: {
    title: '优先级',
    lead: '选择三项，优先级由表格得出。',
    urgency: '紧急程度',
    scope: '范围',
    kind: '类别',
    byTable: (word) => `表格结果：${word}`,
    overrule: '改用其他优先级',
    priority: '优先级',
    asTable: '按表格',
    why: '为何更改',
    whyMissing: '请说明为何不按表格。',
    missing: '请先选择紧急程度、范围和类别。',
    submit: '分类',
    again: '重新分类…',
    overruled: '未按表格',
    version: (n) => `依据优先级表第 ${n} 版`,
    put: '取消'
  },

  same: {
    title: '可能相同',
    lead: '最近几天来自同一人或关于同一设备。',
    is: '是同一个',
    asking: (number) => `与 ${number} 相同？`,
    askingLead: (number) => `此请求将作为重复请求拒绝，由 ${number} 继续处理。可以撤回。`,
    submit: '是，相同',
    why: (number) => `与 ${number} 相同`,
    duplicate: '与另一个请求一起处理'
  },

  playbooks: {
    title: '适用的预案',
    show: '查看步骤',
    running: '进行中',
    within: (minutes, role) => `${minutes} 分钟内 · ${role}`,
    contacts: '联系谁',
    material: '需要备好的物品'
  },

  next: {
    title: '下一步',
    reason: '原因',
    reasonHint: '会保留在历史中。',
    reasonMissing: '请先填写原因。',
    classifyFirst: '请先分类，然后才能答复或转为工单。',
    ticket: '创建工单',
    ticketTitle: '创建工单',
    ticketLead: (machine, word) => `设备：${machine}，优先级：${word}。`,
    ticketName: '标题',
    ticketNameMissing: '请填写工单标题。',
    machineFirst: '请先指定设备，然后才能创建工单。',
    goTicket: (number) => `工单 ${number}`
  },

  follow: {
    title: '给对方的链接',
    lead: '对方无需账户即可用它跟踪请求。请勿告诉其他人。',
    link: '链接',
    open: '查看对方看到的页面'
  },

  promised: {
    title: '首次响应',
    none: '目前没有承诺。',
    given: (when) => `已于 ${when} 响应`
  },

  history: {
    title: '历史',
    none: '还没有更改。',
    field: {
      subject: '主题',
      customer_id: '客户',
      contact_id: '联系人',
      site_id: '站点',
      asset_id: '设备',
      urgency: '紧急程度',
      scope: '范围',
      kind: '类别',
      priority: '优先级',
      ticket_id: '工单',
      duplicate_of: '相同请求'
    },
    set: (field) => `已填写${field}`,
    gone: (field) => `已移除${field}`,
    changed: (field, from, to) => `${field}：${from} → ${to}`,
    became: (field, to) => `${field}：${to}`
  }
};
