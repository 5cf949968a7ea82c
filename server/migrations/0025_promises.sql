-- What is done by itself at its time: reminders of visits, call-backs, surveys on schedule, dispatches.

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
