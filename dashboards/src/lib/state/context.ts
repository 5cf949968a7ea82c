import { createContext } from 'svelte';
import type { Api } from '$lib/api/client';
import type { AlarmWatch } from './alarms.svelte';
import type { Clock } from './clock.svelte';
import type { Fleet } from './fleet.svelte';
import type { Live } from './live.svelte';

/** What every screen is given by the layout. */
export interface Workplace {
  api: Api;
  live: Live;
  fleet: Fleet;
  alarms: AlarmWatch;
  clock: Clock;
}

export const [workplace, provideWorkplace] = createContext<Workplace>();
