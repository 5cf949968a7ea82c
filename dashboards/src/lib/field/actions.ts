import type {
  Attachment,
  Entry,
  NewEntry,
  NewSession,
  RepairSession,
  Reservation,
  ReservationState,
  SessionState,
  Visit,
  VisitState,
  WorkOrder,
  WorkOrderState,
  WorkOrderStep
} from '$lib/api/types';
import { t } from '$lib/messages';
import type { Send, Write } from '$lib/offline/write';
import { newId } from '$lib/repairs/key';
import * as effects from './effects';

const visitAt = (id: string) => `/api/v1/visits/${encodeURIComponent(id)}`;
const orderAt = (id: string) => `/api/v1/work-orders/${encodeURIComponent(id)}`;
const sessionAt = (id: string) => `/api/v1/repair-sessions/${encodeURIComponent(id)}`;
const now = () => new Date().toISOString();

/**
 * What is done beside a machine, a function each; null is the answer where it waits for a network. No
 * version goes along: what the state of a thing does not allow is refused by its state, and whoever was
 * without a network knows an older version.
 */
export class FieldActions {
  readonly #send: Send;

  constructor(
    { send }: { send: Send },
    /** Who is signed in. */
    private readonly who: string
  ) {
    this.#send = send;
  }

  moveVisit(visit: Visit, to: VisitState, why: string): Promise<Visit | null> {
    return this.#post(`${visitAt(visit.id)}/transition`, {
      body: { to, why },
      stamps: { time: 'device_at' },
      what: t.offline.what.visit(t.planning.state[to]),
      effects: effects.visitMoved(visit, to)
    });
  }

  moveOrder(id: string, to: WorkOrderState, why: string): Promise<WorkOrder | null> {
    return this.#post(`${orderAt(id)}/transition`, {
      body: { to, why },
      stamps: { time: 'device_at' },
      what: t.offline.what.order(t.work.state[to]),
      effects: effects.orderMoved(id, to, why)
    });
  }

  tick(orderId: string, step: WorkOrderStep, done: boolean): Promise<WorkOrder | null> {
    const texts = t.offline.what;
    return this.#send({
      method: 'PUT',
      path: `${orderAt(orderId)}/steps/${encodeURIComponent(step.id)}`,
      body: { done },
      stamps: { time: 'device_at' },
      what: done ? texts.ticked(step.text) : texts.unticked(step.text),
      effects: effects.ticked(step.id, done, this.who, now())
    });
  }

  /** With `used`, so many went into the machine and the rest goes back. */
  movePart(
    part: Reservation,
    to: ReservationState,
    why: string,
    quantity: number | null = null
  ): Promise<Reservation | null> {
    const path = `${orderAt(part.work_order_id)}/parts/${encodeURIComponent(part.id)}/transition`;
    return this.#post(path, {
      body: { to, why, ...(quantity === null ? {} : { quantity }) },
      what: t.offline.what.part(part.part_name, t.work.parts.state[to]),
      effects: effects.partMoved(part, to, quantity)
    });
  }

  reservePart(
    orderId: string,
    part: { id: string; name: string },
    quantity: number
  ): Promise<Reservation | null> {
    return this.#post(`${orderAt(orderId)}/parts`, {
      body: { part_id: part.id, quantity },
      what: t.offline.what.partTaken(quantity, part.name)
    });
  }

  /** The server decides by the first bytes what the file is. */
  attach(orderId: string, file: Blob, title: string): Promise<Attachment | null> {
    const path = `${orderAt(orderId)}/attachments`;
    return this.#send({
      method: 'POST',
      path: `${path}?${new URLSearchParams({ title })}`,
      body: file,
      what: t.offline.what.file(title),
      effects: effects.attached(path, file, title, now())
    });
  }

  /** Returns its id, which this device has chosen. */
  async prepareSession(session: NewSession): Promise<string> {
    const id = newId();
    await this.#post<RepairSession>('/api/v1/repair-sessions', {
      body: { ...session, id },
      what: t.offline.what.session(session.title),
      effects: effects.prepared(id, session, now())
    });
    return id;
  }

  moveSession(id: string, to: SessionState, why: string): Promise<RepairSession | null> {
    const at = now();
    const step = effects.stepTaken(id, to, why, this.who, at);
    return this.#post(`${sessionAt(id)}/transition`, {
      body: { to, why },
      stamps: { time: 'at' },
      what: t.offline.what.sessionMoved(t.repair.state[to]),
      effects: effects.sessionMoved(id, to, step, at)
    });
  }

  writeDown(sessionId: string, entry: NewEntry): Promise<Entry | null> {
    const text = 'text' in entry && entry.text ? entry.text : t.repair.entry.title;
    return this.#post(`${sessionAt(sessionId)}/entries`, {
      body: { ...entry },
      stamps: { time: 'at', key: 'key' },
      what: t.offline.what.entry(text),
      effects: effects.writtenDown(sessionId, entry, this.who, now())
    });
  }

  #post<T>(path: string, write: Omit<Write, 'method' | 'path'>): Promise<T | null> {
    return this.#send({ method: 'POST', path, ...write });
  }
}
