/**
 * What somebody has done shows at once in what they read, before the server knows it: an effect is
 * laid over the answers that have the thing in them.
 */
export type Effect =
  /** In everything that has this `id`. */
  | { id: string; set: Readonly<Record<string, unknown>> }
  /** At the end of a list that belongs to everything that has this `id`. */
  | { id: string; list: string; add: Readonly<Record<string, unknown>> }
  /** At the end of the list under this path, whatever it is asked with. */
  | { path: string; add: Readonly<Record<string, unknown>> }
  /** The whole answer of a path that the server does not know yet. */
  | { path: string; is: Readonly<Record<string, unknown>> };

type Fields = Record<string, unknown>;

/** What is read under a path that only this device knows; undefined where the server is to be asked. */
export function madeHere(path: string, effects: readonly Effect[]): unknown {
  const made = effects.find((effect) => 'is' in effect && effect.path === path);
  return made && 'is' in made ? made.is : undefined;
}

/** An answer with the effects of what is not sent yet, in their order. The answer itself stays. */
export function withEffects(path: string, answer: unknown, effects: readonly Effect[]): unknown {
  if (effects.length === 0) return answer;
  const [plain = path] = path.split('?');
  const lists = effects.flatMap((one) =>
    'path' in one && 'add' in one && one.path === plain ? [one.add] : []
  );
  const whole = lists.length > 0 && isList(answer) ? longer(answer, 'items', lists) : answer;
  return changedBy(whole, effects);
}

function isList(answer: unknown): answer is Fields {
  return typeof answer === 'object' && answer !== null && 'items' in answer;
}

function longer(thing: Fields, list: string, more: readonly unknown[]): Fields {
  const before = thing[list];
  return { ...thing, [list]: [...(Array.isArray(before) ? (before as unknown[]) : []), ...more] };
}

function changedBy(value: unknown, effects: readonly Effect[]): unknown {
  if (Array.isArray(value)) return value.map((one) => changedBy(one, effects));
  if (typeof value !== 'object' || value === null) return value;
  const inside = Object.entries(value).map(([key, one]) => [key, changedBy(one, effects)]);
  let copy = Object.fromEntries(inside) as Fields;
  for (const effect of effects) {
    if (!('id' in effect) || effect.id !== copy['id']) continue;
    copy = 'set' in effect ? { ...copy, ...effect.set } : longer(copy, effect.list, [effect.add]);
  }
  return copy;
}
