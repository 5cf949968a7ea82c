/** What is not filled in yet; everything else is for the server to refuse. */
import type { Field, Parts, Shape, Value } from './shape';
import { labelOf } from './words';

const isNumber = (value: Value | undefined) => typeof value === 'number' && Number.isFinite(value);

/** The label of the first field that lacks something; null when nothing does. */
export function firstIncomplete({ schema, fields }: Shape, parts: Parts): string | null {
  for (const [key, field] of Object.entries(fields)) {
    const inner = insideOf(field, parts[key]);
    if (inner !== null) return inner;
    if (isLacking(field, parts[key])) return labelOf(schema, key);
  }
  return null;
}

function insideOf(field: Field, value: Value | undefined): string | null {
  if (field.is === 'group') return firstIncomplete(field.shape, value as Parts);
  if (field.is === 'variants') {
    const shape = field.shapes[String((value as Parts)['is'])];
    return shape ? firstIncomplete(shape, value as Parts) : null;
  }
  if (field.is !== 'rows') return null;
  for (const row of (value ?? []) as Parts[]) {
    const lacking = firstIncomplete(field.shape, row);
    if (lacking !== null) return lacking;
  }
  return null;
}

function isLacking(field: Field, value: Value | undefined): boolean {
  switch (field.is) {
    case 'number':
    case 'minor':
    case 'seconds':
    case 'figure':
      return !isNumber(value);
    case 'numbers':
      return Array.isArray(value) && !value.every(isNumber);
    case 'text':
      return !field.optional && !(typeof value === 'string' && value.trim());
    case 'money':
      return Boolean(value) && !(value as Parts)['currency'];
    default:
      return false;
  }
}
