-- What is done by itself at its time: reminders of visits, call-backs, dispatches.

-- When a visit got its time and technician; null: when it was made.
ALTER TABLE visits ADD COLUMN planned_at BIGINT;
CREATE INDEX visits_to_come ON visits (starts_at) WHERE state IN ('planned', 'dispatched');

-- Reminders that were given, each once, however many servers look.
CREATE TABLE visit_reminders (
  visit_id TEXT NOT NULL REFERENCES visits (id),
  planned_at BIGINT NOT NULL,       -- a visit that is planned anew is reminded of anew
  hours BIGINT NOT NULL,            -- before it begins
  at BIGINT NOT NULL,
  CONSTRAINT visit_reminders_once PRIMARY KEY (visit_id, planned_at, hours)
);

-- When those who call were told; null: not yet.
ALTER TABLE call_backs ADD COLUMN told_at BIGINT;

-- Work orders that were tried to be dispatched by themselves and have no visit from it.
CREATE TABLE auto_dispatches (
  work_order_id TEXT NOT NULL REFERENCES work_orders (id),
  outcome TEXT NOT NULL,            -- suggested | failed
  tried_at BIGINT NOT NULL,         -- last
  CONSTRAINT auto_dispatches_once PRIMARY KEY (work_order_id, outcome)
);
INSERT INTO notification_rules (version, event, audience, channels, urgent)
  SELECT max(version), 'dispatch_wanted', 'role:dispatcher', 'wecom dingtalk webhook email', 0
  FROM notification_rule_versions;
