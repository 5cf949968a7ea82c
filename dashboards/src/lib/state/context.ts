import { createContext } from 'svelte';
import type { Api } from '$lib/api/client';
import type { Session as Me } from '$lib/api/types';
import type { AlarmWatch } from './alarms.svelte';
import type { Clock } from './clock.svelte';
import type { Fleet } from './fleet.svelte';
import type { Live } from './live.svelte';

/** What every screen is given by the layout. */
export interface Workplace {
  /** Who is signed in. */
  me: Me;
  api: Api;
  live: Live;
  fleet: Fleet;
  alarms: AlarmWatch;
  clock: Clock;
  signOut: () => void;
}

export const [workplace, provideWorkplace] = createContext<Workplace>();
