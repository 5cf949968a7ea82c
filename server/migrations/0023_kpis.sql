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

-- Figures and lists of a time, and what belongs to one thing.
CREATE INDEX tickets_asset ON tickets (asset_id, id);
CREATE INDEX tickets_opened ON tickets (opened_at);
CREATE INDEX tickets_closed ON tickets (closed_at, opened_at) WHERE closed_at IS NOT NULL;
CREATE INDEX tickets_alive ON tickets (state, id) WHERE state NOT IN ('closed', 'cancelled');
CREATE INDEX ticket_steps_ticket ON ticket_steps (ticket_id, at);
CREATE INDEX ticket_steps_at ON ticket_steps (at);
CREATE INDEX ticket_findings_at ON ticket_findings (at);
CREATE INDEX changes_states ON changes (subject_kind, at) WHERE field = 'state';
CREATE INDEX sla_clocks_met ON sla_clocks (met_at) WHERE met_at IS NOT NULL;
CREATE INDEX sla_clocks_breached ON sla_clocks (breached_at) WHERE breached_at IS NOT NULL;
CREATE INDEX stock_moves_at ON stock_moves (at) WHERE reason = 'used';
