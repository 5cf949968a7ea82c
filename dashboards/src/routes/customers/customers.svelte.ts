import type { Api } from '$lib/api/client';
import { type CustomerStanding, standingsOf } from '$lib/customers/standing';
import { Refresher } from '$lib/state/refresher';

/** Every customer, with what is there and what is open. */
export class Customers {
  standings = $state.raw<CustomerStanding[] | null>(null);
  problem = $state<unknown>(null);
  readonly #refresher = new Refresher(() => this.#load());

  constructor(private readonly api: Api) {}

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  async #load(): Promise<void> {
    try {
      const [customers, assets, open] = await Promise.all([
        this.api.customers.list(),
        this.api.assets(),
        this.api.allTicketsOf(new URLSearchParams({ open: 'true' }))
      ]);
      this.standings = standingsOf(customers, assets, open);
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }
}
