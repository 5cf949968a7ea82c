import type { Texts } from '../en';

export const work: Texts['work'] = {
  title: '派工单',
  back: '今日安排',
  state: {
    draft: '草稿',
    unscheduled: '等待安排上门',
    scheduled: '已安排',
    dispatched: '已派出',
    in_progress: '进行中',
    on_hold: '暂停',
    completed: '已完成',
    verifying: '验证中',
    closed: '已关闭',
    cancelled: '已取消',
    reopened: '已重新打开'
  },
  ticket: '工单',
  promisedBy: (when) => `承诺时间 ${when}`,
  planned: (span) => `计划 ${span}`,
  held: (why) => `暂停：${why}`,
  toDo: '要做的工作',
  visit: '上门',
  who: (name) => `技术员：${name}`,
  noVisit: '没有安排上门。',
  reason: '原因',
  reasonMissing: '请先写明原因。',

  steps: {
    title: '步骤',
    none: '没有写下步骤。',
    done: (n, of) => `已完成 ${n} / ${of}`,
    by: (who, when) => `${who}，${when}`
  },

  next: {
    title: '下一步',
    lead: {
      waiting: '还没有安排上门，由调度员安排。',
      travel: '出发时请说明，让大家知道。',
      arrive: '到达设备旁时请说明，派工单随即开始。',
      start: '开始维修：工作引起的报警会隐藏，其读数单独保存。',
      working: '维修正在进行。',
      paused: '工作暂歇。',
      test: '设备需要证明自己状态良好。',
      rejected: '设备状态不好。请回去继续工作。',
      handOver: '设备已证明状态良好。',
      hold: '工作在等待，其计时停止。',
      over: '这里没有要做的了。'
    },
    start: '开始维修',
    pause: '暂歇',
    pausing: '暂歇工作',
    pausingLead: '报警在维修的计划结束时间之前保持隐藏。',
    pauseSubmit: '暂歇',
    pauseReasons: ['休息', '等待备件', '另有更急的工作'],
    resume: '继续',
    test: '工作完成：开始验收测试',
    again: '继续维修',
    handOver: '移交',
    repair: '维修、测试与放行',
    hold: '暂停…',
    missed: '无人在场…',
    finish: '完成…',
    unhold: '重新开始',
    why: {
      started: '开始工作',
      test: '已装好，设备重新运行',
      again: '继续维修',
      handOver: '已移交',
      unhold: '继续工作'
    }
  },
  holding: {
    title: '暂停派工单',
    lead: '这次上门到此结束。派工单等待，期间不算超时。',
    reasons: ['缺少备件', '无法接近设备', '客户要求等待'],
    submit: '暂停'
  },
  missing: {
    title: '上门未能进行',
    lead: '派工单等待下一次上门。',
    reasons: ['无人在场', '无法进入', '设备正在使用'],
    submit: '确认'
  },
  finishing: {
    title: '工作已完成',
    lead: '上门结束，派工单完成。',
    open: '尚未完成',
    steps: (n) => `有 ${n} 个步骤未勾选。`,
    parts: (n) => `有 ${n} 个备件未使用。`,
    session: '维修未经验证：设备还没有证明状态良好。',
    what: '做了什么',
    whatMissing: '请简单写明做了什么。',
    submit: '完成'
  },

  parts: {
    title: '备件',
    none: '没有为它保留备件。',
    state: {
      wanted: '缺货',
      reserved: '已预留',
      picked: '在您手上',
      used: '已使用',
      released: '不需要'
    },
    quantity: (n, unit) => `${n} ${unit}`,
    usedOf: (used, of) => `已使用 ${used} / ${of}`,
    from: (depot) => `来自${depot}`,
    pick: '带走',
    use: '已使用…',
    putBack: '放回',
    release: '不需要…',
    again: '再查一次',
    why: { picked: '已带走', reserved: '已放回', again: '再次查询' },
    using: (part) => `已使用：${part}`,
    usingLead: '剩余的回到仓库。此操作无法撤回。',
    howMany: '数量',
    quantityMissing: '请填写数量，至少为 1。',
    howManyMissing: (most) => `请填 1 到 ${most}。`,
    useSubmit: '已使用',
    useWhy: '已装入设备',
    releasing: (part) => `不需要：${part}`,
    releasingLead: '不再为此派工单保留。',
    releaseSubmit: '不需要',
    releaseReasons: ['旧件完好', '备件不对'],
    add: '添加备件',
    number: '备件号或名称',
    numberHint: '输入，或扫描代码',
    search: '查找',
    scanning: '扫描备件',
    notFound: (text) => `没有备件叫“${text}”。`,
    reserve: (part) => `为此派工单保留${part}`,
    reserveShort: '保留'
  },

  files: {
    title: '照片与语音备注',
    none: '还没有附件。',
    photo: '照片',
    file: '文件',
    voice: '语音备注',
    stop: '停止',
    noMicrophone: '无法使用麦克风。请在浏览器中允许使用。',
    tooShort: '录音太短。请说完后再按停止。',
    listen: '先听一遍',
    caption: '内容说明',
    captionVoice: '关于什么',
    send: '发送',
    again: '重新发送',
    discard: '丢弃',
    sending: '正在发送…',
    tooLarge: '文件最大 16 MiB。',
    recordingName: '语音备注',
    document: '文档',
    from: { request: '来自请求', ticket: '来自工单' },
    customer: '客户'
  },

  notes: {
    title: '快速备注',
    lead: '它会出现在维修的时间轴上。',
    later: '维修开始后可以写备注。',
    hint: '您看到了什么？',
    add: '添加',
    added: '已写下。',
    missing: '请先写点内容。'
  },

  readings: {
    title: '实时读数',
    none: '这台设备没有测量。',
    inside: '范围内',
    outside: '超出范围',
    band: (range) => `允许 ${range}`,
    unknown: '正常范围尚不清楚',
    old: (age) => `测量于${age}`,
    trend: { rising: '上升', falling: '下降', steady: '平稳' },
    noTrend: '读数太少，无法判断趋势',
    live: '曲线'
  },

  signature: {
    title: '客户签名',
    ask: '请客户签名…',
    lead: '用手指、笔或鼠标签名。',
    pad: '签名',
    clear: '清除',
    write: '改用姓名',
    name: '姓名',
    nameMissing: '请写明谁签名。',
    penMissing: '请先在框内签名。',
    statement: '签署内容',
    stands: (machine) => `${machine} 的工作已完成并移交。`,
    statementMissing: '请写明签署内容。',
    submit: '签署',
    of: (name) => `${name} 的签名`,
    signed: (name) => `${name} 已签署。`
  }
};
