import type { SearchKind } from '$lib/api/types';

const kind: Record<SearchKind, string> = {
  ticket: 'Tickets',
  asset: 'Machines',
  customer: 'Customers',
  site: 'Sites',
  contact: 'Contacts',
  request: 'Requests',
  article: 'Articles'
};

/** The search that is everywhere. */
export const search = {
  title: 'Search',
  hint: 'Number, name, serial number, words…',
  kind,
  lead: 'Tickets, machines, requests, customers, sites and contacts. A word may be only begun.',
  keys: '↑ ↓ to choose, Enter to open',
  none: (words: string) => `Nothing has “${words}”.`,
  loose: 'Nothing has it exactly so. This comes near:',
  more: 'More were found: type another word.',
  found: (n: number) => `${n} found`
};
