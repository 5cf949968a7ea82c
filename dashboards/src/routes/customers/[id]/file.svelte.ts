import type { Api } from '$lib/api/client';
import type {
  Asset,
  Change,
  Contact,
  Contract,
  Customer,
  CustomerRequest,
  Site,
  Survey,
  Ticket
} from '$lib/api/types';
import { Refresher } from '$lib/state/refresher';

/** Everything that is known of one customer. */
export interface File {
  customer: Customer;
  contacts: Contact[];
  sites: Site[];
  machines: Asset[];
  /** Those that are open, as `requests`. */
  tickets: Ticket[];
  requests: CustomerRequest[];
  contracts: Contract[];
  /** Null where whoever looks may not see them, as `changes`. */
  surveys: Survey[] | null;
  /** The newest first. */
  changes: Change[] | null;
}

export class CustomerFile {
  file = $state.raw<File | null>(null);
  problem = $state<unknown>(null);
  readonly #refresher = new Refresher(() => this.#load());

  constructor(
    private readonly api: Api,
    private readonly id: string,
    private readonly operations: readonly string[]
  ) {}

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  async #load(): Promise<void> {
    const { customers, requests } = this.api;
    const open = new URLSearchParams({ customer: this.id, open: 'true' });
    const may = (operation: string) => this.operations.includes(operation);
    try {
      const [customer, contacts, sites, machines, tickets, asked, contracts, surveys, changes] =
        await Promise.all([
          customers.show(this.id),
          customers.contacts(this.id),
          customers.sites(this.id),
          customers.machines(this.id),
          this.api.allTicketsOf(open),
          requests.all(open),
          customers.contracts(this.id),
          may('list_surveys') ? customers.surveys(this.id) : null,
          may('list_changes') ? customers.history(this.id) : null
        ]);
      this.file = {
        customer,
        contacts,
        sites,
        machines,
        tickets,
        requests: asked,
        contracts,
        surveys,
        changes
      };
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }
}
