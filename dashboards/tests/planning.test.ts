import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../src/lib/api/client';
import type { Hours, Technician, Visit, WorkOrder } from '../src/lib/api/types';
import { adviceOn } from '../src/lib/planning/advice';
import {
  dateOf,
  dayNamed,
  dayOf,
  firstGap,
  frameOf,
  hoursOf,
  momentAt,
  placeOf,
  weekOf
} from '../src/lib/planning/frame';
import { openIn } from '../src/lib/planning/hours';
import { waitingOf } from '../src/lib/planning/waiting';
import { localTimes, refusalOf } from '../src/lib/planning/words';

const HOUR = 60 * 60_000;
const utc = (text: string) => Date.parse(`${text}Z`);

type Week = Hours['schedule']['week'];

function hours(week: Partial<Week>, holidays: Hours['schedule']['holidays'] = []): Hours {
  const none = { monday: [], tuesday: [], wednesday: [], thursday: [], friday: [] };
  const closed: Week = { ...none, saturday: [], sunday: [] };
  return { time_zone: 'Europe/Berlin', schedule: { week: { ...closed, ...week }, holidays } };
}
const DAY = [{ from: '08:00', to: '17:00' }];

describe('working hours', () => {
  it('are read in the time zone of the technician, in summer and in winter', () => {
    const winter = openIn(
      hours({ thursday: DAY }),
      utc('2026-11-26T00:00'),
      utc('2026-11-27T00:00')
    );
    expect(winter).toEqual([{ from: utc('2026-11-26T07:00'), to: utc('2026-11-26T16:00') }]);
    const summer = openIn(
      hours({ thursday: DAY }),
      utc('2026-07-02T00:00'),
      utc('2026-07-03T00:00')
    );
    expect(summer).toEqual([{ from: utc('2026-07-02T06:00'), to: utc('2026-07-02T15:00') }]);
  });

  it('follow the clock on the day on which it changes', () => {
    // On 25 October 2026 clocks go back at three in the morning.
    const open = openIn(
      hours({ sunday: [{ from: '00:00', to: '24:00' }] }),
      utc('2026-10-24T12:00'),
      utc('2026-10-26T12:00')
    );
    expect(open).toEqual([{ from: utc('2026-10-24T22:00'), to: utc('2026-10-25T23:00') }]);
  });

  it('through midnight are one stretch, and no longer than what is looked at', () => {
    const always = [{ from: '00:00', to: '24:00' }];
    const [from, to] = [utc('2026-11-26T10:00'), utc('2026-11-27T10:00')];
    expect(openIn(hours({ thursday: always, friday: always }), from, to)).toEqual([{ from, to }]);
  });

  it('are others on a holiday', () => {
    const holiday = { date: '2026-11-26', name: 'Works outing', open: [] };
    const closed = hours({ thursday: DAY }, [holiday]);
    expect(openIn(closed, utc('2026-11-26T00:00'), utc('2026-11-27T00:00'))).toEqual([]);
  });
});

describe('a calendar', () => {
  const day = new Date(2026, 10, 26).getTime();

  it('knows the day of an address, and is at today otherwise', () => {
    expect(dayNamed('2026-11-26', 0)).toBe(day);
    expect(dateOf(day)).toBe('2026-11-26');
    expect([null, 'soon', '2026-99-99'].map((text) => dayNamed(text, day + HOUR))).toEqual([
      day,
      day,
      day
    ]);
  });

  it('begins the week on Monday', () => {
    expect(dateOf(weekOf(day))).toBe('2026-11-23');
    expect(dateOf(weekOf(dayOf(day, 3)))).toBe('2026-11-23');
    expect(dateOf(weekOf(dayOf(day, 4)))).toBe('2026-11-30');
  });

  it('shows the hours with work and visits, with one around, and never more than the day', () => {
    const frame = frameOf(day, [{ from: day + 7.5 * HOUR, to: day + 16.2 * HOUR }]);
    expect(frame).toEqual({ from: day + 6 * HOUR, to: day + 18 * HOUR });
    expect(hoursOf(frame)).toHaveLength(12);
    const whole = frameOf(day, [{ from: day - HOUR, to: day + 30 * HOUR }]);
    expect(whole).toEqual({ from: day, to: dayOf(day, 1) });
    expect(hoursOf(frameOf(day, []))).toHaveLength(11);
  });

  it('places what lies in it, cut at its ends', () => {
    const frame = { from: 0, to: 10 };
    expect(placeOf({ from: 2, to: 5 }, frame)).toEqual({ left: 20, width: 30 });
    expect(placeOf({ from: -5, to: 5 }, frame)).toEqual({ left: 0, width: 50 });
    expect(placeOf({ from: 10, to: 12 }, frame)).toBeNull();
  });

  it('aims at quarters of an hour', () => {
    const frame = { from: day, to: day + 10 * HOUR };
    expect(momentAt(0.126, frame)).toBe(day + 1.25 * HOUR);
    expect(momentAt(-3, frame)).toBe(day);
  });

  it('finds the first gap that is long enough', () => {
    const open = [
      { from: 8 * HOUR, to: 12 * HOUR },
      { from: 13 * HOUR, to: 17 * HOUR }
    ];
    const taken = [{ from: 9 * HOUR, to: 11 * HOUR }];
    expect(firstGap(open, taken, HOUR, 0)).toBe(8 * HOUR);
    expect(firstGap(open, taken, 2 * HOUR, 0)).toBe(13 * HOUR);
    expect(firstGap(open, taken, HOUR, 8.1 * HOUR)).toBe(11 * HOUR);
    expect(firstGap(open, taken, 5 * HOUR, 0)).toBeNull();
  });
});

describe('advice before planning by hand', () => {
  const technician = {
    account_id: 'mei',
    hours: hours({ thursday: DAY }),
    skills: ['bearings'],
    absences: [
      { id: '1', from: '2026-11-26T13:00:00Z', to: '2026-11-26T15:00:00Z', reason: 'course' }
    ]
  } as Technician;
  const order: Partial<WorkOrder> = { skills: [], earliest_at: null, latest_at: null };
  const visit = {
    id: 'v1',
    technician_id: 'mei',
    work_order_number: 'W-1',
    state: 'planned',
    starts_at: '2026-11-26T09:00:00Z',
    ends_at: '2026-11-26T10:00:00Z'
  } as Visit;
  const now = utc('2026-11-26T06:00');
  const on = (from: string, to: string, more = {}) =>
    adviceOn(
      {
        from: utc(`2026-11-26T${from}`),
        to: utc(`2026-11-26T${to}`),
        technician,
        order: { ...order, ...more } as WorkOrder,
        visitId: null
      },
      [visit],
      now
    );

  it('has nothing to say where all is well', () => {
    expect(on('10:00', '11:00')).toEqual([]);
  });

  it('names what speaks against it', () => {
    expect(on('05:00', '05:30')).toEqual(['The time is over already.', 'Outside working hours.']);
    expect(on('09:30', '10:30')[0]).toMatch(/^The technician is at W-1 from/);
    expect(on('12:30', '13:30')).toEqual(['The technician is away: course.']);
    expect(on('15:30', '16:30')).toEqual(['Outside working hours.']);
    expect(on('10:00', '11:00', { skills: ['bearings', 'electrics'] })).toEqual([
      'The technician lacks: electrics.'
    ]);
    expect(on('10:00', '11:00', { latest_at: '2026-11-26T10:30:00Z' })).toEqual([
      'Later than was promised.'
    ]);
  });

  it('does not hold a visit against itself', () => {
    const [from, to] = [utc('2026-11-26T09:30'), utc('2026-11-26T10:30')];
    expect(
      adviceOn({ from, to, technician, order: undefined, visitId: 'v1' }, [visit], now)
    ).toEqual([]);
  });
});

it('what waits is in the order of urgency, then of what was promised', () => {
  const order = (id: string, priority: string, latest_at: string | null, state = 'unscheduled') =>
    ({ id, priority, latest_at, state, created_at: id }) as WorkOrder;
  const waiting = waitingOf([
    order('a', 'low', null),
    order('b', 'critical', null),
    order('c', 'critical', '2026-11-26T10:00:00Z', 'reopened'),
    order('d', 'critical', null, 'scheduled')
  ]);
  expect(waiting.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
});

describe('what the server says', () => {
  it('has times as the reader has them', () => {
    expect(localTimes('free from 2026-11-26T10:00:00.25Z on')).not.toContain('2026-11-26T');
  });

  it('about somebody who is elsewhere is said in the words of the page', () => {
    const detail = 'the technician is at W-7 from 2026-11-26T10:00:00Z to 2026-11-26T11:00:00Z';
    const refusal = refusalOf(new ApiProblem(409, detail, null, null)) as ApiProblem;
    expect(refusal.detail).toMatch(/^The technician is at W-7 from .* to .*\.$/);
  });

  it('about somebody who was faster is said as what to do', () => {
    const refusal = refusalOf(new ApiProblem(412, 'at version 3', null, null)) as ApiProblem;
    expect(refusal.detail).toContain('look again');
  });
});
