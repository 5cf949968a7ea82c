import { type Transport, withBody, withCursor } from './transport';
import type {
  Attachment,
  Change,
  Classification,
  CustomerRequest,
  MessageKind,
  NewRequest,
  Page,
  PriorityRow,
  RequestChange,
  RequestState,
  SlaClock
} from './types';

const one = (id: string) => `/api/v1/requests/${encodeURIComponent(id)}`;

/** What people ask for, through every channel. */
export class RequestsApi {
  constructor(private readonly transport: Transport) {}

  /** A page of those that fit, the newest first. */
  page(query: URLSearchParams, cursor: string | null = null): Promise<Page<CustomerRequest>> {
    return this.transport.json(withCursor(`/api/v1/requests?${query}`, cursor));
  }

  all(query: URLSearchParams): Promise<CustomerRequest[]> {
    return this.transport.all(`/api/v1/requests?${query}`);
  }

  /** One, with what was said and what may be about the same. */
  show(id: string): Promise<CustomerRequest> {
    return this.transport.json(one(id));
  }

  add(request: NewRequest): Promise<CustomerRequest> {
    return this.transport.json('/api/v1/requests', withBody('POST', request));
  }

  change(id: string, change: RequestChange, version: number): Promise<CustomerRequest> {
    return this.transport.json(one(id), withBody('PATCH', change, version));
  }

  classify(id: string, as: Classification, version: number): Promise<CustomerRequest> {
    return this.transport.json(`${one(id)}/classification`, withBody('POST', as, version));
  }

  write(id: string, kind: MessageKind, text: string): Promise<CustomerRequest> {
    return this.transport.json(`${one(id)}/messages`, withBody('POST', { kind, text }));
  }

  openTicket(id: string, title: string, version: number): Promise<CustomerRequest> {
    return this.transport.json(`${one(id)}/ticket`, withBody('POST', { title }, version));
  }

  /** `duplicateOf`: with a rejection, the request that it is the same as. */
  move(
    id: string,
    to: RequestState,
    why: string,
    version: number,
    duplicateOf: string | null = null
  ): Promise<CustomerRequest> {
    const body = { to, why, ...(duplicateOf ? { duplicate_of: duplicateOf } : {}) };
    return this.transport.json(`${one(id)}/transition`, withBody('POST', body, version));
  }

  attachments(id: string): Promise<Attachment[]> {
    return this.transport.all(`${one(id)}/attachments`);
  }

  /** The server decides by the first bytes what the file is. */
  async attach(id: string, file: File): Promise<void> {
    const query = new URLSearchParams({ title: file.name });
    await this.transport.request(`${one(id)}/attachments?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file
    });
  }

  history(id: string): Promise<Change[]> {
    const query = new URLSearchParams({ subject_kind: 'request', subject_id: id });
    return this.transport.all(`/api/v1/changes?${query}`);
  }

  /** The table that says the priority, as it holds now. */
  async priorityTable(): Promise<PriorityRow[]> {
    type Versions = Page<{ policy: { rows: PriorityRow[] } }>;
    const versions: Versions = await this.transport.json('/api/v1/priority-table');
    return versions.items[0]?.policy.rows ?? [];
  }

  /** Promises of a first word that are still to be kept. */
  promises(): Promise<SlaClock[]> {
    return this.transport.all('/api/v1/sla-clocks?subject_kind=request');
  }

  promisesOf(id: string): Promise<SlaClock[]> {
    const query = new URLSearchParams({ subject_kind: 'request', subject_id: id });
    return this.transport.all(`/api/v1/sla-clocks?${query}`);
  }
}
