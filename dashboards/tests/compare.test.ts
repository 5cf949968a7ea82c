import { describe, expect, it } from 'vitest';
import type { Asset, Point } from '../src/lib/api/types';
import { chosenOf, counterpartOf, sistersOf } from '../src/lib/compare/sisters';

const asset = (id: string, model: string | null, kind = 'pump') =>
  ({ id, name: id, model, kind }) as Asset;
const point = (name: string, quantity: string, position = '') =>
  ({ id: name, name, quantity, position }) as Point;

describe('sisters of a machine', () => {
  const one = asset('one', 'NB 40');
  const all = [
    one,
    asset('c', null),
    asset('b', 'NB 50'),
    asset('d', 'NB 40'),
    asset('x', 'NB 40', 'fan')
  ];

  it('are of its kind, those of its model first', () => {
    expect(sistersOf(one, all).map(({ id }) => id)).toEqual(['d', 'b', 'c']);
  });

  it('are the first two unless an address names others, and never a stranger', () => {
    const sisters = sistersOf(one, all);
    const ids = (named: string | null) => chosenOf(named, sisters).map(({ id }) => id);
    expect(ids(null)).toEqual(['d', 'b']);
    expect(ids('c,x,one')).toEqual(['c']);
    expect(ids('')).toEqual([]);
  });
});

describe('what another machine measures in the same place', () => {
  const inlet = point('Inlet', 'pressure', 'inlet');

  it('goes by quantity and position, whatever it is called', () => {
    const others = [point('p1', 'pressure', 'outlet'), point('Suction', 'pressure', 'inlet')];
    expect(counterpartOf(inlet, others)?.name).toBe('Suction');
  });

  it('is none where nothing alike is measured', () => {
    expect(counterpartOf(inlet, [point('Inlet', 'temperature', 'inlet')])).toBeNull();
  });
});
