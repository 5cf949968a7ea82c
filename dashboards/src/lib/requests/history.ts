import type { Change } from '$lib/api/types';
import { t } from '$lib/messages';

/** Fields whose values are ids, which tell nobody anything. */
const IDS: readonly string[] = [
  'customer_id',
  'contact_id',
  'site_id',
  'asset_id',
  'ticket_id',
  'duplicate_of'
];

/** What a value of a field is called on screen. */
function valueOf(field: string, value: string): string {
  const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    state: t.requests.state,
    urgency: t.requests.urgency,
    scope: t.requests.scope,
    kind: t.requests.kind,
    priority: t.requests.priority
  };
  return words[field]?.[value] ?? value;
}

/** A change of a request as a person says it. */
export function toldOf({ field, from, to }: Pick<Change, 'field' | 'from' | 'to'>): string {
  const texts = t.requests.history;
  if (field === 'state' && to !== null) {
    return t.ticket.moved(from && valueOf(field, from), valueOf(field, to));
  }
  const name = texts.field[field] ?? field;
  if (to === null) return texts.gone(name);
  if (IDS.includes(field)) return texts.set(name);
  const word = valueOf(field, to);
  return from === null ? texts.became(name, word) : texts.changed(name, valueOf(field, from), word);
}

/** The reason of a change in words. */
export function whyOf({ field, from, why }: Change): string {
  // A request begins with the channel as its reason.
  if (field !== 'state' || from !== null) return why;
  return (t.requests.channel as Readonly<Record<string, string>>)[why] ?? why;
}
