import { type Transport, withBody } from './transport';
import type { SlaClock } from './types';

const one = (id: string) => `/api/v1/sla-clocks/${encodeURIComponent(id)}`;

/** What customers were promised, until when, and whether it was kept. */
export class PromisesApi {
  constructor(private readonly transport: Transport) {}

  /** Those of tickets that are still to be kept. */
  ofTickets(): Promise<SlaClock[]> {
    return this.transport.all('/api/v1/sla-clocks?subject_kind=ticket');
  }

  /** All of one ticket, with what held them. */
  ofTicket(id: string): Promise<SlaClock[]> {
    return this.transport.all(`/api/v1/tickets/${encodeURIComponent(id)}/sla-clocks`);
  }

  hold(id: string, reason: string): Promise<SlaClock> {
    return this.transport.json(`${one(id)}/hold`, withBody('POST', { reason }));
  }

  resume(id: string, why: string): Promise<SlaClock> {
    return this.transport.json(`${one(id)}/resume`, withBody('POST', { why }));
  }
}
