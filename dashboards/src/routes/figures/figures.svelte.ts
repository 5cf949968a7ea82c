import type { Api } from '$lib/api/client';
import type { Figure, KpiGoal, MeasuredKpi, ReportingPolicy } from '$lib/api/types';
import { lastMonthOf, nameOf, type Period, shifted, stretchOf } from '$lib/figures/period';
import { type Month, trendsOf } from '$lib/figures/trend';

/** One figure with what it is held against. */
export interface Standing {
  kpi: MeasuredKpi;
  /** In the time before of the same length. */
  before: Figure | null;
  goal: KpiGoal | null;
  months: Month[];
}

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The figures of a period. */
export class FiguresOf {
  standings = $state.raw<Standing[] | null>(null);
  policy = $state.raw<ReportingPolicy | null>(null);
  problem = $state<unknown>(null);
  #wanted = '';

  constructor(private readonly api: Api) {}

  async show(period: Period): Promise<void> {
    const wanted = nameOf(period);
    this.#wanted = wanted;
    this.standings = null;
    this.problem = null;
    try {
      const [now, before, policy, months] = await Promise.all([
        this.api.figures.all(stretchOf(period)),
        this.api.figures.all(stretchOf(shifted(period, -1))),
        this.api.figures.policy(),
        this.api.figures.months(lastMonthOf(period, Date.now()), zone)
      ]);
      // Another period may have been chosen meanwhile.
      if (wanted !== this.#wanted) return;
      const trends = trendsOf(months);
      this.policy = policy;
      this.standings = now.items.map((kpi) => ({
        kpi,
        before: before.items.find(({ name }) => name === kpi.name)?.figure ?? null,
        goal: policy?.goals.find((goal) => goal.kpi === kpi.name) ?? null,
        months: trends.get(kpi.name) ?? []
      }));
    } catch (error) {
      if (wanted === this.#wanted) this.problem = error;
    }
  }
}
