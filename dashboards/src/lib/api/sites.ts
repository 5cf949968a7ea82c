import type { Transport } from './transport';
import type { Site } from './types';

/** Places with machines. */
export class SitesApi {
  constructor(private readonly transport: Transport) {}

  list(): Promise<Site[]> {
    return this.transport.all('/api/v1/sites');
  }
}
