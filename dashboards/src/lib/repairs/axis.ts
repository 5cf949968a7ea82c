import type { AxisItem, Entry, SessionStep, Verdict } from '$lib/api/types';
import { t } from '$lib/messages';
import type { IconName } from '$lib/ui/Icon.svelte';

/** What stands on the time axis, for people. */
export interface Told {
  icon: IconName;
  title: string;
  text: string | null;
  /** Who did or wrote it; null: the system saw it. */
  who: string | null;
}

/** Names of checks by their ids: the axis holds only the ids. */
export type CheckNames = ReadonlyMap<string, string>;

export function tell(item: AxisItem, checks: CheckNames): Told {
  switch (item.what) {
    case 'step':
      return tellStep(item.is);
    case 'hidden_alarm':
      return {
        icon: 'hidden',
        title: t.repair.axis.hiddenAlarm,
        text: item.is.summary,
        who: null
      };
    case 'entry':
      return { ...tellEntry(item.is, checks), who: item.is.author };
  }
}

function tellStep(step: SessionStep): Told {
  const { axis, state } = t.repair;
  const extended = step.from === step.to;
  const moved = step.from ? axis.moved(state[step.from], state[step.to]) : state[step.to];
  return {
    icon: 'forward',
    title: extended ? axis.extended : moved,
    text: step.why,
    who: step.who
  };
}

function tellEntry(entry: Entry, checks: CheckNames): Omit<Told, 'who'> {
  const { axis, verdict, entry: kinds } = t.repair;
  const check = (id: string) => checks.get(id) ?? id;
  switch (entry.kind) {
    case 'step_done':
      return { icon: 'normal', title: kinds.kinds.step_done, text: entry.text };
    case 'note':
      return { icon: 'note', title: kinds.kinds.note, text: entry.text };
    case 'part_used':
    case 'part_removed': {
      const title = axis.part({
        used: entry.kind === 'part_used',
        number: entry.part_number,
        quantity: String(entry.quantity),
        serial: entry.serial ?? null
      });
      return { icon: 'part', title, text: entry.text || null };
    }
    case 'person_arrived':
      return { icon: 'person', title: axis.arrived(entry.name), text: null };
    case 'person_left':
      return { icon: 'person', title: axis.personLeft(entry.name), text: null };
    case 'paused':
      return { icon: 'clock', title: axis.paused(entry.text), text: null };
    case 'resumed':
      return { icon: 'clock', title: axis.resumed(entry.text ?? ''), text: null };
    case 'measurement': {
      const value = entry.value ?? null;
      const title = value === null ? axis.measured : `${value} ${entry.unit ?? ''}`.trim();
      return { icon: 'learning', title, text: entry.text };
    }
    case 'signed_off': {
      const title = axis.signedOff(entry.name, axis.roles[entry.role]);
      return { icon: 'signed', title, text: entry.statement };
    }
    case 'attached': {
      const title = entry.media_type.startsWith('image/') ? axis.attached : axis.document;
      return { icon: 'photo', title, text: entry.caption || null };
    }
    case 'confirmed':
      return { icon: 'normal', title: axis.confirmed(check(entry.check), entry.name), text: null };
    case 'exception_signed': {
      const of = entry.check ? check(entry.check) : null;
      return { icon: 'signed', title: axis.exception(of, entry.name), text: entry.why };
    }
    case 'verdict_made': {
      const word = verdict[entry.overall as Verdict] ?? entry.overall;
      return { icon: 'improved', title: axis.judged(entry.version, word), text: entry.why || null };
    }
    case 'left_site':
      return { icon: 'leave', title: axis.leftSite(entry.name), text: null };
  }
}

/** Ids of the entries that a later one corrects. */
export function correctedIds(axis: readonly AxisItem[]): ReadonlySet<string> {
  return new Set(
    axis.flatMap((item) => (item.what === 'entry' && item.is.corrects ? [item.is.corrects] : []))
  );
}

/** Whether an entry was written as one: only those are corrected by another. */
export function isRemark(entry: Entry): boolean {
  return !['attached', 'confirmed', 'exception_signed', 'verdict_made', 'left_site'].includes(
    entry.kind
  );
}

/** Sent that much later than it happened, an entry says when it was written down. */
const LATER_MS = 5 * 60_000;

export function writtenLater(at: string, recordedAt: string): boolean {
  return Date.parse(recordedAt) - Date.parse(at) > LATER_MS;
}
