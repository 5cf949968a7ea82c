import type { Api } from '$lib/api/client';
import { hidingOf } from '$lib/alarms/actions';
import type { Alarm, AlarmFlood, Suspension } from '$lib/api/types';
import type { Live } from './live.svelte';
import { Refresher } from './refresher';

/** Events can be lost with a connection; the server is asked this often all the same. */
const POLL_MS = 5_000;

/** What every screen has to know of alarms: how many nobody has seen, a flood, what hides them. */
export class AlarmWatch {
  unacknowledged = $state(0);
  /** The flood that is under way. */
  flood = $state<AlarmFlood | null>(null);
  /** What hides alarms now, or is planned to. */
  suspensions = $state.raw<readonly Suspension[]>([]);

  readonly #refresher = new Refresher(() => this.#load());

  constructor(
    private readonly api: Api,
    private readonly live: Live
  ) {}

  start(): () => void {
    const again = () => void this.refresh();
    const off = (['alarm', 'escalation', 'alarm_flood', 'repair_session', 'reload'] as const).map(
      (event) => this.live.on(event, again)
    );
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, POLL_MS);
    again();
    return () => {
      off.forEach((stop) => stop());
      clearInterval(timer);
    };
  }

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  hiding(alarm: Alarm): Suspension | null {
    return hidingOf(alarm, this.suspensions);
  }

  async #load(): Promise<void> {
    try {
      const wanted = new URLSearchParams({ state: 'unacknowledged_active' });
      const [alarms, floods, suspensions] = await Promise.all([
        this.api.alarms.all(wanted),
        this.api.alarms.floods(),
        this.api.alarms.suspensions()
      ]);
      this.unacknowledged = alarms.length;
      this.flood = floods.find((flood) => flood.until === null) ?? null;
      this.suspensions = suspensions;
    } catch {
      // The banner says that the server does not answer; what was known stays on screen.
    }
  }
}
