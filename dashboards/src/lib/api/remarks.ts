import type { NewAnnotation, Page, Remark } from './types';
import { type Transport, withBody } from './transport';

const one = (asset: string) => `/api/v1/assets/${encodeURIComponent(asset)}`;

/** What has to be known about a stretch of readings. */
export class RemarksApi {
  constructor(private readonly transport: Transport) {}

  /** Edges in Unix milliseconds. */
  async list(asset: string, from: number, to: number): Promise<Remark[]> {
    const edges = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const page: Page<Remark> = await this.transport.json(
      `${one(asset)}/remarks?${new URLSearchParams(edges)}`
    );
    return page.items;
  }

  async annotate(asset: string, annotation: NewAnnotation): Promise<void> {
    await this.transport.request(`${one(asset)}/annotations`, withBody('POST', annotation));
  }

  async withdraw(asset: string, annotation: string): Promise<void> {
    const path = `${one(asset)}/annotations/${encodeURIComponent(annotation)}`;
    await this.transport.request(path, { method: 'DELETE' });
  }
}
