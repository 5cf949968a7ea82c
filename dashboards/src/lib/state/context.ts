import { createContext } from 'svelte';
import type { Api } from '$lib/api/client';
import type { Session as Me } from '$lib/api/types';
import type { FieldActions } from '$lib/field/actions';
import type { Device } from '$lib/offline/device.svelte';
import type { Outbox } from '$lib/offline/outbox.svelte';
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
  /** What this device knows without a network. */
  device: Device;
  /** What was done and is not sent yet. */
  outbox: Outbox;
  /** What is done beside a machine. */
  field: FieldActions;
  signOut: () => void;
}

export const [workplace, provideWorkplace] = createContext<Workplace>();
