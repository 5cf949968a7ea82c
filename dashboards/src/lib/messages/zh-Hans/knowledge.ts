import type { ArticleKind, ArticleState } from '$lib/api/types';
import type { Texts } from '../en';

const kind: Record<ArticleKind, string> = {
  sop: '作业程序',
  manual: '手册',
  case: '案例',
  tip: '提示'
};

const state: Record<ArticleState, string> = {
  draft: '草稿',
  in_review: '审核中',
  published: '已发布',
  retired: '已停用'
};

export const knowledge: Texts['knowledge'] = {
  title: '知识',
  back: '知识',
  kind,
  state,
  count: (n) => `${n} 篇文章`,
  search: '搜索',
  searchHint: '文字、型号、标签',
  kindLabel: '类别',
  any: '不限',
  stateLabel: '状态',
  languageLabel: '语言',
  empty: '还没有发布任何文章。',
  emptyLead: '别人能照着做的程序，胜过只记在脑子里的。',
  noneFits: '没有符合的文章。',
  write: '写文章',
  writing: '写文章',
  writingLead: '在他人审核之前都是草稿。',
  revise: '修订…',
  revising: (number) => `修订 ${number}`,
  revisingLead: '新版本发布之前，读者看到的仍是已发布的版本。',
  heading: '标题',
  text: '正文',
  textHint: 'Markdown：# 标题，- 列表，1. 步骤，**重点**',
  tags: '标签',
  models: '设备型号',
  causes: '原因',
  commas: '用逗号分隔',
  missing: '请填写标题和正文。',
  why: '改了什么，为什么',
  whyMissing: '请说明改了什么。',
  keep: '存为草稿',
  submit: '提交审核…',
  submitting: '提交审核',
  submittingLead: '由他人审阅后发布或退回。',
  reviewTo: {
    draft: '退回…',
    in_review: '提交审核…',
    published: '发布…',
    retired: '停用…'
  },
  reviewing: (number) => `审核 ${number}`,
  reviewingLead: '您的姓名和理由会保留。',
  reason: '理由',
  about: (p) => `${p.number}，第 ${p.version} 版，${p.author}，${p.when}`,
  notPublished: '读者看不到这个版本。',
  newer: '较新的版本还没有发布。',
  helped: '有帮助吗？',
  yes: (n) => `有（${n}）`,
  no: (n) => `没有（${n}）`,
  thanks: '谢谢。',
  versions: '版本',
  version: (n) => `第 ${n} 版`,
  fromTicket: '来源工单',
  fits: '相关知识',
  fitsNone: '没有适合这张工单的文章。'
};
