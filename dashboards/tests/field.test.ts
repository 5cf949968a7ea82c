import { describe, expect, it } from 'vitest';
import type { Visit, VisitState } from '../src/lib/api/types';
import { FieldActions } from '../src/lib/field/actions';
import { machineCodeIn } from '../src/lib/field/codes';
import { nextStepOf, visitsByDay } from '../src/lib/field/days';
import { directionsTo } from '../src/lib/field/directions';
import { madeHere, withEffects } from '../src/lib/offline/effects';
import type { Write } from '../src/lib/offline/write';

const NEXT: Record<VisitState, VisitState[]> = {
  planned: ['dispatched', 'travelling', 'on_site', 'missed', 'cancelled'],
  dispatched: ['travelling', 'on_site', 'planned', 'missed', 'cancelled'],
  travelling: ['on_site', 'missed', 'cancelled'],
  on_site: ['done', 'missed'],
  done: [],
  missed: [],
  cancelled: []
};

function visit(id: string, begins: string, state: VisitState = 'planned'): Visit {
  const at = new Date(begins);
  return {
    id,
    state,
    next_states: NEXT[state],
    starts_at: at.toISOString(),
    ends_at: new Date(at.getTime() + 3_600_000).toISOString()
  } as Visit;
}
const NOW = new Date('2026-11-27T09:30').getTime();
const ids = (visits: readonly Visit[]) => visits.map(({ id }) => id);

describe('my visits', () => {
  it('come by day, in order of time, without those that were called off', () => {
    const { days, overdue } = visitsByDay(
      [
        visit('late', '2026-11-27T15:00'),
        visit('off', '2026-11-27T11:00', 'cancelled'),
        visit('monday', '2026-11-30T08:00'),
        visit('early', '2026-11-27T08:00', 'done')
      ],
      NOW
    );
    expect(days.map(({ visits }) => ids(visits))).toEqual([['early', 'late'], ['monday']]);
    expect(new Date(days[1]?.day ?? 0).getDate()).toBe(30);
    expect(overdue).toEqual([]);
  });

  it('show today also when nothing is on', () => {
    const { days, next } = visitsByDay([visit('monday', '2026-11-30T08:00')], NOW);
    expect(days.map(({ visits }) => visits.length)).toEqual([0, 1]);
    expect(next).toBeNull();
  });

  it('of days before are kept until somebody has ended them', () => {
    const before = [
      visit('ended', '2026-11-26T08:00', 'done'),
      visit('missed', '2026-11-26T09:00', 'missed'),
      visit('open', '2026-11-26T14:00', 'on_site')
    ];
    const { overdue, next } = visitsByDay([...before, visit('today', '2026-11-27T10:00')], NOW);
    expect(ids(overdue)).toEqual(['open']);
    expect(next?.id).toBe('open');
  });

  it('begin with where one is, then where one is going, then with the first', () => {
    const first = visit('first', '2026-11-27T08:00');
    const going = visit('going', '2026-11-27T10:00', 'travelling');
    const there = visit('there', '2026-11-27T12:00', 'on_site');
    expect(visitsByDay([first, going, there], NOW).next?.id).toBe('there');
    expect(visitsByDay([first, going], NOW).next?.id).toBe('going');
    expect(visitsByDay([first], NOW).next?.id).toBe('first');
  });

  it('have one next step: to go, to arrive, and then the work', () => {
    expect(nextStepOf(visit('a', '2026-11-27T08:00'))).toBe('travelling');
    expect(nextStepOf(visit('a', '2026-11-27T08:00', 'travelling'))).toBe('on_site');
    expect(nextStepOf(visit('a', '2026-11-27T08:00', 'on_site'))).toBeNull();
  });
});

describe('the code of a machine', () => {
  it('is read out of the address on its label, or alone', () => {
    expect(machineCodeIn('https://service.example/a/7K2M9QXA')).toBe('7K2M9QXA');
    expect(machineCodeIn('https://service.example/a/7K2M9QXA?from=label')).toBe('7K2M9QXA');
    expect(machineCodeIn('  7k2m-9qxa ')).toBe('7k2m-9qxa');
    expect(machineCodeIn('/a/%')).toBe('%');
  });
});

describe('the way to a site', () => {
  const place = { latitude: 53.54, longitude: 9.98, address: 'Quay Road 7' };

  it('leads to its coordinates, or to its address', () => {
    expect(directionsTo(place, 'iPhone')).toBe(
      'https://www.openstreetmap.org/directions?to=53.54%2C9.98'
    );
    expect(directionsTo({ ...place, latitude: null, longitude: null }, 'iPhone')).toBe(
      'https://www.openstreetmap.org/search?query=Quay+Road+7'
    );
  });

  it('asks an Android phone which map to open', () => {
    expect(directionsTo(place, 'Android 15')).toBe('geo:53.54,9.98?q=53.54,9.98');
  });

  it('is not offered where nobody has said where it is', () => {
    expect(directionsTo({ latitude: null, longitude: null, address: ' ' }, '')).toBeNull();
  });
});

describe('what is done beside a machine', () => {
  function device() {
    const sent: Write[] = [];
    const send = <T>(write: Write): Promise<T | null> => {
      sent.push(write);
      return Promise.resolve(null);
    };
    return { sent, actions: new FieldActions({ send }, 'Mei Chen') };
  }
  const effectsOf = ({ effects = [] }: Write) => effects;

  it('says when it was done, and in words what it was', async () => {
    const { sent, actions } = device();
    const visit = { id: 'v 1', work_order_id: 'w', state: 'travelling' } as Visit;
    await actions.moveVisit(visit, 'on_site', 'arrived');
    expect(sent[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/visits/v%201/transition',
      body: { to: 'on_site', why: 'arrived' },
      stamps: { time: 'device_at' },
      what: 'Visit: On site'
    });
  });

  it('shows at once in the visit and its work order', async () => {
    const { sent, actions } = device();
    await actions.moveVisit({ id: 'v', work_order_id: 'w' } as Visit, 'on_site', 'arrived');
    const read = { items: [{ id: 'w', state: 'dispatched' }, { id: 'v' }, { id: 'x' }] };
    expect(withEffects('/any', read, sent.flatMap(effectsOf))).toMatchObject({
      items: [{ state: 'in_progress' }, { state: 'on_site', next_states: ['done', 'missed'] }, {}]
    });
  });

  it('has its key in the entry as well, which is kept once by it', async () => {
    const { sent, actions } = device();
    await actions.writeDown('s', { kind: 'note', text: 'worn' });
    expect(sent[0]).toMatchObject({ stamps: { time: 'at', key: 'key' }, what: 'Note: worn' });
  });

  it('begins a repair under a name that this device chose, and goes on with it', async () => {
    const { sent, actions } = device();
    const session = { asset_id: 'a', ticket_id: 't', title: 'Seal', technicians: ['Mei Chen'] };
    const id = await actions.prepareSession(session);
    await actions.moveSession(id, 'running', 'begun');
    await actions.writeDown(id, { kind: 'note', text: 'worn' });
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const effects = sent.flatMap(effectsOf);
    const path = `/api/v1/repair-sessions/${id}`;
    expect(withEffects(path, madeHere(path, effects), effects)).toMatchObject({
      id,
      state: 'running',
      next_states: ['acceptance_test'],
      axis: [
        { what: 'step', is: { to: 'running' } },
        { what: 'entry', is: { kind: 'note', text: 'worn', author: 'Mei Chen' } }
      ]
    });
  });
});
