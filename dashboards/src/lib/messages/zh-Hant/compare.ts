import type { Texts } from '../en';

export const compare: Texts['compare'] = {
  title: '比較',
  of: (machine) => `${machine} 與同類設備比較`,
  lead: '所有設備使用相同的時間和刻度。',
  with: '比較對象',
  point: '測量量',
  noSisters: '沒有其他同類設備',
  noSistersLead: '同類設備會顯示在這裡以供比較。',
  sameModel: '同型號',
  notMeasured: '它不測量這個量。',
  seen: {
    title: '以前見過',
    cases: (n) => `${n} 例`,
    right: (right, of) => `首先提出 ${of} 次，其中 ${right} 次正確`,
    neverNamed: '開單時還沒有提出過',
    remedy: (text) => `處理方法：${text}`,
    parts: (numbers) => `備品：${numbers}`,
    closed: (when) => `${when}結案`,
    found: '實際原因',
    notFound: '還沒有人說明哪裡有問題。',
    say: '說明原因',
    correct: '更正',
    cause: '原因代碼',
    causeLead: '小寫字母、數字和 _。同一原因使用同一代碼最有幫助。',
    causeMissing: '請填寫代碼：小寫字母、數字和 _。',
    note: '文字說明',
    mended: '如何修好',
    submit: '記錄'
  }
};
