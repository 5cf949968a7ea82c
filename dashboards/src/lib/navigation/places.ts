/** The screens that one goes to, and which of them who needs first. */
import type { Role, Session } from '$lib/api/types';
import { t } from '$lib/messages';
import type { IconName } from '$lib/ui/Icon.svelte';

export type PlaceName =
  | 'today'
  | 'machines'
  | 'alarms'
  | 'requests'
  | 'tickets'
  | 'planning'
  | 'sites'
  | 'customers'
  | 'figures'
  | 'knowledge'
  | 'boards'
  | 'people'
  | 'policies'
  | 'import'
  | 'export';

export interface Place {
  href: string;
  icon: IconName;
  name: string;
  /** Beginnings of other addresses that belong to it. */
  within: readonly string[];
}

const PLACES: Readonly<Record<PlaceName, Omit<Place, 'name'>>> = {
  today: { href: '/today', icon: 'today', within: ['/work-orders'] },
  machines: { href: '/', icon: 'machines', within: ['/machines'] },
  alarms: { href: '/alarms', icon: 'bell', within: [] },
  requests: { href: '/requests', icon: 'inbox', within: [] },
  // Repairs and playbooks at work belong to a ticket.
  tickets: { href: '/tickets', icon: 'tickets', within: ['/repair-sessions', '/playbook-runs'] },
  planning: { href: '/planning', icon: 'calendar', within: [] },
  sites: { href: '/sites', icon: 'pin', within: [] },
  customers: { href: '/customers', icon: 'customers', within: ['/contacts'] },
  figures: { href: '/figures', icon: 'improved', within: [] },
  knowledge: { href: '/knowledge', icon: 'note', within: [] },
  boards: { href: '/boards', icon: 'boards', within: [] },
  people: { href: '/people', icon: 'person', within: [] },
  policies: { href: '/policies', icon: 'form', within: [] },
  import: { href: '/import', icon: 'import', within: [] },
  export: { href: '/export', icon: 'export', within: [] }
};

const EVERYTHING = [
  'machines',
  'alarms',
  'requests',
  'tickets',
  'planning',
  'today',
  'sites',
  'customers',
  'figures',
  'knowledge',
  'boards',
  'people',
  'policies',
  'import',
  'export'
] as const;

/** In the order of the day's work: a phone has room for the first ones. */
const ORDER: Readonly<Record<Role, readonly PlaceName[]>> = {
  technician: [
    'today',
    'machines',
    'alarms',
    'tickets',
    'knowledge',
    'boards',
    'requests',
    'sites',
    'customers',
    'policies'
  ],
  dispatcher: [
    'tickets',
    'planning',
    'requests',
    'machines',
    'alarms',
    'sites',
    'customers',
    'knowledge',
    'boards',
    'figures',
    'policies',
    'export'
  ],
  customer_service: [
    'requests',
    'tickets',
    'customers',
    'machines',
    'alarms',
    'knowledge',
    'sites',
    'figures',
    'boards',
    'policies',
    'export'
  ],
  engineer: [
    'machines',
    'alarms',
    'tickets',
    'today',
    'knowledge',
    'boards',
    'figures',
    'requests',
    'sites',
    'customers',
    'policies',
    'export'
  ],
  quality: [
    'figures',
    'tickets',
    'requests',
    'machines',
    'alarms',
    'knowledge',
    'sites',
    'customers',
    'boards',
    'policies',
    'export'
  ],
  manager: [
    'tickets',
    'planning',
    'figures',
    'requests',
    'machines',
    'alarms',
    'knowledge',
    'sites',
    'customers',
    'boards',
    'policies',
    'export'
  ],
  admin: EVERYTHING,
  customer: ['machines', 'tickets'],
  gateway: []
};

/** A phone has room for so many beside the rest. */
export const ON_A_PHONE = 4;

/** Whether any policy may be read or changed. */
const HAS_POLICIES = /^(change_\w+_policy|list_\w+_policies)$/;

export function placesOf({ role, operations }: Pick<Session, 'role' | 'operations'>): Place[] {
  return ORDER[role]
    .filter((name) => name !== 'policies' || operations.some((one) => HAS_POLICIES.test(one)))
    .map((name) => ({ ...PLACES[name], name: t.nav[name] }));
}

export function isHere(place: Place, path: string): boolean {
  const begins = (start: string) => path === start || path.startsWith(`${start}/`);
  return (place.href === '/' ? path === '/' : begins(place.href)) || place.within.some(begins);
}
