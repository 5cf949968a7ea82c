/** A technician's next visits, taken onto the device while there is a network. */
import type { Api } from '$lib/api/client';
import { attachmentUrl } from '$lib/api/repairs';
import type { Visit } from '$lib/api/types';
import { Work } from '$lib/field/work.svelte';
import { isAhead } from '$lib/planning/advice';

/** Taken again after so long, milliseconds, or when there are other visits. */
const AGAIN_MS = 10 * 60_000;
/** Most visits: the ones that come first. */
const MOST = 12;

export class Preparation {
  state = $state<'none' | 'under way' | 'done' | 'failed'>('none');
  atMs = $state<number | null>(null);
  #visits = '';

  constructor(
    private readonly api: Api,
    private readonly may: (operation: string) => boolean
  ) {}

  /** Reads what the screens of these visits read; what is read is kept. */
  async prepare(visits: readonly Visit[], nowMs: number): Promise<void> {
    const next = visits.filter(isAhead).slice(0, MOST);
    const ids = next.map(({ id, version }) => `${id} ${version}`).join();
    const isFresh = this.atMs !== null && nowMs - this.atMs < AGAIN_MS && ids === this.#visits;
    if (next.length === 0 || isFresh || this.state === 'under way') return;
    this.state = 'under way';
    try {
      for (const visit of next) await this.#take(visit);
      [this.state, this.atMs, this.#visits] = ['done', nowMs, ids];
    } catch {
      this.state = 'failed';
    }
  }

  async #take({ work_order_id, asset_id }: Visit): Promise<void> {
    const work = new Work(this.api, work_order_id, this.may);
    await work.refresh();
    if (work.problem || !work.order) throw work.problem;
    const { ticket_id } = work.order;
    const pictures = work.files.filter(({ media_type }) => media_type.startsWith('image/'));
    await Promise.all([
      this.api.points(asset_id),
      this.api.ticket(ticket_id),
      this.api.promises.ofTicket(ticket_id),
      work.session && this.api.repairs.acceptance(work.session.id),
      // The service worker keeps it.
      ...pictures.map(({ sha256 }) => fetch(attachmentUrl(sha256)))
    ]);
  }
}
