import type { RepairSession, Visit, WorkOrder } from '$lib/api/types';
import type { FieldActions } from '$lib/field/actions';
import { t } from '$lib/messages';

/** A repair is planned for a day at most. */
const LONGEST_S = 24 * 60 * 60;

/** Moves a work order, its visit and its repair session on: the server moves what follows from it. */
export class Steering {
  constructor(
    private readonly field: FieldActions,
    private readonly order: WorkOrder,
    private readonly visit: Visit | null,
    private readonly session: Pick<RepairSession, 'id' | 'state'> | null,
    /** Who is signed in. */
    private readonly who: string
  ) {}

  async leave(): Promise<void> {
    if (this.visit) await this.field.moveVisit(this.visit, 'travelling', t.field.why.travelling);
  }

  async arrive(): Promise<void> {
    if (this.visit) await this.field.moveVisit(this.visit, 'on_site', t.field.why.on_site);
  }

  async miss(why: string): Promise<void> {
    if (this.visit) await this.field.moveVisit(this.visit, 'missed', why);
  }

  /** Prepares a repair session of the visit, unless one is prepared already, and begins the work. */
  async start(): Promise<void> {
    const draft = this.session?.state === 'draft' ? this.session.id : await this.#prepare();
    await this.field.moveSession(draft, 'running', t.work.next.why.started);
  }

  async pause(why: string): Promise<void> {
    if (this.session) await this.field.writeDown(this.session.id, { kind: 'paused', text: why });
  }

  async resume(): Promise<void> {
    if (this.session) await this.field.writeDown(this.session.id, { kind: 'resumed', text: '' });
  }

  async test(): Promise<void> {
    const { why } = t.work.next;
    if (this.session) await this.field.moveSession(this.session.id, 'acceptance_test', why.test);
  }

  async again(): Promise<void> {
    const { why } = t.work.next;
    if (this.session) await this.field.moveSession(this.session.id, 'running', why.again);
  }

  async handOver(): Promise<void> {
    const { why } = t.work.next;
    if (this.session) await this.field.moveSession(this.session.id, 'verified', why.handOver);
  }

  async hold(why: string): Promise<void> {
    await this.field.moveOrder(this.order.id, 'on_hold', why);
  }

  async unhold(): Promise<void> {
    await this.field.moveOrder(this.order.id, 'in_progress', t.work.next.why.unhold);
  }

  #prepare(): Promise<string> {
    const { order, visit } = this;
    const going = visit && visit.next_states.length > 0 ? visit : null;
    return this.field.prepareSession({
      asset_id: order.asset_id,
      ticket_id: order.ticket_id,
      visit_id: going?.id ?? null,
      title: order.title,
      technicians: [going?.technician_name ?? this.who],
      ...(order.planned_minutes > 0
        ? { planned_seconds: Math.min(order.planned_minutes * 60, LONGEST_S) }
        : {})
    });
  }
}
