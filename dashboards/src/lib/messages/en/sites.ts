import { plural } from './plural';

/** Places with machines. */
export const sites = {
  title: 'Sites',
  count: (n: number) => plural(n, 'site', 'sites'),
  views: 'View as',
  list: 'List',
  map: 'Map',
  search: 'Find a site',
  searchHint: 'Name, address or customer',
  show: 'Show',
  all: 'All',
  open: 'With open tickets',
  empty: 'No sites yet',
  emptyLead: 'A site of a customer appears here once it is entered or imported.',
  noneFits: 'No site fits',
  clear: 'Clear the filters',
  machines: (n: number) => plural(n, 'machine', 'machines'),
  tickets: (n: number) => plural(n, 'open ticket', 'open tickets'),
  noTickets: 'No open ticket',
  late: (n: number) => `${n} late`,
  address: 'Address',
  area: 'Planning area',
  access: 'How to get in',
  zone: 'Time zone',
  openTickets: 'Open tickets',
  theMachines: 'Machines',
  noMachines: 'None',
  mapOf: 'Map of the sites',
  together: (n: number) => plural(n, 'site', 'sites'),
  togetherHere: 'Sites in this place',
  whole: 'Show all',
  unplaced: (n: number) => `${plural(n, 'site has', 'sites have')} no position and no mark here.`,
  noPositions: 'No site has a position',
  noPositionsLead:
    'Positions come with the import of sites, or from whoever keeps the customer file.',
  km: (n: number) => `${n} km`
};
