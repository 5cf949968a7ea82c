import type { Api } from '$lib/api/client';
import type { Visit } from '$lib/api/types';
import { DAYS_AHEAD, DAYS_BACK } from '$lib/field/days';
import { Places } from '$lib/field/places.svelte';
import { dayOf } from '$lib/planning/frame';
import { Refresher } from '$lib/state/refresher';

/** The visits of whoever is signed in, with where they lead. */
export class MyDay {
  visits = $state.raw<readonly Visit[] | null>(null);
  problem = $state<unknown>(null);
  readonly places: Places;

  readonly #refresher = new Refresher(() => this.#load());

  constructor(private readonly api: Api) {
    this.places = new Places(api);
  }

  refresh(): Promise<void> {
    return this.#refresher.ask();
  }

  async #load(): Promise<void> {
    const now = Date.now();
    try {
      const visits = await this.api.field.myVisits(dayOf(now, -DAYS_BACK), dayOf(now, DAYS_AHEAD));
      this.visits = visits;
      this.problem = null;
      visits.forEach(({ asset_id }) => void this.places.ask(asset_id));
    } catch (error) {
      this.problem = error;
    }
  }
}
