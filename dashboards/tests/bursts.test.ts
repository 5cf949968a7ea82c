import { describe, expect, it } from 'vitest';
import type { IssuedCommand } from '../src/lib/api/types';
import { paceOf } from '../src/lib/setup/bursts';

const NOW = Date.parse('2026-01-01T10:00:00Z');

function burst(seconds: number, answered_at: string | null, refused: string | null = null) {
  return {
    command: { kind: 'burst', interval_ms: 100, seconds },
    answered_at,
    refused,
    expires_at: '2026-01-01T10:30:00Z'
  } as IssuedCommand;
}

describe('how a board measures', () => {
  it('is fast from its answer on for as long as it was told', () => {
    const told = [burst(3600, '2026-01-01T09:30:00Z')];
    expect(paceOf(told, NOW)).toEqual({ kind: 'fast', until: NOW + 1_800_000 });
    expect(paceOf(told, NOW + 1_800_000)).toEqual({ kind: 'usual' });
  });

  it('is not known while the board has not answered', () => {
    expect(paceOf([burst(3600, null)], NOW)).toEqual({ kind: 'asked' });
    expect(paceOf([burst(3600, null)], NOW + 3_600_000)).toEqual({ kind: 'usual' });
  });

  it('is as before when the board did not obey', () => {
    const told = [burst(60, '2026-01-01T09:59:59Z', 'no'), burst(3600, '2026-01-01T09:30:00Z')];
    expect(paceOf(told, NOW).kind).toBe('fast');
    expect(paceOf([burst(0, '2026-01-01T09:59:59Z'), ...told], NOW)).toEqual({ kind: 'usual' });
  });
});
