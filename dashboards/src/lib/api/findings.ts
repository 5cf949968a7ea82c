import { type Transport, withBody } from './transport';
import type { Findings, KnownCause, NewFinding, Similar } from './types';

const of = (ticketId: string) => `/api/v1/tickets/${encodeURIComponent(ticketId)}`;

/** What was wrong, and what the past says of it. */
export class FindingsApi {
  constructor(private readonly transport: Transport) {}

  similar(ticketId: string): Promise<Similar> {
    return this.transport.json(`${of(ticketId)}/similar`);
  }

  /** The newest first. */
  of(ticketId: string): Promise<Findings> {
    return this.transport.json(`${of(ticketId)}/finding`);
  }

  set(ticketId: string, finding: NewFinding): Promise<Findings> {
    return this.transport.json(`${of(ticketId)}/finding`, withBody('PUT', finding));
  }

  /** Codes that are in use. */
  causes(): Promise<KnownCause[]> {
    return this.transport.all('/api/v1/fault-causes');
  }
}
