import { queriesOf, type AlarmFilter } from '$lib/alarms/filter';
import { byUrgency } from '$lib/alarms/order';
import type { Api } from '$lib/api/client';
import type { Alarm } from '$lib/api/types';
import { Refresher } from '$lib/state/refresher';

/** The alarms that fit a filter, the most urgent first. */
export class AlarmList {
  alarms = $state.raw<Alarm[] | null>(null);
  /** Whether older ones are left; only where the list is read page by page. */
  hasOlder = $state(false);
  problem = $state<unknown>(null);

  #filter: AlarmFilter | null = null;
  #pages = 1;
  readonly #refresher = new Refresher(() => this.#load());

  constructor(private readonly api: Api) {}

  show(filter: AlarmFilter): void {
    this.#filter = filter;
    this.#pages = 1;
    this.alarms = null;
    void this.refresh();
  }

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  older(): Promise<void> {
    this.#pages += 1;
    return this.refresh();
  }

  async #load(): Promise<void> {
    const filter = this.#filter;
    if (!filter) return;
    try {
      const found =
        filter.view === 'all' ? await this.#newest(filter) : await this.#everything(filter);
      // Another filter may have been chosen meanwhile; its own load follows.
      if (filter !== this.#filter) return;
      this.alarms = byUrgency([...new Map(found.map((alarm) => [alarm.id, alarm])).values()]);
      this.problem = null;
    } catch (error) {
      if (filter === this.#filter) this.problem = error;
    }
  }

  async #everything(filter: AlarmFilter): Promise<Alarm[]> {
    const lists = await Promise.all(queriesOf(filter).map((query) => this.api.alarms.all(query)));
    this.hasOlder = false;
    return lists.flat();
  }

  /** Alarms that are over pile up for years: as many pages of them as were asked for. */
  async #newest(filter: AlarmFilter): Promise<Alarm[]> {
    const [query = new URLSearchParams()] = queriesOf(filter);
    const found: Alarm[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < this.#pages; page += 1) {
      const answer = await this.api.alarms.page(query, cursor);
      found.push(...answer.items);
      cursor = answer.next_cursor ?? null;
      if (!cursor) break;
    }
    this.hasOlder = cursor !== null;
    return found;
  }
}
