import { describe, expect, it } from 'vitest';
import type { Asset, Site, SlaClock, Ticket } from '../src/lib/api/types';
import { boundsOf, clustered, degreesText, hasExtent, MapView } from '../src/lib/sites/map';
import { filterOf, shownOf, standingsOf } from '../src/lib/sites/sites';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const SIZE = { width: 800, height: 600 };

const site = (id: string, more: Partial<Site> = {}) =>
  ({ id, name: id, address: 'Quay Road 7', customer_name: 'Harbour', ...more }) as Site;
const asset = (id: string, site_id: string | null) => ({ id, site_id }) as Asset;
const ticket = (id: string, asset_id: string) =>
  ({ id, asset_id, opened_at: '2026-03-01T08:00:00Z' }) as Ticket;
const promise = (state: SlaClock['state'], due_at: string) =>
  ({ state, due_at, due_soon_at: null }) as SlaClock;

describe('sites', () => {
  const next = new Map([
    ['t1', promise('running', '2026-03-02T12:00:00Z')],
    ['t2', promise('breached', '2026-03-02T08:00:00Z')]
  ]);
  const standings = standingsOf(
    [site('calm'), site('busy'), site('late')],
    [asset('a', 'busy'), asset('b', 'late'), asset('c', null)],
    [ticket('t1', 'a'), ticket('t3', 'a'), ticket('t2', 'b'), ticket('t4', 'c')],
    next,
    NOW
  );

  it('have the tickets of their machines, and the promise that comes next', () => {
    const busy = standings.find(({ site: { id } }) => id === 'busy');
    expect(busy?.tickets.map(({ id }) => id)).toEqual(['t1', 't3']);
    expect(busy?.promise).toBe(next.get('t1'));
    expect(busy?.machines).toHaveLength(1);
  });

  it('come in the order of what is late, then of what is open', () => {
    const of = (text: string) =>
      shownOf(standings, filterOf(new URLSearchParams(text))).map((one) => one.site.id);
    expect(of('')).toEqual(['late', 'busy', 'calm']);
    expect(of('open=yes')).toEqual(['late', 'busy']);
    expect(of('q=harbour+calm')).toEqual(['calm']);
    expect(of('q=nowhere')).toEqual([]);
  });
});

describe('the map', () => {
  const hamburg = { latitude: 53.55, longitude: 10 };
  const bremen = { latitude: 53.08, longitude: 8.8 };
  const lagos = { latitude: 6.5, longitude: 3.4 };

  it('has every place inside, north up and east right', () => {
    const places = [hamburg, bremen, lagos];
    const view = new MapView(boundsOf(places), SIZE);
    const [north, west, south] = places.map((place) => view.at(place));
    for (const { x, y } of [north, west, south].filter((at) => at !== undefined)) {
      expect(x).toBeGreaterThan(20);
      expect(x).toBeLessThan(780);
      expect(y).toBeGreaterThan(20);
      expect(y).toBeLessThan(580);
    }
    expect(north?.y).toBeLessThan(south?.y ?? 0);
    expect(west?.x).toBeLessThan(north?.x ?? 0);
  });

  it('is true to scale: 95 km from Hamburg to Bremen', () => {
    const view = new MapView(boundsOf([hamburg, bremen]), SIZE);
    const [a, b] = [view.at(hamburg), view.at(bremen)];
    const { km, px } = view.ruler();
    expect((Math.hypot(a.x - b.x, a.y - b.y) / px) * km).toBeCloseTo(95, 0);
  });

  it('shows a single place in the middle, with a little around it', () => {
    const view = new MapView(boundsOf([hamburg]), SIZE);
    const { x, y } = view.at(hamburg);
    expect(x).toBeCloseTo(400);
    expect(y).toBeCloseTo(300);
    expect(view.ruler().km).toBeLessThan(20);
    expect(hasExtent(boundsOf([hamburg, { ...hamburg }]))).toBe(false);
  });

  it('has a grid of round degrees', () => {
    const { meridians, parallels } = new MapView(boundsOf([hamburg, bremen]), SIZE).grid();
    expect(meridians.map(({ degrees }) => degrees)).toContain(9);
    expect(parallels.length).toBeGreaterThan(1);
    expect(parallels.length).toBeLessThan(12);
    expect([degreesText(53.5, 'N', 'S'), degreesText(-6, 'N', 'S')]).toEqual(['53.5° N', '6° S']);
  });

  it('puts marks together that would lie on each other', () => {
    const near = { latitude: 53.551, longitude: 10.001 };
    const view = new MapView(boundsOf([hamburg, near, bremen]), SIZE);
    const clusters = clustered([hamburg, near, bremen], view, 30);
    expect(clusters.map(({ members }) => members.length)).toEqual([2, 1]);
  });
});
