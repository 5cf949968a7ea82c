/** How every state is marked: an icon and a colour beside its word. */
import type {
  AlarmState,
  Condition,
  Outcome,
  PlaybookRunState,
  ReservationState,
  RequestState,
  SessionState,
  TicketState,
  Verdict,
  VisitState,
  WorkOrderState
} from '$lib/api/types';
import type { IconName } from './Icon.svelte';

export interface Mark {
  tone: 'good' | 'bad' | 'busy' | 'mute' | 'calm';
  icon: IconName;
}

export const conditionMarks: Record<Condition, Mark> = {
  waiting: { tone: 'calm', icon: 'waiting' },
  learning: { tone: 'busy', icon: 'learning' },
  normal: { tone: 'good', icon: 'normal' },
  deviating: { tone: 'bad', icon: 'deviating' },
  silent: { tone: 'mute', icon: 'silent' }
};

export const ticketMarks: Record<TicketState, Mark> = {
  open: { tone: 'bad', icon: 'open' },
  diagnosing: { tone: 'busy', icon: 'diagnosing' },
  resolved: { tone: 'good', icon: 'resolved' },
  closed: { tone: 'calm', icon: 'closed' },
  cancelled: { tone: 'calm', icon: 'cancelled' }
};

export const alarmMarks: Record<AlarmState, Mark> = {
  unacknowledged_active: { tone: 'bad', icon: 'deviating' },
  acknowledged_active: { tone: 'busy', icon: 'seen' },
  unacknowledged_cleared: { tone: 'mute', icon: 'bell' },
  normal: { tone: 'good', icon: 'normal' },
  latched_unacknowledged: { tone: 'bad', icon: 'closed' },
  latched_acknowledged: { tone: 'busy', icon: 'closed' },
  shelved: { tone: 'mute', icon: 'hidden' },
  suppressed_by_design: { tone: 'mute', icon: 'hidden' },
  out_of_service: { tone: 'mute', icon: 'hidden' }
};

export const sessionMarks: Record<SessionState, Mark> = {
  draft: { tone: 'calm', icon: 'note' },
  running: { tone: 'busy', icon: 'repair' },
  acceptance_test: { tone: 'busy', icon: 'diagnosing' },
  verified: { tone: 'good', icon: 'resolved' },
  rejected: { tone: 'bad', icon: 'open' },
  abandoned: { tone: 'calm', icon: 'cancelled' }
};

export const verdictMarks: Record<Verdict, Mark> = {
  fixed: { tone: 'good', icon: 'resolved' },
  improved: { tone: 'busy', icon: 'improved' },
  unchanged: { tone: 'mute', icon: 'cancelled' },
  worse: { tone: 'bad', icon: 'deviating' },
  not_enough_data: { tone: 'calm', icon: 'unknown' }
};

export const outcomeMarks: Record<Outcome, Mark> = {
  pass: { tone: 'good', icon: 'normal' },
  pending: { tone: 'busy', icon: 'waiting' },
  fail: { tone: 'bad', icon: 'close' }
};

export const visitMarks: Record<VisitState, Mark> = {
  planned: { tone: 'calm', icon: 'calendar' },
  dispatched: { tone: 'busy', icon: 'person' },
  travelling: { tone: 'busy', icon: 'travel' },
  on_site: { tone: 'busy', icon: 'repair' },
  done: { tone: 'good', icon: 'resolved' },
  missed: { tone: 'bad', icon: 'close' },
  cancelled: { tone: 'calm', icon: 'cancelled' }
};

export const orderMarks: Record<WorkOrderState, Mark> = {
  draft: { tone: 'calm', icon: 'note' },
  unscheduled: { tone: 'mute', icon: 'waiting' },
  scheduled: { tone: 'calm', icon: 'calendar' },
  dispatched: { tone: 'busy', icon: 'person' },
  in_progress: { tone: 'busy', icon: 'repair' },
  on_hold: { tone: 'mute', icon: 'pause' },
  completed: { tone: 'good', icon: 'normal' },
  verifying: { tone: 'busy', icon: 'diagnosing' },
  closed: { tone: 'good', icon: 'closed' },
  cancelled: { tone: 'calm', icon: 'cancelled' },
  reopened: { tone: 'bad', icon: 'open' }
};

export const partMarks: Record<ReservationState, Mark> = {
  wanted: { tone: 'bad', icon: 'waiting' },
  reserved: { tone: 'calm', icon: 'part' },
  picked: { tone: 'busy', icon: 'person' },
  used: { tone: 'good', icon: 'normal' },
  released: { tone: 'calm', icon: 'cancelled' }
};

export const requestMarks: Record<RequestState, Mark> = {
  received: { tone: 'bad', icon: 'inbox' },
  classified: { tone: 'busy', icon: 'seen' },
  ticketed: { tone: 'busy', icon: 'tickets' },
  answered: { tone: 'good', icon: 'chat' },
  closed: { tone: 'calm', icon: 'closed' },
  rejected: { tone: 'calm', icon: 'cancelled' }
};

export const playbookMarks: Record<PlaybookRunState, Mark> = {
  running: { tone: 'busy', icon: 'diagnosing' },
  done: { tone: 'good', icon: 'normal' },
  stopped: { tone: 'calm', icon: 'cancelled' }
};
