import type { Api } from '$lib/api/client';
import type { Asset, LiveReadings, Point, Ticket } from '$lib/api/types';
import type { Live } from './live.svelte';

/** Events can be lost with a connection; the lists are asked for this often all the same. */
const POLL_MS = 5_000;

/** Machines and tickets, kept up to date by events and by polling. */
export class Fleet {
  assets = $state<Asset[] | null>(null);
  tickets = $state<Ticket[] | null>(null);
  olderTickets = $state<string | null>(null);
  points = $state<Record<string, Point[]>>({});
  problem = $state<unknown>(null);

  /** The ids seen so far, to know a ticket that has just appeared. */
  #known: Set<string> | null = null;
  #older: Ticket[] = [];
  #fetching = new Set<string>();
  #loading: Promise<void> | null = null;

  constructor(
    private readonly api: Api,
    private readonly live: Live,
    private readonly appeared: (ticket: Ticket) => void
  ) {}

  get openTickets(): number {
    return (this.tickets ?? []).filter((x) => x.state === 'open' || x.state === 'diagnosing')
      .length;
  }

  start(): () => void {
    const off = [
      this.live.on('readings', (r) => this.#takeReadings(r)),
      this.live.on('ticket', (ticket) => {
        this.takeTicket(ticket);
        void this.refresh();
      }),
      this.live.on('alarm', () => void this.refresh()),
      this.live.on('reload', () => {
        void this.refresh();
        Object.keys(this.points).forEach((id) => void this.loadPoints(id, true));
      })
    ];
    const timer = setInterval(() => this.#poll(), POLL_MS);
    void this.refresh();
    return () => {
      off.forEach((stop) => stop());
      clearInterval(timer);
    };
  }

  /** Reads both lists again; calls made meanwhile wait for the one under way. */
  refresh(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** Whose machines there are, by name: id and name of each. */
  get customers(): [string, string][] {
    const byId: Record<string, string> = {};
    for (const { customer_id: id, customer_name: name } of this.assets ?? []) {
      if (id && name) byId[id] = name;
    }
    return Object.entries(byId).sort(([, a], [, b]) => a.localeCompare(b));
  }

  asset(id: string): Asset | null {
    return this.assets?.find((a) => a.id === id) ?? null;
  }

  async loadPoints(assetId: string, again = false): Promise<void> {
    if ((this.points[assetId] && !again) || this.#fetching.has(assetId)) return;
    this.#fetching.add(assetId);
    try {
      this.points[assetId] = await this.api.points(assetId);
    } catch (error) {
      // The machine's own page shows the failure; in the list the values stay empty.
      if (!this.points[assetId]) this.problem = error;
    } finally {
      this.#fetching.delete(assetId);
    }
  }

  async loadOlderTickets(): Promise<void> {
    if (!this.olderTickets) return;
    const page = await this.api.tickets(this.olderTickets);
    this.#older.push(...page.items);
    this.olderTickets = page.next_cursor;
    this.#show(this.tickets ?? []);
  }

  takeTicket(ticket: Ticket): void {
    if (this.tickets === null) return;
    this.#show([ticket, ...this.tickets]);
  }

  async #load(): Promise<void> {
    try {
      const [assets, page] = await Promise.all([this.api.assets(), this.api.tickets()]);
      this.assets = assets;
      if (this.#older.length === 0) this.olderTickets = page.next_cursor;
      this.#show(page.items);
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  #show(newest: Ticket[]): void {
    const byId = new Map<string, Ticket>();
    for (const ticket of [...newest, ...this.#older]) {
      if (!byId.has(ticket.id)) byId.set(ticket.id, ticket);
    }
    const tickets = [...byId.values()];
    const fresh = this.#known ? tickets.filter((x) => !this.#known?.has(x.id)) : [];
    this.#known = new Set([...(this.#known ?? []), ...byId.keys()]);
    this.tickets = tickets.sort((a, b) => b.opened_at.localeCompare(a.opened_at));
    const old = new Set(this.#older.map((x) => x.id));
    fresh.filter((x) => !old.has(x.id)).forEach((x) => this.appeared(x));
  }

  #poll(): void {
    if (document.hidden) return;
    void this.refresh();
    // A band is learnt without an event of its own.
    Object.entries(this.points).forEach(([id, points]) => {
      if (this.live.status !== 'open' || points.some((p) => p.normal === null)) {
        void this.loadPoints(id, true);
      }
    });
  }

  #takeReadings(readings: LiveReadings): void {
    const at = readings.at_ms.at(-1);
    const value = readings.value.at(-1);
    if (at === undefined || value === undefined) return;
    const points = this.points[readings.asset_id];
    const point = points?.find((p) => p.id === readings.point_id);
    if (point && (!point.latest || Date.parse(point.latest.at) <= at)) {
      point.latest = { at: new Date(at).toISOString(), value };
    }
    const asset = this.asset(readings.asset_id);
    if (asset && (!asset.last_reading_at || Date.parse(asset.last_reading_at) <= at)) {
      asset.last_reading_at = new Date(at).toISOString();
    }
  }
}
