import type { Texts } from '../en';

export const board: Texts['board'] = {
  firmware: (name) => `韌體 ${name}`,
  health: {
    good: '良好',
    failure: '故障',
    function_check: '功能檢查',
    out_of_specification: '超出規格',
    maintenance_required: '需要維護'
  },
  cause: {
    none: '',
    missing: '感測器無應答',
    bus: '感測器應答有錯',
    open_circuit: '開路',
    short_circuit: '短路',
    stuck: '數值不再變化',
    range: '超出範圍',
    rate: '變化快得不可能',
    calibration: '正在變更校準',
    unsteady: '時好時壞'
  },
  since: (when) => `自 ${when}`,
  commands: '下達給採集板的指令',
  commandsLead: '指令只對這塊採集板有效。一小時內會一直轉交，採集板暫時離線也不遺失。',
  noKey: '請先簽發密碼：採集板隨之得到指令金鑰。',
  none: '還沒有。',
  waiting: (until) => `等待採集板應答，至 ${until}`,
  expired: '採集板沒有及時應答',
  done: (when) => `${when} 已執行`,
  refused: (why) => `被拒絕：${why}`,
  tell: '下達指令…',
  telling: (id) => `向 ${id} 下達指令`,
  what: '內容',
  kinds: {
    identify: '表明自己是哪一塊',
    burst: '短時快速測量',
    interval: '變更測量間隔',
    time: '向伺服器對時',
    reboot: '重新啟動',
    calibrate: '在採集板上校正通道'
  },
  every: '兩次讀數之間的毫秒數',
  minutes: '持續多少分鐘',
  seconds: '持續多少秒',
  channel: '通道',
  allChannels: '所有通道',
  tellSubmit: '下達',
  fast: (ms, minutes) => `每 ${ms} 毫秒一次，持續 ${minutes} 分鐘`,
  often: (ms, channel) => `每 ${ms} 毫秒一次，${channel}`,
  fastEnds: '到此為止',
  fastPanel: {
    title: '快速讀數',
    lead: '作業期間，這台設備上的採集板可以每秒測量十次，到時自動結束。',
    start: '快速測量一小時',
    stop: '立即結束',
    until: (when) => `快速測量至 ${when}`,
    asked: '已下達，採集板尚未應答',
    usual: '正常測量'
  },
  said: '採集板自述',
  nothingSaid: '這塊採集板沒有回報過自身情況。',
  boot: {
    power: '已啟動：通電',
    watchdog: '已重新啟動：曾經當機',
    command: '已重新啟動：按指令',
    panic: '故障後已重新啟動',
    other: '已重新啟動'
  },
  answered: '指令已執行',
  answerRefused: (why) => `指令未執行：${why}`,
  healthOf: (channel, health) => `${channel}：${health}`,
  lost: (n) => `記憶體已滿，遺失 ${n} 個讀數`,
  key: '指令金鑰'
};
