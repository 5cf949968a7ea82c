import type { ArticleKind, ArticleState } from '$lib/api/types';
import { plural } from './plural';

const kind: Record<ArticleKind, string> = {
  sop: 'Procedure',
  manual: 'Manual',
  case: 'Case',
  tip: 'Tip'
};

const state: Record<ArticleState, string> = {
  draft: 'Draft',
  in_review: 'In review',
  published: 'Published',
  retired: 'Retired'
};

/** What the house knows. */
export const knowledge = {
  title: 'Knowledge',
  back: 'Knowledge',
  kind,
  state,
  count: (n: number) => plural(n, 'article', 'articles'),
  search: 'Search',
  searchHint: 'Words, a model, a tag',
  kindLabel: 'Kind',
  any: 'Any',
  stateLabel: 'State',
  languageLabel: 'Language',
  empty: 'Nothing is published yet.',
  emptyLead: 'A procedure that somebody else can follow is worth more than one that is remembered.',
  noneFits: 'Nothing fits.',
  write: 'Write an article',
  writing: 'Write an article',
  writingLead: 'It is a draft until somebody else has looked at it.',
  revise: 'Revise…',
  revising: (number: string) => `Revise ${number}`,
  revisingLead: 'Readers see the published version until the new one is.',
  heading: 'Title',
  text: 'Text',
  textHint: 'Markdown: # heading, - list, 1. steps, **important**',
  tags: 'Tags',
  models: 'Models of machines',
  causes: 'Causes',
  commas: 'Separated by commas',
  missing: 'Give a title and a text.',
  why: 'What changed, and why',
  whyMissing: 'Say what changed.',
  keep: 'Keep as a draft',
  submit: 'Hand over to review…',
  submitting: 'Hand over to review',
  submittingLead: 'Somebody else reads it and publishes it, or sends it back.',
  reviewTo: {
    draft: 'Send back…',
    in_review: 'Hand over to review…',
    published: 'Publish…',
    retired: 'Retire…'
  } as Record<ArticleState, string>,
  reviewing: (number: string) => `Review of ${number}`,
  reviewingLead: 'Kept with your name and the reason.',
  reason: 'Reason',
  about: (p: { number: string; version: number; author: string; when: string }) =>
    `${p.number}, version ${p.version} by ${p.author}, ${p.when}`,
  notPublished: 'Readers do not see this version.',
  newer: 'A newer version is not published yet.',
  helped: 'Did it help?',
  yes: (n: number) => `Yes (${n})`,
  no: (n: number) => `No (${n})`,
  thanks: 'Thank you.',
  versions: 'Versions',
  version: (n: number) => `Version ${n}`,
  fromTicket: 'The ticket that it was made from',
  fits: 'What the house knows about it',
  fitsNone: 'No article fits this ticket.'
};
