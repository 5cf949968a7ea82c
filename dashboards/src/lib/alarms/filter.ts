import type { AlarmClass, AlarmState, Priority } from '$lib/api/types';
import { t } from '$lib/messages';

/** Which alarms are shown; kept in the address, so that a view can be sent to somebody. */
export interface AlarmFilter {
  /** `open`: everything that is not over and seen; `all`: that too; otherwise one state. */
  view: 'open' | 'all' | AlarmState;
  class: AlarmClass | null;
  priority: Priority | null;
  /** Id of the machine. */
  machine: string | null;
  hidden: boolean | null;
  /** Id of a flood. */
  flood: string | null;
}

/** What the states `open` stands for ask of the API: what is active, or has to be seen or reset. */
const OPEN: readonly Record<string, string>[] = [
  { active: 'true' },
  { state: 'unacknowledged_cleared' },
  { state: 'latched_unacknowledged' },
  { state: 'latched_acknowledged' },
  { hidden: 'true', active: 'false' }
];

function known<T extends string>(value: string | null, words: Record<T, string>): T | null {
  return value !== null && Object.hasOwn(words, value) ? (value as T) : null;
}

/** The filter of an address; what it does not know is left out. */
export function filterOf(search: URLSearchParams): AlarmFilter {
  const hidden = search.get('hidden');
  return {
    view:
      search.get('state') === 'all'
        ? 'all'
        : (known(search.get('state'), t.alarms.state) ?? 'open'),
    class: known(search.get('class'), t.alarms.class),
    priority: known(search.get('priority'), t.alarms.priority),
    machine: search.get('machine') || null,
    hidden: hidden === 'yes' ? true : hidden === 'no' ? false : null,
    flood: search.get('flood') || null
  };
}

export function isFiltered(filter: AlarmFilter): boolean {
  const { view, ...rest } = filter;
  return view !== 'open' || Object.values(rest).some((wanted) => wanted !== null);
}

/** The address of a filter, without what is as usual. */
export function searchOf(filter: AlarmFilter): URLSearchParams {
  const search = new URLSearchParams();
  if (filter.view !== 'open') search.set('state', filter.view);
  if (filter.class) search.set('class', filter.class);
  if (filter.priority) search.set('priority', filter.priority);
  if (filter.machine) search.set('machine', filter.machine);
  if (filter.hidden !== null) search.set('hidden', filter.hidden ? 'yes' : 'no');
  if (filter.flood) search.set('flood', filter.flood);
  return search;
}

/** The lists of the API that together hold what fits; one alarm may be in several. */
export function queriesOf(filter: AlarmFilter): URLSearchParams[] {
  const common: Record<string, string> = {};
  if (filter.class) common['class'] = filter.class;
  if (filter.priority) common['priority'] = filter.priority;
  if (filter.machine) common['asset'] = filter.machine;
  if (filter.flood) common['flood'] = filter.flood;
  const hidden = filter.hidden === null ? null : String(filter.hidden);
  const views =
    filter.view === 'all' ? [{}] : filter.view === 'open' ? OPEN : [{ state: filter.view }];
  return (
    views
      // A part that asks for the opposite of the filter holds nothing.
      .filter((view) => !('hidden' in view) || hidden === null || view['hidden'] === hidden)
      .map((view) => new URLSearchParams({ ...common, ...(hidden ? { hidden } : {}), ...view }))
  );
}
