/** What the server's API answers. Times are RFC 3339 in UTC unless a name ends in `_ms`. */

export type Condition = 'waiting' | 'learning' | 'normal' | 'deviating' | 'silent';
export type TicketState = 'open' | 'diagnosing' | 'resolved' | 'closed' | 'cancelled';

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Asset {
  id: string;
  name: string;
  kind: string;
  model: string | null;
  serial: string | null;
  condition: Condition;
  open_ticket: { id: string; number: string } | null;
  last_reading_at: string | null;
  created_at: string;
}

export interface Band {
  expected: number;
  low: number;
  high: number;
}

export interface Point {
  id: string;
  asset_id: string;
  name: string;
  quantity: string;
  position: string;
  unit: string;
  latest: { at: string; value: number } | null;
  normal: Band | null;
}

/** Columns by bucket; figures are null where nothing was measured. */
export interface Readings {
  point_id: string;
  unit: string;
  from: string;
  to: string;
  bucket_ms: number;
  at_ms: number[];
  count: number[];
  min: (number | null)[];
  max: (number | null)[];
  mean: (number | null)[];
}

export interface Deviation extends Band {
  point_id: string;
  point_name: string;
  quantity: string;
  unit: string;
  seen: number;
  /** Robust standard deviations. */
  unusual: number;
  since: string;
}

export interface HistoryStep {
  at: string;
  from: TicketState | null;
  to: TicketState;
  who: string;
  why: string;
}

export interface Ticket {
  id: string;
  number: string;
  asset_id: string;
  asset_name: string;
  signature: string;
  state: TicketState;
  title: string;
  opened_at: string;
  since: string;
  deviations: Deviation[];
  next_states: TicketState[];
  history?: HistoryStep[];
}

export interface Alarm {
  id: string;
  asset_id: string;
  asset_name: string;
  state: string;
  priority: string;
  summary: string;
  since: string;
  raised_at: string;
  cleared_at: string | null;
  ticket_id: string | null;
}

export interface Channel {
  channel: string;
  unit: string;
  first_seen: string;
  last_seen: string | null;
  last_value: number | null;
  point_id: string | null;
}

export interface Board {
  id: string;
  first_seen: string;
  adopted: boolean;
  online: boolean | null;
  channels: Channel[];
}

export interface Rejected {
  id: string;
  received_at: string;
  topic: string;
  reason: string;
  cause: string;
  sample: string;
  records: number;
}

export interface RejectedPage {
  items: Rejected[];
  counts: { reason: string; records: number }[];
}

export interface LiveReadings {
  asset_id: string;
  point_id: string;
  unit: string;
  at_ms: number[];
  value: number[];
}
