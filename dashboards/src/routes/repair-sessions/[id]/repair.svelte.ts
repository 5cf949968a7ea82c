import type { Api } from '$lib/api/client';
import type { Check, Gate, RepairVerdict, Standing, WholeSession } from '$lib/api/types';
import { Refresher } from '$lib/state/refresher';

/** One repair session with everything that its screen shows of it. */
export class Repair {
  session = $state.raw<WholeSession | null>(null);
  standing = $state.raw<Standing | null>(null);
  gate = $state.raw<Gate | null>(null);
  /** What the checks of its test ask for, in the version that is run. */
  checks = $state.raw<readonly Check[]>([]);
  /** The newest first. */
  verdicts = $state.raw<readonly RepairVerdict[]>([]);
  problem = $state<unknown>(null);

  /** Names of the checks, for the axis. */
  readonly checkNames = $derived(new Map(this.standing?.checks.map((c) => [c.id, c.name]) ?? []));

  #testKnown = '';
  #verdictsKnown = -1;
  readonly #refresher = new Refresher(() => this.#load());

  constructor(
    private readonly api: Api,
    readonly id: string
  ) {}

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  async #load(): Promise<void> {
    const { repairs } = this.api;
    try {
      const [session, standing, gate] = await Promise.all([
        repairs.show(this.id),
        repairs.acceptance(this.id),
        repairs.gate(this.id)
      ]);
      await Promise.all([this.#loadTest(standing), this.#loadVerdicts(session)]);
      this.session = session;
      this.standing = standing;
      this.gate = gate;
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  async #loadTest({ test }: Standing): Promise<void> {
    const wanted = test ? `${test.id} ${test.version}` : '';
    if (wanted === this.#testKnown) return;
    const whole = test ? await this.api.repairs.test(test.id) : null;
    const version = whole?.versions?.find((v) => v.version === test?.version);
    this.checks = version?.checks ?? whole?.checks ?? [];
    this.#testKnown = wanted;
  }

  /** A verdict may hold hundreds of points: it is read again only when there is a new one. */
  async #loadVerdicts({ axis }: WholeSession): Promise<void> {
    const made = axis.filter((i) => i.what === 'entry' && i.is.kind === 'verdict_made').length;
    if (made === this.#verdictsKnown) return;
    this.verdicts = await this.api.repairs.verdicts(this.id);
    this.#verdictsKnown = made;
  }
}
