import { type Transport, withBody } from './transport';
import type {
  Dispatched,
  NewVisit,
  Suggestions,
  Technician,
  Visit,
  VisitChange,
  VisitState,
  WorkOrder
} from './types';

const visitAt = (id: string) => `/api/v1/visits/${encodeURIComponent(id)}`;
const orderAt = (id: string) => `/api/v1/work-orders/${encodeURIComponent(id)}`;

/** Who goes where, and when. */
export class PlanningApi {
  constructor(private readonly transport: Transport) {}

  technicians(): Promise<Technician[]> {
    return this.transport.all('/api/v1/technicians');
  }

  /** Visits that take place in a stretch of time, also in part. */
  visits(fromMs: number, toMs: number): Promise<Visit[]> {
    const query = new URLSearchParams({
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString()
    });
    return this.transport.all(`/api/v1/visits?${query}`);
  }

  visit(id: string): Promise<Visit> {
    return this.transport.json(visitAt(id));
  }

  /** Work orders that are neither closed nor cancelled. */
  openOrders(): Promise<WorkOrder[]> {
    return this.transport.all('/api/v1/work-orders?open=true');
  }

  plan(visit: NewVisit): Promise<Visit> {
    return this.transport.json('/api/v1/visits', withBody('POST', visit));
  }

  replan({ id, version }: Visit, change: VisitChange): Promise<Visit> {
    return this.transport.json(visitAt(id), withBody('PATCH', change, version));
  }

  move(id: string, to: VisitState, why: string): Promise<Visit> {
    return this.transport.json(`${visitAt(id)}/transition`, withBody('POST', { to, why }));
  }

  /** Who could go to a work order and when, and why the others cannot. */
  suggestions(orderId: string): Promise<Suggestions> {
    return this.transport.json(`${orderAt(orderId)}/suggestions`);
  }

  /** `makeRoom` lets visits of less urgent work be called off for critical work. */
  dispatch(orderId: string, makeRoom: boolean): Promise<Dispatched> {
    const path = `${orderAt(orderId)}/dispatch`;
    return this.transport.json(path, withBody('POST', { make_room: makeRoom }));
  }
}
