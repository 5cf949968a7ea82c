import type { ArticleKind, ArticleState } from '$lib/api/types';
import type { Texts } from '../en';

const kind: Record<ArticleKind, string> = {
  sop: '作業程序',
  manual: '手冊',
  case: '案例',
  tip: '提示'
};

const state: Record<ArticleState, string> = {
  draft: '草稿',
  in_review: '審核中',
  published: '已發布',
  retired: '已停用'
};

export const knowledge: Texts['knowledge'] = {
  title: '知識',
  back: '知識',
  kind,
  state,
  count: (n) => `${n} 篇文章`,
  search: '搜尋',
  searchHint: '文字、型號、標籤',
  kindLabel: '類別',
  any: '不限',
  stateLabel: '狀態',
  languageLabel: '語言',
  empty: '還沒有發布任何文章。',
  emptyLead: '別人能照著做的程序，勝過只記在腦子裡的。',
  noneFits: '沒有符合的文章。',
  write: '寫文章',
  writing: '寫文章',
  writingLead: '在他人審核之前都是草稿。',
  revise: '修訂…',
  revising: (number) => `修訂 ${number}`,
  revisingLead: '新版本發布之前，讀者看到的仍是已發布的版本。',
  heading: '標題',
  text: '內文',
  textHint: 'Markdown：# 標題，- 清單，1. 步驟，**重點**',
  tags: '標籤',
  models: '設備型號',
  causes: '原因',
  commas: '用逗號分隔',
  missing: '請填寫標題和內文。',
  why: '改了什麼，為什麼',
  whyMissing: '請說明改了什麼。',
  keep: '存為草稿',
  submit: '提交審核…',
  submitting: '提交審核',
  submittingLead: '由他人審閱後發布或退回。',
  reviewTo: {
    draft: '退回…',
    in_review: '提交審核…',
    published: '發布…',
    retired: '停用…'
  },
  reviewing: (number) => `審核 ${number}`,
  reviewingLead: '您的姓名和理由會保留。',
  reason: '理由',
  about: (p) => `${p.number}，第 ${p.version} 版，${p.author}，${p.when}`,
  notPublished: '讀者看不到這個版本。',
  newer: '較新的版本還沒有發布。',
  helped: '有幫助嗎？',
  yes: (n) => `有（${n}）`,
  no: (n) => `沒有（${n}）`,
  thanks: '謝謝。',
  versions: '版本',
  version: (n) => `第 ${n} 版`,
  fromTicket: '來源工單',
  fits: '相關知識',
  fitsNone: '沒有適合這張工單的文章。'
};
