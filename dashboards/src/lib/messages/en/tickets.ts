import { plural } from './plural';

/** The list of tickets and their board. */
export const tickets = {
  title: 'Tickets',
  count: (n: number) => plural(n, 'open ticket', 'open tickets'),
  shown: (n: number) => plural(n, 'ticket', 'tickets'),
  empty: 'No tickets',
  emptyLead: 'When a machine stops working as learnt, its ticket appears here by itself.',
  noneActive: 'No active tickets',
  noneFits: 'No ticket fits these filters',
  clear: 'Clear the filters',
  views: 'View as',
  list: 'List',
  board: 'Board',
  column: 'Column',
  closedLately: 'Closed lately',
  columnEmpty: 'None',
  number: 'Number',
  what: 'What',
  priority: 'Priority',
  state: 'State',
  promise: 'Promised next',
  noPromise: 'Nothing',
  since: (when: string) => `since ${when}`,
  more: 'Show older tickets',
  filter: {
    label: 'Filters',
    search: 'Find a ticket',
    searchHint: 'Number, words, machine or customer',
    any: 'Any',
    active: 'Active',
    all: 'All',
    due: 'Promise',
    dues: { late: 'Late', soon: 'Due soon', on_hold: 'On hold' },
    customer: 'Customer'
  },
  appeared: (number: string, machine: string) => `New ticket ${number}: ${machine}`,
  view: 'View',
  dismiss: 'Dismiss'
};
