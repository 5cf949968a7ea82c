import { type Transport, withCursor } from './transport';
import type { KpiFigures, KpiRow, Page, ReportingPolicy } from './types';

/** A stretch of time: its first moment, and the first after it, milliseconds. */
export interface Stretch {
  from: number;
  to: number;
}

function queryOf({ from, to }: Stretch): URLSearchParams {
  return new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString()
  });
}

function rowsAt(name: string, stretch: Stretch, part: string | null): string {
  const query = queryOf(stretch);
  if (part) query.set('part', part);
  return `/api/v1/kpis/${encodeURIComponent(name)}/rows?${query}`;
}

/** Figures (KPIs) of the service, and the rows that they are counted over. */
export class FiguresApi {
  constructor(private readonly transport: Transport) {}

  all(stretch: Stretch): Promise<KpiFigures> {
    return this.transport.json(`/api/v1/kpis?${queryOf(stretch)}`);
  }

  /** A page of rows, the oldest first. */
  rows(
    name: string,
    stretch: Stretch,
    part: string | null,
    cursor: string | null
  ): Promise<Page<KpiRow>> {
    return this.transport.json(withCursor(rowsAt(name, stretch, part), cursor));
  }

  /** Every row, up to a limit. */
  allRows(name: string, stretch: Stretch, part: string | null): Promise<KpiRow[]> {
    return this.transport.all(rowsAt(name, stretch, part));
  }

  /** What figures are held against; null where nobody has said so. */
  async policy(): Promise<ReportingPolicy | null> {
    type Versions = Page<{ policy: ReportingPolicy }>;
    const versions: Versions = await this.transport.json('/api/v1/reporting-policy');
    return versions.items[0]?.policy ?? null;
  }

  /** Twelve months of each figure, until and with one (`2026-11`): a table with a line each. */
  async months(last: string, timeZone: string): Promise<string> {
    const response = await this.transport.request(reportUrl(last, 'csv', timeZone), {});
    return response.text();
  }
}

/** The report of a month (`2026-11`) or the review of a quarter (`2026-Q4`). */
export function reportUrl(period: string, as: 'html' | 'csv', timeZone: string): string {
  const path = period.includes('Q')
    ? `quarterly-reviews/${period}/review`
    : `monthly-reports/${period}/report`;
  return `/api/v1/${path}.${as}?${new URLSearchParams({ time_zone: timeZone })}`;
}
