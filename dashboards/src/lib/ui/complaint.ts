import { ApiProblem } from '$lib/api/client';
import { t } from '$lib/messages';

/** Why something that somebody asked for did not happen; `words` names the states that can follow. */
export function complaintOf(error: unknown, words: Readonly<Record<string, string>> = {}): string {
  if (!(error instanceof ApiProblem)) return t.failed.unreachable;
  const detail = error.detail.replace(/\.?$/, '.');
  if (error.missing?.length) return t.failed.first(detail, error.missing);
  if (error.status !== 409) return error.detail;
  return t.failed.conflict(
    detail,
    (error.nextStates ?? []).map((state) => words[state] ?? state)
  );
}
