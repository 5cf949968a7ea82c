import type { Texts } from '../en';

export const compare: Texts['compare'] = {
  title: '比较',
  of: (machine) => `${machine} 与同类设备比较`,
  lead: '所有设备使用相同的时间和刻度。',
  with: '比较对象',
  point: '测量量',
  noSisters: '没有其他同类设备',
  noSistersLead: '同类设备会显示在这里以供比较。',
  sameModel: '同型号',
  notMeasured: '它不测量这个量。',
  seen: {
    title: '以前见过',
    cases: (n) => `${n} 例`,
    right: (right, of) => `首先提出 ${of} 次，其中 ${right} 次正确`,
    neverNamed: '开单时还没有提出过',
    remedy: (text) => `处理方法：${text}`,
    parts: (numbers) => `备件：${numbers}`,
    closed: (when) => `${when}关闭`,
    found: '实际原因',
    notFound: '还没有人说明哪里有问题。',
    say: '说明原因',
    correct: '更正',
    cause: '原因代码',
    causeLead: '小写字母、数字和 _。同一原因使用同一代码最有帮助。',
    causeMissing: '请填写代码：小写字母、数字和 _。',
    note: '文字说明',
    mended: '如何修好',
    submit: '记录'
  }
};
