-- What the house sells in a month, which service cost is held against. The newest row of a month holds.
CREATE TABLE sales_figures (
  month TEXT NOT NULL,              -- 2026-11
  version BIGINT NOT NULL,
  begins_at BIGINT NOT NULL,        -- of the month, UTC
  minor BIGINT NOT NULL,            -- in the smallest unit of the currency
  currency TEXT NOT NULL,           -- ISO 4217
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (month, version)
);

-- A step says how long what it ends has lasted, so that figures over many need not look for it.
CREATE INDEX ticket_steps_ticket ON ticket_steps (ticket_id, at);
ALTER TABLE ticket_steps ADD COLUMN since_at BIGINT;   -- when the ticket came into the state it leaves
ALTER TABLE ticket_steps ADD COLUMN round_at BIGINT;   -- when it was opened, or reopened
UPDATE ticket_steps SET
  since_at = (SELECT max(b.at) FROM ticket_steps b
    WHERE b.ticket_id = ticket_steps.ticket_id AND b.id < ticket_steps.id),
  round_at = (SELECT max(o.at) FROM ticket_steps o WHERE o.ticket_id = ticket_steps.ticket_id
    AND o.to_state = 'open' AND o.id <= ticket_steps.id);
ALTER TABLE tickets ADD COLUMN ended_at BIGINT;        -- closed or cancelled; null while it is open
UPDATE tickets SET ended_at = (SELECT max(s.at) FROM ticket_steps s WHERE s.ticket_id = tickets.id)
  WHERE state IN ('closed', 'cancelled');
ALTER TABLE changes ADD COLUMN since_at BIGINT;        -- of a change of state: since when it was in the old one
UPDATE changes SET since_at = (SELECT max(b.at) FROM changes b WHERE b.subject_kind = changes.subject_kind
  AND b.subject_id = changes.subject_id AND b.field = 'state' AND b.id < changes.id) WHERE field = 'state';
ALTER TABLE work_orders ADD COLUMN begun_at BIGINT;      -- first in progress
ALTER TABLE work_orders ADD COLUMN completed_at BIGINT;  -- last completed
UPDATE work_orders SET
  begun_at = (SELECT min(c.at) FROM changes c WHERE c.subject_kind = 'work_order'
    AND c.subject_id = work_orders.id AND c.field = 'state' AND c.to_value = 'in_progress'),
  completed_at = (SELECT max(c.at) FROM changes c WHERE c.subject_kind = 'work_order'
    AND c.subject_id = work_orders.id AND c.field = 'state' AND c.to_value = 'completed');
ALTER TABLE visits ADD COLUMN arrived_at BIGINT;
ALTER TABLE visits ADD COLUMN done_at BIGINT;
UPDATE visits SET
  arrived_at = (SELECT max(c.at) FROM changes c WHERE c.subject_kind = 'visit'
    AND c.subject_id = visits.id AND c.field = 'state' AND c.to_value = 'on_site'),
  done_at = (SELECT max(c.at) FROM changes c WHERE c.subject_kind = 'visit'
    AND c.subject_id = visits.id AND c.field = 'state' AND c.to_value = 'done');
ALTER TABLE ticket_findings ADD COLUMN superseded BIGINT;  -- 1: there is a newer one; null otherwise
UPDATE ticket_findings SET superseded = 1 WHERE id < (SELECT max(n.id) FROM ticket_findings n
  WHERE n.ticket_id = ticket_findings.ticket_id);

-- Figures of a time read these and not the rows.
CREATE INDEX ticket_steps_at ON ticket_steps (at, from_state, to_state, since_at, round_at, ticket_id);
CREATE INDEX tickets_opened ON tickets (opened_at, state);
CREATE INDEX tickets_closed ON tickets (closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX tickets_ended ON tickets (ended_at, opened_at, priority);
CREATE INDEX ticket_findings_at ON ticket_findings (at, ticket_id, cause) WHERE superseded IS NULL;
CREATE INDEX ticket_findings_cause ON ticket_findings (cause) WHERE superseded IS NULL;
CREATE INDEX diagnoses_first ON diagnoses (ticket_id, first_cause);
CREATE INDEX changes_states ON changes (subject_kind, at, from_value, since_at, subject_id)
  WHERE field = 'state';
CREATE INDEX work_orders_completed ON work_orders (completed_at, begun_at, priority)
  WHERE completed_at IS NOT NULL;
CREATE INDEX visits_done ON visits (done_at, arrived_at, work_order_id, starts_at) WHERE done_at IS NOT NULL;
CREATE INDEX visits_order_done ON visits (work_order_id, starts_at) WHERE done_at IS NOT NULL;
CREATE INDEX sla_clocks_met ON sla_clocks (met_at, breached_at, kind) WHERE met_at IS NOT NULL;
CREATE INDEX sla_clocks_breached ON sla_clocks (breached_at, kind) WHERE breached_at IS NOT NULL;
-- In place of the one by time alone.
DROP INDEX surveys_answered;
CREATE INDEX surveys_scores ON surveys (answered_at, score) WHERE answered_at IS NOT NULL;
CREATE INDEX surveys_asked ON surveys (created_at, state, answered_at);
CREATE INDEX stock_moves_used ON stock_moves (at) WHERE reason = 'used';

-- Lists of one thing, or of those in a state, the newest first.
CREATE INDEX tickets_asset ON tickets (asset_id, id);
CREATE INDEX tickets_state ON tickets (state, id);
-- The promise that is due next first; those on hold last.
CREATE INDEX sla_clocks_next ON sla_clocks ((coalesce(due_at, 9223372036854775807)), id)
  WHERE state IN ('running', 'on_hold', 'breached');
