import { describe, expect, it } from 'vitest';
import { actionsOf, hidingOf } from '../src/lib/alarms/actions';
import { filterOf, isFiltered, queriesOf, searchOf } from '../src/lib/alarms/filter';
import { byUrgency } from '../src/lib/alarms/order';
import type { Alarm, AlarmState, Priority, Suspension } from '../src/lib/api/types';
import { t } from '../src/lib/messages';

function alarm(state: AlarmState, more: Partial<Alarm> = {}): Alarm {
  const at = '2026-03-01T08:00:00Z';
  return {
    id: state,
    asset_id: 'pump',
    asset_name: 'Pump',
    tag: 'deviation',
    class: 'machine',
    signature: null,
    state,
    priority: 'medium',
    raised_priority: 'medium',
    latched: false,
    summary: 'Oil temperature has risen',
    since: at,
    raised_at: at,
    last_raised_at: at,
    occurrences: 1,
    recorded_at: at,
    cleared_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
    ticket_id: null,
    hidden_by: null,
    chattering_until: null,
    flood_id: null,
    escalation_level: 0,
    deviations: [],
    ...more
  };
}

function suspension(kind: Suspension['kind'], more: Partial<Suspension> = {}): Suspension {
  const at = '2026-03-01T08:00:00Z';
  return {
    id: 's',
    asset_id: 'pump',
    asset_name: 'Pump',
    tag: null,
    kind,
    state: 'running',
    keeps_safety: true,
    from: at,
    until: null,
    reason: 'work',
    by: 'A. Ohm',
    created_at: at,
    ended_at: null,
    ended_by: null,
    ended_why: null,
    hidden_count: 0,
    ...more
  };
}

describe('the list of alarms', () => {
  it('has active ones that nobody has seen first, and those that are over last', () => {
    const states = Object.keys(t.alarms.state) as AlarmState[];
    const order = byUrgency(states.map((state) => alarm(state))).map((a) => a.state);
    expect(order[0]).toBe('unacknowledged_active');
    expect(order.at(-1)).toBe('normal');
    expect(order).toHaveLength(states.length);
  });

  it('has the more urgent of two first, then the newer', () => {
    const of = (id: string, priority: Priority, at: string) =>
      alarm('unacknowledged_active', { id, priority, last_raised_at: at });
    const order = byUrgency([
      of('old', 'high', '2026-03-01T08:00:00Z'),
      of('low', 'low', '2026-03-01T10:00:00Z'),
      of('new', 'high', '2026-03-01T09:00:00Z'),
      of('now', 'critical', '2026-03-01T07:00:00Z')
    ]);
    expect(order.map((a) => a.id)).toEqual(['now', 'new', 'old', 'low']);
  });
});

describe('what is offered for an alarm', () => {
  it.each<[AlarmState, string[]]>([
    ['unacknowledged_active', ['acknowledge', 'shelve']],
    ['acknowledged_active', ['shelve']],
    ['unacknowledged_cleared', ['acknowledge', 'shelve']],
    ['latched_unacknowledged', ['acknowledge', 'reset', 'shelve']],
    ['latched_acknowledged', ['reset', 'shelve']],
    ['normal', ['shelve']]
  ])('is what its state allows: %s', (state, actions) => {
    expect(actionsOf(alarm(state), null)).toEqual(actions);
  });

  it('is to take it from the shelf only where a person put it there', () => {
    const hidden = alarm('shelved', { hidden_by: 's' });
    expect(actionsOf(hidden, suspension('shelved'))).toEqual(['unshelve']);
    expect(actionsOf(hidden, suspension('repair_session'))).toEqual([]);
    expect(actionsOf(alarm('out_of_service'), suspension('maintenance'))).toEqual([]);
  });

  it('is not to shelve an alarm once more whose name is on the shelf', () => {
    const over = alarm('normal');
    const shelf = suspension('shelved', { tag: 'deviation' });
    expect(hidingOf(over, [shelf])).toBe(shelf);
    expect(actionsOf(over, shelf)).toEqual(['unshelve']);
    expect(hidingOf(over, [suspension('shelved', { tag: 'leak' })])).toBeNull();
    expect(
      hidingOf(over, [suspension('shelved', { asset_id: 'fan', tag: 'deviation' })])
    ).toBeNull();
  });
});

describe('a view of the alarms', () => {
  it('is in its address, and read from it again', () => {
    const search = new URLSearchParams(
      'state=shelved&class=safety&priority=high&machine=p&hidden=no&flood=f'
    );
    expect(searchOf(filterOf(search)).toString()).toBe(search.toString());
  });

  it('leaves out what it does not know', () => {
    const filter = filterOf(new URLSearchParams('state=toString&class=x&priority=&hidden=maybe'));
    expect(isFiltered(filter)).toBe(false);
    expect(searchOf(filter).size).toBe(0);
  });

  it('asks for everything that is not over, without the years of what is', () => {
    const queries = queriesOf(filterOf(new URLSearchParams('machine=p'))).map(String);
    expect(queries).toContain('asset=p&active=true');
    expect(queries).toContain('asset=p&state=unacknowledged_cleared');
    expect(queries).toContain('asset=p&hidden=true&active=false');
    expect(queries.every((query) => query !== 'asset=p')).toBe(true);
  });

  it('does not ask for hidden ones where only visible ones are wanted', () => {
    const queries = queriesOf(filterOf(new URLSearchParams('hidden=no')));
    expect(queries.every((query) => query.get('hidden') === 'false')).toBe(true);
  });
});
