import type { CustomerRequest } from '$lib/api/types';

/** What people of ours write. */
export const WRITTEN = ['answer', 'question', 'note'] as const;
export type Written = (typeof WRITTEN)[number];

/** Whether an answer is possible: never before the priority is known, and not after the end. */
export function canAnswer({ state, next_states }: CustomerRequest): boolean {
  return state === 'answered' || state === 'ticketed' || next_states.includes('answered');
}

/** Steps that a person takes by saying why; the others come with an answer, a ticket, a priority. */
export function plainSteps({ state, next_states }: CustomerRequest) {
  return next_states.filter(
    (to) =>
      to === 'closed' ||
      to === 'rejected' ||
      to === 'received' ||
      (to === 'classified' && state !== 'received')
  );
}
