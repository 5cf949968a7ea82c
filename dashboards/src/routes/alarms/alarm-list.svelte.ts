import { queriesOf, type AlarmFilter } from '$lib/alarms/filter';
import { byUrgency } from '$lib/alarms/order';
import type { Api } from '$lib/api/client';
import type { Alarm } from '$lib/api/types';
import { FilteredList } from '$lib/state/filtered-list.svelte';

/** The alarms that fit a filter, the most urgent first. */
export class AlarmList extends FilteredList<AlarmFilter, Alarm[]> {
  alarms = $state.raw<Alarm[] | null>(null);

  constructor(private readonly api: Api) {
    super();
  }

  protected forget(): void {
    this.alarms = null;
  }

  protected read(filter: AlarmFilter): Promise<Alarm[]> {
    if (filter.view !== 'all') return this.#everything(filter);
    const [query = new URLSearchParams()] = queriesOf(filter);
    return this.newest((cursor) => this.api.alarms.page(query, cursor));
  }

  protected take(found: Alarm[]): void {
    this.alarms = byUrgency([...new Map(found.map((alarm) => [alarm.id, alarm])).values()]);
  }

  async #everything(filter: AlarmFilter): Promise<Alarm[]> {
    const lists = await Promise.all(queriesOf(filter).map((query) => this.api.alarms.all(query)));
    this.hasOlder = false;
    return lists.flat();
  }
}
