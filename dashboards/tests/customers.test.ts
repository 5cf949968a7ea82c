import { describe, expect, it } from 'vitest';
import type { Asset, Contact, Customer, Ticket } from '../src/lib/api/types';
import {
  filterOf,
  holds,
  placeOf,
  segmentsOf,
  shownOf,
  standingsOf
} from '../src/lib/customers/standing';
import { havingAll } from '../src/lib/customers/find';
import { moneyOf } from '../src/lib/measure/money';

const customer = (id: string, segment = '') => ({ id, name: `House ${id}`, segment }) as Customer;
const asset = (id: string, customer_id: string | null) => ({ id, customer_id }) as Asset;
const ticket = (asset_id: string) => ({ asset_id }) as Ticket;

describe('customers', () => {
  const standings = standingsOf(
    [customer('a', 'key account'), customer('b')],
    [asset('1', 'a'), asset('2', 'a'), asset('3', null)],
    [ticket('2'), ticket('3')]
  );

  it('have their machines and what is open at them', () => {
    expect(standings.map(({ machines, tickets }) => [machines, tickets])).toEqual([
      [2, 1],
      [0, 0]
    ]);
  });

  it('are found by name and segment', () => {
    const ids = (text: string) =>
      shownOf(standings, filterOf(new URLSearchParams(text))).map(({ customer: { id } }) => id);
    expect(ids('')).toEqual(['a', 'b']);
    expect(ids('q=+HOUSE+b')).toEqual(['b']);
    expect(ids('segment=key+account')).toEqual(['a']);
    expect(segmentsOf(standings)).toEqual(['key account']);
  });
});

it('a contract holds from its first moment until before its last', () => {
  const contract = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
  const at = (time: string) => holds(contract, Date.parse(time));
  expect(at('2025-12-31T23:59:59Z')).toBe('not_yet');
  expect(at(contract.from)).toBe('in_force');
  expect(at(contract.to)).toBe('over');
  expect(holds({ ...contract, to: null }, Date.parse('2050-01-01'))).toBe('in_force');
});

it('a place is both degrees or none', () => {
  expect(placeOf('53,54', ' 9.98 ')).toEqual({ latitude: 53.54, longitude: 9.98 });
  expect(placeOf('', ' ')).toEqual({ latitude: null, longitude: null });
  expect(placeOf('53.54', '')).toBeNull();
  expect(placeOf('north', 'east')).toBeNull();
});

it('money is written in its currency, which may have no small change', () => {
  expect(moneyOf({ minor: 12_345, currency: 'EUR' })).toBe('€123.45');
  expect(moneyOf({ minor: 12_345, currency: 'JPY' })).toMatch(/¥12,345$/);
});

it('contacts are found by their own words and those of their customer together, each once', () => {
  const contact = (id: string, customer_name: string) =>
    ({ id, name: 'Li Wei', email: null, phone: '+4940555', role: '', customer_name }) as Contact;
  const all = [contact('a', 'Harbour'), contact('b', 'Fjord'), contact('a', 'Harbour')];
  expect(havingAll(all, ['wei', 'harb']).map(({ id }) => id)).toEqual(['a']);
  expect(havingAll(all, ['+49', '40', '555'])).toHaveLength(2);
});
