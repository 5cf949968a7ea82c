import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { texts as english } from '../src/lib/messages/en';
import { texts as simplified } from '../src/lib/messages/zh-Hans';
import { texts as traditional } from '../src/lib/messages/zh-Hant';
import { differences } from '../src/lib/policies/differences';
import { firstIncomplete } from '../src/lib/policies/incomplete';
import type { Field, Parts, Shape } from '../src/lib/policies/shape';
import { POLICIES, serviceLevel, SHAPES } from '../src/lib/policies/shapes';
import { lengthOf, NOTHING_KNOWN, shown } from '../src/lib/policies/words';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
}

const document = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')
) as { components: { schemas: Record<string, Schema> } };
const schemas = document.components.schemas;
const CATALOGUES = { english, simplified, traditional };

/** A schema by its name, without what only says that it may be null. */
function resolved(schema: Schema): { name: string; schema: Schema } {
  const [first, ...others] = (schema.oneOf ?? []).filter(({ type }) => type !== 'null');
  const one = first && others.length === 0 ? first : schema;
  const name = one.$ref?.split('/').at(-1) ?? '';
  return { name, schema: name ? (schemas[name] ?? {}) : one };
}

const policySchema = (named: string): Schema =>
  named === 'SlaPolicy'
    ? (schemas['NewVersion_SlaPolicy']?.properties?.['content'] ?? {})
    : (schemas[`NewPolicy_${named}`]?.properties?.['policy'] ?? {});

/** Every object in a schema with its properties, and every word that can be chosen, by the schema's name. */
function walk(
  name: string,
  schema: Schema,
  objects: Map<string, Set<string>>,
  words: Map<string, string[]>
): void {
  if (schema.enum) words.set(name, schema.enum);
  // Alternatives that are told apart by `is`.
  for (const form of schema.oneOf ?? []) {
    const { is } = form.properties ?? {};
    if (is?.enum) words.set(name, [...(words.get(name) ?? []), ...is.enum]);
    walk(name, { properties: { ...form.properties, is: {} } }, objects, words);
  }
  if (schema.items) {
    const item = resolved(schema.items);
    walk(item.name, item.schema, objects, words);
  }
  if (!schema.properties) return;
  const known = objects.get(name) ?? new Set();
  objects.set(name, known);
  for (const [key, inner] of Object.entries(schema.properties)) {
    known.add(key);
    const one = resolved(inner);
    walk(one.name, one.schema, objects, words);
  }
}

const objects = new Map<string, Set<string>>();
const words = new Map<string, string[]>();
const shapes: Shape[] = [...POLICIES.map((name) => SHAPES[name]), serviceLevel];
for (const { schema } of shapes) walk(schema, policySchema(schema), objects, words);

describe.each(Object.entries(CATALOGUES))('in %s', (_, texts) => {
  it('every property of every policy has a label', () => {
    const labels: Record<string, Record<string, string>> = texts.policies.fields;
    const without = [...objects].flatMap(([name, keys]) =>
      [...keys].filter((key) => !labels[name]?.[key]).map((key) => `${name}.${key}`)
    );
    expect(objects.size).toBeGreaterThan(20);
    expect(without).toEqual([]);
  });

  it('every word that can be chosen has one of its own', () => {
    const choices: Record<string, Record<string, string>> = {
      ...texts.policies.choices,
      Role: texts.role,
      Priority: texts.alarms.priority,
      TargetKind: texts.promises.kind
    };
    const without = [...words].flatMap(([name, all]) =>
      all.filter((word) => !choices[name]?.[word]).map((word) => `${name}.${word}`)
    );
    expect(words.size).toBeGreaterThan(7);
    expect(without).toEqual([]);
  });
});

/** What the form has of each object. */
function laidOut(shape: Shape, all = new Map<string, Set<string>>()): Map<string, Set<string>> {
  const known = all.get(shape.schema) ?? new Set();
  all.set(shape.schema, known);
  for (const [key, field] of Object.entries(shape.fields)) {
    known.add(key);
    inner(field).forEach((one) => laidOut(one, all));
  }
  return all;
}

function inner(field: Field): Shape[] {
  if (field.is === 'group' || field.is === 'rows') return [field.shape];
  return field.is === 'variants' ? Object.values(field.shapes) : [];
}

it('the form has every property of every policy, and no other', () => {
  const forms = new Map<string, Set<string>>();
  shapes.forEach((shape) => laidOut(shape, forms));
  // An amount is one field; which alternative it is, is chosen beside its fields.
  forms.set('Money', new Set(['minor', 'currency']));
  forms.get('CareWhen')?.add('is');
  const sorted = (of: Map<string, Set<string>>) =>
    Object.fromEntries([...of].map(([name, keys]) => [name, [...keys].sort()]));
  expect(sorted(forms)).toEqual(sorted(objects));
});

const level = (targets: Parts[]): Parts => ({ targets, due_soon_percent: 75, goals: [] });
const target = (kind: string, seconds: number): Parts => ({ kind, seconds, calendar: 'working' });

it('what a change changes is said in words', () => {
  const before = level([target('first_response', 14_400), target('repair', 302_400)]);
  const after = level([target('first_response', 7_200), target('call_back', 604_800)]);
  expect(differences(serviceLevel, before, after, NOTHING_KNOWN)).toEqual([
    { what: 'Promises, First response: Within', how: '4 hours → 2 hours' },
    { what: 'Promises', how: 'Added: Call-back, 7 days, working' },
    { what: 'Promises', how: 'Removed: Repair' }
  ]);
});

it('a change of the order alone is a change', () => {
  const [one, other] = [target('first_response', 60), target('repair', 60)];
  expect(
    differences(serviceLevel, level([one, other]), level([other, one]), NOTHING_KNOWN)
  ).toEqual([{ what: 'Promises', how: 'The order: Repair, First response' }]);
});

it('nothing is a change where nothing is changed', () => {
  const same = level([target('repair', 60)]);
  expect(differences(serviceLevel, same, structuredClone(same), NOTHING_KNOWN)).toEqual([]);
});

it('what is not filled in is named', () => {
  const text = { code: '', words: { en: 'Broken', 'zh-Hans': '坏', 'zh-Hant': '壞' } };
  const hours = { requested: 1, approved: 1, awaiting: 1, received: 1, inspected: 1, settled: 1 };
  const policy = {
    return_days: 7,
    exchange_days: 15,
    repair_exchange_days: 365,
    hours,
    priority_lane_hours: hours,
    reasons: [text]
  };
  expect(firstIncomplete(SHAPES.return, policy)).toBe('Short name');
  expect(firstIncomplete(SHAPES.return, { ...policy, reasons: [] })).toBeNull();
  expect(firstIncomplete(SHAPES.drill, { every_days: NaN })).toBe('Each playbook again after');
});

it('lengths, amounts and shares are said as people say them', () => {
  expect(lengthOf(86_400).unit).toBe('hours');
  expect(lengthOf(302_400).unit).toBe('days');
  expect(lengthOf(5_400).unit).toBe('hours');
  expect(lengthOf(900).unit).toBe('minutes');
  const cost = { minor: 100_000, currency: 'EUR' };
  expect(shown({ is: 'money' }, cost, {}, NOTHING_KNOWN)).toContain('1,000');
  const known = { calendars: [], figures: [{ name: 'satisfied', unit: 'share' }] };
  expect(shown({ is: 'figure' }, 0.9, { kpi: 'satisfied' }, known)).toBe('90%');
});

it('what can be added is laid out as the form lays it out', () => {
  for (const shape of shapes) {
    for (const field of Object.values(shape.fields)) {
      if (field.is !== 'rows') continue;
      expect(Object.keys(field.fresh()).sort()).toEqual(Object.keys(field.shape.fields).sort());
    }
  }
});
