import type { Texts } from '../en';

export const board: Texts['board'] = {
  firmware: (name) => `固件 ${name}`,
  health: {
    good: '良好',
    failure: '故障',
    function_check: '功能检查',
    out_of_specification: '超出规格',
    maintenance_required: '需要维护'
  },
  cause: {
    none: '',
    missing: '传感器无应答',
    bus: '传感器应答有错',
    open_circuit: '开路',
    short_circuit: '短路',
    stuck: '数值不再变化',
    range: '超出范围',
    rate: '变化快得不可能',
    calibration: '正在更改校准',
    unsteady: '时好时坏'
  },
  since: (when) => `自 ${when}`,
  commands: '下达给采集板的指令',
  commandsLead: '指令只对这块采集板有效。一小时内会一直转交，采集板暂时离线也不丢失。',
  noKey: '请先签发密码：采集板随之得到指令密钥。',
  none: '还没有。',
  waiting: (until) => `等待采集板应答，至 ${until}`,
  expired: '采集板没有及时应答',
  done: (when) => `${when} 已执行`,
  refused: (why) => `被拒绝：${why}`,
  tell: '下达指令…',
  telling: (id) => `向 ${id} 下达指令`,
  what: '内容',
  kinds: {
    identify: '表明自己是哪一块',
    burst: '短时快速测量',
    interval: '更改测量间隔',
    time: '向服务器对时',
    reboot: '重新启动',
    calibrate: '在采集板上校正通道'
  },
  every: '两次读数之间的毫秒数',
  minutes: '持续多少分钟',
  seconds: '持续多少秒',
  channel: '通道',
  allChannels: '所有通道',
  tellSubmit: '下达',
  fast: (ms, minutes) => `每 ${ms} 毫秒一次，持续 ${minutes} 分钟`,
  often: (ms, channel) => `每 ${ms} 毫秒一次，${channel}`,
  fastEnds: '到此为止',
  fastPanel: {
    title: '快速读数',
    lead: '作业期间，这台设备上的采集板可以每秒测量十次，到时自动结束。',
    start: '快速测量一小时',
    stop: '立即结束',
    until: (when) => `快速测量至 ${when}`,
    asked: '已下达，采集板尚未应答',
    usual: '正常测量'
  },
  said: '采集板自述',
  nothingSaid: '这块采集板没有报告过自身情况。',
  boot: {
    power: '已启动：通电',
    watchdog: '已重启：曾经卡死',
    command: '已重启：按指令',
    panic: '故障后已重启',
    other: '已重启'
  },
  answered: '指令已执行',
  answerRefused: (why) => `指令未执行：${why}`,
  healthOf: (channel, health) => `${channel}：${health}`,
  lost: (n) => `内存已满，丢失 ${n} 个读数`,
  key: '指令密钥'
};
