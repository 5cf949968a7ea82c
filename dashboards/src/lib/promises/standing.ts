/** How a promise stands at a moment, and which of several has to be kept next. */
import type { SlaClock } from '$lib/api/types';

export type Standing = 'late' | 'soon' | 'running' | 'on_hold' | 'met' | 'met_late' | 'cancelled';

/** The browser's clock decides between two news of the server, so that a promise turns late on time. */
export function standingOf(clock: SlaClock, nowMs: number): Standing {
  switch (clock.state) {
    case 'met':
      return clock.breached_at ? 'met_late' : 'met';
    case 'cancelled':
      return 'cancelled';
    case 'on_hold':
      return 'on_hold';
    case 'breached':
      return 'late';
    case 'running':
      if (clock.due_at && Date.parse(clock.due_at) <= nowMs) return 'late';
      return clock.due_soon_at && Date.parse(clock.due_soon_at) <= nowMs ? 'soon' : 'running';
  }
}

/** Until it is due, milliseconds: negative when it is late; null while no time is set. */
export function leftOf(clock: SlaClock, nowMs: number): number | null {
  return clock.due_at === null ? null : Date.parse(clock.due_at) - nowMs;
}

/** How much of the time between beginning and promise is over, 0 to 1. */
export function usedOf(clock: SlaClock, nowMs: number): number {
  if (clock.due_at === null) return 0;
  const started = Date.parse(clock.started_at);
  const whole = Date.parse(clock.due_at) - started;
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (nowMs - started) / whole));
}

/** Whether what is due now differs from what the customer was told first, by a minute at least. */
export function isRecomputed(clock: SlaClock): boolean {
  if (clock.due_at === null) return false;
  return Math.abs(Date.parse(clock.due_at) - Date.parse(clock.promised_due_at)) >= 60_000;
}

function isOpen({ state }: SlaClock): boolean {
  return state === 'running' || state === 'breached' || state === 'on_hold';
}

/** What is due first; what is on hold comes after everything that has a time. */
function byDue(a: SlaClock, b: SlaClock): number {
  return (
    (a.due_at ? Date.parse(a.due_at) : Infinity) - (b.due_at ? Date.parse(b.due_at) : Infinity) || 0
  );
}

/** By what it is about, the promise that has to be kept next. */
export function nextOf(clocks: readonly SlaClock[]): Map<string, SlaClock> {
  const next = new Map<string, SlaClock>();
  for (const clock of clocks.filter(isOpen)) {
    const known = next.get(clock.subject_id);
    if (!known || byDue(clock, known) < 0) next.set(clock.subject_id, clock);
  }
  return next;
}

/** What is due first comes first, then what is on hold, then what was promised nothing, newest first. */
export function byPromise<T extends { id: string; opened_at: string }>(
  things: readonly T[],
  next: ReadonlyMap<string, SlaClock>
): T[] {
  const rank = ({ id }: T) => (!next.has(id) ? 2 : next.get(id)?.due_at ? 0 : 1);
  return [...things].sort((a, b) => {
    const [x, y] = [next.get(a.id), next.get(b.id)];
    return (
      rank(a) - rank(b) || (x && y ? byDue(x, y) : 0) || b.opened_at.localeCompare(a.opened_at)
    );
  });
}
