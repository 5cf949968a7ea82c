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
  learning: '学习中',
  normal: '正常',
  deviating: '偏离',
  silent: '无读数'
};

const conditionMeaning: Record<Condition, string> = {
  waiting: '还没有收到读数。',
  learning: '正在学习它的正常工作状态。',
  normal: '工作状态与学习结果一致。',
  deviating: '工作状态与学习结果不一致。',
  silent: '最近没有收到读数。'
};

const state: Record<TicketState, string> = {
  open: '待处理',
  diagnosing: '诊断中',
  resolved: '已解决',
  closed: '已关闭',
  cancelled: '已取消'
};

const moveTo: Record<TicketState, string> = {
  open: '退回待处理',
  diagnosing: '开始诊断',
  resolved: '标记为已解决',
  closed: '关闭工单',
  cancelled: '取消工单'
};

const role: Record<Role, string> = {
  customer: '客户',
  customer_service: '客服',
  technician: '技术员',
  engineer: '工程师',
  quality: '质量',
  dispatcher: '调度员',
  manager: '经理',
  admin: '管理员',
  gateway: '网关'
};

export const texts: Texts = {
  product: 'Aftercare',
  nav: {
    label: '主导航',
    today: '今日安排',
    machines: '设备',
    alarms: '报警',
    requests: '请求',
    tickets: '工单',
    planning: '排程',
    sites: '站点',
    customers: '客户',
    figures: '指标',
    knowledge: '知识',
    boards: '采集板',
    people: '人员',
    policies: '政策',
    import: '导入',
    export: '导出',
    more: '更多'
  },
  more: {
    title: '更多',
    places: '其他页面',
    you: '您',
    language: '语言',
    languageAuto: '跟随浏览器',
    theme: '外观',
    themes: { auto: '跟随系统', light: '浅色', dark: '深色' },
    units: '单位',
    unitsOf: { auto: '按地区', metric: '公制（°C、bar）', us: '美制（°F、psi）' },
    here: '仅在此设备上生效。'
  },
  role,
  skip: '跳到内容',
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
    title: '登录 Aftercare',
    email: '电子邮箱',
    password: '密码',
    submit: '登录',
    empty: '请先填写两项。',
    withToken: '改用 API 令牌',
    withPassword: '改用邮箱和密码',
    tokenLead: '粘贴 API 令牌，或打开服务器启动时显示的登录链接。',
    token: 'API 令牌',
    emptyToken: '请先粘贴令牌。'
  },
  newPassword: {
    title: '设置密码',
    lead: '至少 10 个字符。最好用几个只有您会联想到一起的词。',
    field: '新密码',
    again: '再输入一次',
    different: '两次输入不一致。',
    submit: '设置密码',
    done: '密码已设置，请用它登录。'
  },
  signOut: '退出登录',

  connection: {
    connecting: '正在连接',
    open: '实时',
    lost: '连接中断',
    retry: '立即重试'
  },

  failed: {
    title: '无法加载',
    unreachable: '服务器没有响应。请确认它在运行，并且您在它的网络中。',
    retry: '重试',
    conflict: (word, allowed) =>
      allowed.length ? `无法执行：${word}目前可以：${allowed.join('、')}。` : `无法执行：${word}`,
    first: (word, missing) => `${word}请先完成：${missing.join('；')}。`,
    notFound: '此地址没有内容。',
    home: '前往设备列表'
  },
  loading: '正在加载…',
  time: { now: '刚刚', ago: (span) => `${span}前` },

  machines: {
    title: '设备',
    count: (n) => `${n} 台设备`,
    empty: '还没有设备',
    emptyLead: '采集板开始上报并被接纳后，设备会出现在这里。',
    machine: '设备',
    state: '状态',
    values: '最新数值',
    reading: '最近读数',
    ticket: '未结工单',
    noTicket: '无',
    noReading: '还没有',
    noValues: '还没有读数',
    more: (n) => `另有 ${n} 项`,
    search: '查找设备',
    noMatch: (text) => `没有与“${text}”匹配的设备。`
  },

  machine: {
    back: '设备',
    window: '时间范围',
    windows: { '2m': '2 分钟', '10m': '10 分钟', '1h': '1 小时', '24h': '24 小时' },
    normal: '正常',
    learning: '正常范围尚未学习完成',
    outside: '超出范围',
    noReadings: '此时段没有读数',
    noPoints: '没有测点',
    noPointsLead: '把采集板的通道绑定到此设备，读数就会出现在这里。',
    until: '测量截至',
    recorded: '并非现在：这些读数测量于所示时间。',
    serial: '序列号',
    ticket: (number) => `工单 ${number}`,
    openTicket: '未结工单',
    since: '开始于',
    chartOf: (name) => `${name} 的曲线`,
    at: '于'
  },

  history: {
    title: '历史曲线',
    of: (machine) => `${machine} 的历史曲线`,
    live: '实时读数',
    span: '时长',
    spans: {
      '1m': '1 分钟',
      '1h': '1 小时',
      '1d': '1 天',
      '1w': '1 周',
      '30d': '30 天',
      '1y': '1 年'
    },
    from: '从',
    to: '至',
    earlier: '更早',
    later: '更晚',
    closer: '放大',
    wider: '缩小',
    newest: '最新',
    hint: '在曲线上拖动即可放大；用浏览器的返回键退回。',
    loading: '正在读取…',
    csv: '保存为 CSV',
    png: '保存为图片',
    repair: '维修',
    bucket: (span) => `每 ${span} 一个值：最小、平均和最大读数。`
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
    back: '工单',
    opened: '创建于',
    began: '开始于',
    evidence: '偏离的内容',
    around: '开始前后的读数',
    history: '历史',
    noHistory: '没有记录。',
    next: '下一步',
    ended: (word) => `此工单${word}，没有后续步骤。`,
    why: '原因',
    whyHint: '您看到或做了什么？会保留在历史中。',
    probation: '观察至',
    whyMissing: '请先填写原因。',
    despite: '设备仍在偏离，仍要关闭。',
    moved: (from, to) => (from ? `${from} → ${to}` : to),
    point: '测点',
    seen: '实测',
    expected: '预期',
    range: '正常范围',
    unusual: '异常程度',
    unusualTimes: (n) => `通常波动的 ${n >= 100 ? Math.round(n) : n.toFixed(1)} 倍`,
    limitTimes: (n) => `限值的 ${n.toFixed(1)} 倍`,
    since: '开始于',
    began_mark: '开始',
    sentence: (p) =>
      p.inside
        ? `${p.name} 读数为 ${p.seen}，而其他测点表明应为 ${p.expected}。`
        : `${p.name} 读数为 ${p.seen}，${p.high ? '高于' : '低于'}正常范围 ${p.range}；预期为 ${p.expected}。`,
    live: '查看实时读数'
  },

  boards: {
    title: '采集板',
    lead: '正在上报的采集板，以及未能接收的消息。',
    waiting: '等待接纳',
    waitingLead: '这些采集板正在上报，但还没有人指定它们在哪台设备上。',
    noneWaiting: '没有等待的采集板。',
    adopted: '已接纳',
    noneAdopted: '还没有接纳任何采集板。',
    online: '在线',
    offline: '离线',
    unknown: '未知',
    firstSeen: '首次出现',
    channel: '通道',
    lastValue: '最近数值',
    lastSeen: '最近出现',
    bound: '已绑定到测点',
    unbound: '未绑定',
    noChannels: '没有通道上报过。',
    channels: (n) => `${n} 个通道`,
    rejected: '被拒绝的消息',
    rejectedLead: '未能接收的消息。保留它们以便修正发送方。',
    noneRejected: '没有被拒绝的消息。',
    records: (n) => `${n} 条记录`,
    topic: '主题',
    reason: '原因',
    received: '收到',
    sample: '样本'
  }
};
