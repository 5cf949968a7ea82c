import type { Api } from '$lib/api/client';
import { ApiProblem } from '$lib/api/client';
import { EventStreamParser, type StreamEvent } from '$lib/api/event-stream';
import type {
  Alarm,
  AlarmFlood,
  CustomerRequest,
  LiveReadings,
  PlaybookRun,
  RepairSession,
  SlaClock,
  Ticket,
  Visit,
  WorkOrder
} from '$lib/api/types';

/** What watchers are told; `reload` means that events may have been missed. */
export interface LiveEvents {
  readings: LiveReadings;
  ticket: Ticket;
  alarm: Alarm;
  escalation: Alarm;
  alarm_flood: AlarmFlood;
  repair_session: RepairSession;
  sla: SlaClock;
  visit: Visit;
  work_order: WorkOrder;
  request: CustomerRequest;
  playbook_run: PlaybookRun;
  reload: null;
}

/** The names under which the server tells of changes. */
const TOLD: readonly string[] = [
  'readings',
  'ticket',
  'alarm',
  'escalation',
  'alarm_flood',
  'repair_session',
  'sla',
  'visit',
  'work_order',
  'request',
  'playbook_run'
] satisfies (keyof LiveEvents)[];

type Listener<K extends keyof LiveEvents> = (data: LiveEvents[K]) => void;

/** Waits between attempts to connect, milliseconds; the last one repeats. */
const BACK_OFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 15_000];

/** The server sends a comment every 15 s: twice that and more without a byte is a dead line. */
const DEAD_AFTER_MS = 40_000;

/** The stream of events, which connects again by itself. */
export class Live {
  status = $state<'connecting' | 'open' | 'lost'>('connecting');
  retryAt = $state<number | null>(null);

  #listeners = new Map<keyof LiveEvents, Set<(data: never) => void>>();
  #abort: AbortController | null = null;
  #wake: (() => void) | null = null;
  #running = false;

  constructor(private readonly api: Api) {}

  on<K extends keyof LiveEvents>(event: K, listener: Listener<K>): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(event, listeners);
    return () => listeners.delete(listener);
  }

  start(): () => void {
    this.#running = true;
    void this.#run();
    return () => {
      this.#running = false;
      this.#abort?.abort();
      this.#wake?.();
    };
  }

  retryNow(): void {
    this.#wake?.();
  }

  async #run(): Promise<void> {
    let failures = 0;
    let wasOpen = false;
    while (this.#running) {
      try {
        await this.#follow(() => {
          failures = 0;
          this.status = 'open';
          this.retryAt = null;
          if (wasOpen) this.#tell('reload', null);
          wasOpen = true;
        });
      } catch (error) {
        // A refused token ends the session; whoever signs in next starts a new stream.
        if (error instanceof ApiProblem && error.status === 401) return;
      }
      if (!this.#running) return;
      this.status = 'lost';
      await this.#rest(BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)] ?? 1_000);
      failures += 1;
    }
  }

  async #follow(opened: () => void): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    let dead = setTimeout(() => abort.abort(), DEAD_AFTER_MS);
    try {
      const response = await this.api.events(abort.signal);
      if (!response.body) return;
      opened();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new EventStreamParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(dead);
        dead = setTimeout(() => abort.abort(), DEAD_AFTER_MS);
        parser.push(value).forEach((event) => this.#take(event));
      }
    } finally {
      clearTimeout(dead);
    }
  }

  #take({ event, data }: StreamEvent): void {
    if (event === 'resync') {
      this.#tell('reload', null);
    } else if (TOLD.includes(event)) {
      this.#tell(event as keyof LiveEvents, JSON.parse(data) as never);
    }
  }

  #tell<K extends keyof LiveEvents>(event: K, data: LiveEvents[K]): void {
    this.#listeners.get(event)?.forEach((listener) => listener(data as never));
  }

  #rest(ms: number): Promise<void> {
    this.retryAt = Date.now() + ms;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        this.retryAt = null;
        resolve();
      };
    });
  }
}
