import type { Board, IssuedCommand, Point } from '$lib/api/types';

/** Boards that speak for a machine and can be told something. */
export function boardsOf(boards: readonly Board[], points: readonly Point[]): Board[] {
  const ids = new Set(points.map(({ id }) => id));
  return boards.filter(
    (board) =>
      board.credential_issued &&
      board.channels.some(({ point_id }) => point_id !== null && ids.has(point_id))
  );
}

export type Pace = { kind: 'usual' } | { kind: 'asked' } | { kind: 'fast'; until: number };

/** How a board measures, by what it was told last and what it answered; newest command first. */
export function paceOf(commands: readonly IssuedCommand[], now: number): Pace {
  for (const { command, answered_at, refused, expires_at } of commands) {
    if (command.kind !== 'burst' || refused !== null) continue;
    if (answered_at === null) {
      if (Date.parse(expires_at) > now) return { kind: 'asked' };
      continue;
    }
    const until = Date.parse(answered_at) + command.seconds * 1000;
    return until > now ? { kind: 'fast', until } : { kind: 'usual' };
  }
  return { kind: 'usual' };
}
