import type { Api } from '$lib/api/client';
import type { Asset, Site, SlaClock, Ticket } from '$lib/api/types';
import { nextOf } from '$lib/promises/standing';
import { standingsOf, type SiteStanding } from '$lib/sites/sites';
import { Refresher } from '$lib/state/refresher';

/** Every site, with what is open there. */
export class Sites {
  /** By ticket, the promise that has to be kept next. */
  next = $state.raw<ReadonlyMap<string, SlaClock>>(new Map());
  problem = $state<unknown>(null);

  #read = $state.raw<{ sites: Site[]; assets: Asset[]; tickets: Ticket[] } | null>(null);
  readonly #refresher = new Refresher(() => this.#load());

  constructor(private readonly api: Api) {}

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  /** Null until they are known. */
  standings(nowMs: number): SiteStanding[] | null {
    const read = this.#read;
    return read && standingsOf(read.sites, read.assets, read.tickets, this.next, nowMs);
  }

  async #load(): Promise<void> {
    try {
      const [sites, assets, tickets, clocks] = await Promise.all([
        this.api.sites.list(),
        this.api.assets(),
        this.api.allTicketsOf(new URLSearchParams({ open: 'true' })),
        this.api.promises.ofTickets()
      ]);
      this.#read = { sites, assets, tickets };
      this.next = nextOf(clocks);
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }
}
