import type { Stamped } from '$lib/offline/write';
import type { Transport } from './transport';
import type {
  Asset,
  Attachment,
  Contact,
  Page,
  Site,
  SparePart,
  Visit,
  WorkOrder,
  WorkOrderParts
} from './types';

const orderAt = (id: string) => `/api/v1/work-orders/${encodeURIComponent(id)}`;

/** So long an answer is waited for, milliseconds; without one, the same is sent again later. */
const PATIENCE_MS = 20_000;
const FILE_PATIENCE_MS = 180_000;

/** What a technician needs beside a machine: their visits, and all of one work order. */
export class FieldApi {
  constructor(private readonly transport: Transport) {}

  /** Visits of whoever is signed in, in order of their beginning. */
  myVisits(fromMs: number, toMs: number): Promise<Visit[]> {
    const query = new URLSearchParams({
      technician: 'me',
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString()
    });
    return this.transport.all(`/api/v1/visits?${query}`);
  }

  visitsOf(orderId: string): Promise<Visit[]> {
    return this.transport.all(`/api/v1/visits?${new URLSearchParams({ work_order: orderId })}`);
  }

  /** A work order with its steps. */
  order(id: string): Promise<WorkOrder> {
    return this.transport.json(orderAt(id));
  }

  parts(orderId: string): Promise<WorkOrderParts> {
    return this.transport.json(`${orderAt(orderId)}/parts`);
  }

  /** With those of the ticket and the requests before it, the oldest first. */
  attachments(orderId: string): Promise<Attachment[]> {
    return this.transport.all(`${orderAt(orderId)}/attachments`);
  }

  asset(id: string): Promise<Asset> {
    return this.transport.json(`/api/v1/assets/${encodeURIComponent(id)}`);
  }

  site(id: string): Promise<Site> {
    return this.transport.json(`/api/v1/sites/${encodeURIComponent(id)}`);
  }

  /** People at a customer. */
  contacts(customerId: string): Promise<Contact[]> {
    return this.transport.all(`/api/v1/contacts?${new URLSearchParams({ customer: customerId })}`);
  }

  /** Parts by what a scanner reads, or by a part of their number or name: the first page is enough. */
  async partsFound(by: { code: string } | { q: string }): Promise<SparePart[]> {
    const path = `/api/v1/parts?${new URLSearchParams(by)}`;
    return (await this.transport.json<Page<SparePart>>(path)).items;
  }

  /** Hands in something that was done, as it was stamped. */
  send({ method, path, body, key }: Stamped): Promise<unknown> {
    const isFile = body instanceof Blob;
    const headers = {
      'content-type': isFile ? 'application/octet-stream' : 'application/json',
      'idempotency-key': key
    };
    return this.transport.json(path, {
      method,
      headers,
      signal: AbortSignal.timeout(isFile ? FILE_PATIENCE_MS : PATIENCE_MS),
      body: isFile ? body : JSON.stringify(body)
    });
  }
}
