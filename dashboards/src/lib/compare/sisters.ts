/** Machines that are built alike, and what they measure in the same place. */
import type { Asset, Point } from '$lib/api/types';

/** So many lie beside each other: more are not told apart. */
export const MOST = 4;

/** Machines of the same model first, then those of the same kind, by name. */
export function sistersOf(asset: Asset, all: readonly Asset[]): Asset[] {
  const isSame = (one: Asset) => Boolean(one.model) && one.model === asset.model;
  return all
    .filter(({ id, kind }) => id !== asset.id && kind === asset.kind)
    .sort((a, b) => Number(isSame(b)) - Number(isSame(a)) || a.name.localeCompare(b.name));
}

/** The machines that an address names; where it names none, the first sisters. */
export function chosenOf(named: string | null, sisters: readonly Asset[]): Asset[] {
  if (named === null) return sisters.slice(0, 2);
  const ids = named.split(',');
  return sisters.filter(({ id }) => ids.includes(id)).slice(0, MOST);
}

/** The point of another machine that measures the same: by quantity and position, then by name. */
export function counterpartOf(point: Point, others: readonly Point[]): Point | null {
  const alike = others.filter(
    ({ quantity, position }) => quantity === point.quantity && position === point.position
  );
  return alike.find(({ name }) => name === point.name) ?? alike[0] ?? null;
}
