import type { Api } from '$lib/api/client';
import type { Attachment, Gate, Reservation, Visit, WholeSession, WorkOrder } from '$lib/api/types';
import { Places } from '$lib/field/places.svelte';
import { isPaused, sessionOf, stageOf, visitOf } from '$lib/field/stage';
import { Refresher } from '$lib/state/refresher';

/** One work order with everything that is needed beside its machine. */
export class Work {
  order = $state.raw<WorkOrder | null>(null);
  visit = $state.raw<Visit | null>(null);
  parts = $state.raw<readonly Reservation[]>([]);
  files = $state.raw<readonly Attachment[]>([]);
  session = $state.raw<WholeSession | null>(null);
  gate = $state.raw<Gate | null>(null);
  problem = $state<unknown>(null);
  readonly places: Places;

  readonly stage = $derived(
    this.order &&
      stageOf({
        order: this.order,
        visit: this.visit && this.visit.next_states.length > 0 ? this.visit : null,
        session: this.session,
        paused: this.session !== null && isPaused(this.session.axis),
        gate: this.gate
      })
  );
  /** Steps that are not ticked. */
  readonly open = $derived((this.order?.steps ?? []).filter(({ done_at }) => done_at === null));

  readonly #refresher = new Refresher(() => this.#load());

  constructor(
    private readonly api: Api,
    readonly id: string,
    /** What the role of the reader may call: the rest is not asked for. */
    private readonly may: (operation: string) => boolean
  ) {
    this.places = new Places(api);
  }

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  async #load(): Promise<void> {
    const { field } = this.api;
    try {
      const [order, visits, parts, files] = await Promise.all([
        field.order(this.id),
        field.visitsOf(this.id),
        this.may('list_work_order_parts') ? field.parts(this.id) : null,
        field.attachments(this.id)
      ]);
      await this.#loadSession(order, visits);
      this.order = order;
      this.visit = visitOf(visits);
      this.parts = parts?.items ?? [];
      this.files = files;
      this.problem = null;
      if (this.visit) void this.places.ask(order.asset_id);
    } catch (error) {
      this.problem = error;
    }
  }

  async #loadSession({ ticket_id }: WorkOrder, visits: readonly Visit[]): Promise<void> {
    if (!this.may('show_repair_session')) return;
    const { repairs } = this.api;
    const found = sessionOf(await repairs.list({ ticket: ticket_id }), visits);
    const [session, gate] = found
      ? await Promise.all([repairs.show(found.id), repairs.gate(found.id)])
      : [null, null];
    this.session = session;
    this.gate = gate;
  }
}
