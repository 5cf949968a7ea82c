import type { Api } from '$lib/api/client';
import type { Technician, Visit, WorkOrder } from '$lib/api/types';
import { t } from '$lib/messages';
import type { Stretch } from '$lib/planning/hours';
import { waitingOf } from '$lib/planning/waiting';
import { dayTime, refusalOf } from '$lib/planning/words';
import { Refresher } from '$lib/state/refresher';
import { complaintOf } from '$lib/ui/complaint';

/** Something that was done just now, and how it is taken back. */
export interface Done {
  text: string;
  /** Null where it cannot be taken back. */
  undo: (() => Promise<void>) | null;
}

/** Who goes where in a stretch of days, and what waits. */
export class Plan {
  technicians = $state.raw<Technician[] | null>(null);
  visits = $state.raw<Visit[]>([]);
  orders = $state.raw<ReadonlyMap<string, WorkOrder>>(new Map());
  waiting = $state.raw<WorkOrder[]>([]);
  problem = $state<unknown>(null);
  /** What was done last, until something else is done or it is dismissed. */
  done = $state.raw<Done | null>(null);

  #shown: Stretch | null = null;
  readonly #refresher = new Refresher(() => this.#load());

  constructor(private readonly api: Api) {}

  show(shown: Stretch): void {
    this.#shown = shown;
    void this.refresh();
  }

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  /** The visit is called off again by undoing. */
  async plan(
    order: WorkOrder,
    technicianId: string,
    { from, to }: Stretch,
    why: string
  ): Promise<void> {
    await this.#do(async () => {
      const visit = await this.api.planning.plan({
        work_order_id: order.id,
        technician_id: technicianId,
        starts_at: new Date(from).toISOString(),
        ends_at: new Date(to).toISOString(),
        why
      });
      this.planned(visit);
    });
  }

  async replan(
    before: Visit,
    technicianId: string,
    { from, to }: Stretch,
    why: string
  ): Promise<void> {
    await this.#do(async () => {
      const visit = await this.api.planning.replan(before, {
        technician_id: technicianId,
        starts_at: new Date(from).toISOString(),
        ends_at: new Date(to).toISOString(),
        why
      });
      const { technician_id, starts_at, ends_at } = before;
      const back = { technician_id, starts_at, ends_at, why: t.planning.undone };
      this.#tell(t.planning.moved, visit, () => this.api.planning.replan(visit, back));
    });
  }

  async callOff(visit: Visit, why: string): Promise<void> {
    await this.#do(async () => {
      await this.api.planning.move(visit.id, 'cancelled', why);
      this.done = null;
    });
  }

  /** Tells of a new visit, also of one that a rule has planned. */
  planned(visit: Visit): void {
    const undo = () => this.api.planning.move(visit.id, 'cancelled', t.planning.undone);
    this.#tell(t.planning.planned, visit, undo);
    void this.refresh();
  }

  #tell(
    say: (p: { number: string; who: string; when: string }) => string,
    visit: Visit,
    undo: () => Promise<unknown>
  ): void {
    const when = dayTime(Date.parse(visit.starts_at));
    const text = say({ number: visit.work_order_number, who: visit.technician_name, when });
    this.done = {
      text,
      undo: async () => {
        try {
          await undo();
          this.done = null;
        } catch (error) {
          const text = t.planning.undoFailed(complaintOf(refusalOf(error)));
          this.done = { text, undo: null };
        }
        await this.refresh();
      }
    };
  }

  /** Refused or not, what is there now is shown. */
  async #do(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      throw refusalOf(error);
    } finally {
      await this.refresh();
    }
  }

  async #load(): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    try {
      const [technicians, visits, orders] = await Promise.all([
        this.api.planning.technicians(),
        this.api.planning.visits(shown.from, shown.to),
        this.api.planning.openOrders()
      ]);
      // Another day may have been chosen meanwhile; its own load follows.
      if (shown !== this.#shown) return;
      this.technicians = technicians;
      this.visits = visits.filter(({ state }) => state !== 'cancelled');
      this.orders = new Map(orders.map((order) => [order.id, order]));
      this.waiting = waitingOf(orders);
      this.problem = null;
    } catch (error) {
      if (shown === this.#shown) this.problem = error;
    }
  }
}
