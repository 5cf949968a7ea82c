import { ApiProblem, type Transport } from './transport';
import type { ImportKind, ImportReport } from './types';

/** Files of customers, sites, machines and tickets. */
export class ImportsApi {
  constructor(private readonly transport: Transport) {}

  /** With mistakes in the file nothing is written, and the report names them all. */
  async send(kind: ImportKind, file: File, dryRun: boolean): Promise<ImportReport> {
    const path = `/api/v1/imports/${kind}?dry_run=${dryRun}`;
    const init = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: file };
    try {
      return await this.transport.json(path, init);
    } catch (error) {
      const report = error instanceof ApiProblem && error.status === 422 ? error.body : null;
      if (report && 'rows' in report) return report as unknown as ImportReport;
      throw error;
    }
  }
}
