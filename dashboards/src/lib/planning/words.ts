/** What the server says about times and refusals, as the reader says it. */
import { ApiProblem } from '$lib/api/client';
import { t } from '$lib/messages';
import { minuteTime, weekday } from '$lib/measure/time';

/** `Thu, 26 Nov 14:20` */
export function dayTime(ms: number): string {
  return `${weekday(ms)} ${minuteTime(ms)}`;
}

const RFC_3339 = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** Moments in a sentence of the server, in the reader's time zone. */
export function localTimes(sentence: string): string {
  return sentence.replace(RFC_3339, (at) => dayTime(Date.parse(at)));
}

/** Why a plan was refused. Everything else is told as it came. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof ApiProblem)) return error;
  const told = (detail: string) =>
    new ApiProblem(error.status, detail, error.nextStates, error.missing, error.body);
  if (error.status === 412) return told(t.planning.stale);
  const busy = /^the technician is at (\S+) from (\S+) to (\S+)$/.exec(error.detail);
  if (!busy) return told(localTimes(error.detail));
  const [, number = '', from = '', to = ''] = busy;
  const at = (text: string) => dayTime(Date.parse(text));
  return told(t.planning.advice.busy(number, at(from), at(to)));
}
