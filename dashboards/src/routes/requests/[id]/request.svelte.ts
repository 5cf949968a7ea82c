import type { Api } from '$lib/api/client';
import type { Attachment, Change, CustomerRequest, SlaClock } from '$lib/api/types';
import { Refresher } from '$lib/state/refresher';

/** One request with everything that its page shows. */
export class OneRequest {
  request = $state.raw<CustomerRequest | null>(null);
  files = $state.raw<Attachment[]>([]);
  /** The newest first. */
  changes = $state.raw<Change[]>([]);
  /** The first word that is still owed. */
  promise = $state.raw<SlaClock | null>(null);
  problem = $state<unknown>(null);
  readonly #refresher = new Refresher(() => this.#load());

  constructor(
    private readonly api: Api,
    private readonly id: string,
    /** What whoever looks may ask for. */
    private readonly operations: readonly string[]
  ) {}

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  /** Takes the answer to a change, and reads what it does not tell. */
  took(request: CustomerRequest): void {
    this.request = request;
    void this.refresh();
  }

  #may(operation: string): boolean {
    return this.operations.includes(operation);
  }

  async #load(): Promise<void> {
    const { requests } = this.api;
    try {
      const [request, files, changes, promises] = await Promise.all([
        requests.show(this.id),
        this.#may('list_request_attachments') ? requests.attachments(this.id) : [],
        this.#may('list_changes') ? requests.history(this.id) : [],
        requests.promisesOf(this.id)
      ]);
      this.request = request;
      this.files = files;
      this.changes = changes;
      this.promise = promises[0] ?? null;
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }
}
