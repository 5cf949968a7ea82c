-- Care for customers between faults: reminders, and points as a simple ledger.

ALTER TABLE assets ADD COLUMN purchased_at BIGINT;               -- null: nobody has said so
ALTER TABLE contacts ADD COLUMN no_care BIGINT NOT NULL DEFAULT 0;  -- 1: wants no care reminders

CREATE TABLE care_reminders (
  id TEXT PRIMARY KEY,
  rule TEXT NOT NULL,               -- key of the rule of the care policy
  policy_version BIGINT NOT NULL,
  kind TEXT NOT NULL,               -- greeting | tip | maintenance | warranty
  asset_id TEXT NOT NULL REFERENCES assets (id),
  due_on TEXT NOT NULL,             -- day, ISO 8601
  due_at BIGINT NOT NULL,           -- that day, at the site's hour
  state TEXT NOT NULL,              -- planned | sent | withdrawn | dropped
  contact_id TEXT REFERENCES contacts (id),  -- who got it
  advice TEXT NOT NULL,             -- as it was sent; '' before
  why TEXT NOT NULL,                -- why it was withdrawn or dropped
  planned_at BIGINT NOT NULL,
  sent_at BIGINT,
  -- Whoever looks after reminders, however often: one a rule, machine and day.
  CONSTRAINT care_reminders_once UNIQUE (rule, asset_id, due_on)
);
CREATE INDEX care_reminders_planned ON care_reminders (due_at) WHERE state = 'planned';
CREATE INDEX care_reminders_asset ON care_reminders (asset_id);
CREATE INDEX care_reminders_due ON care_reminders (due_at, id);

-- Points of customers. An entry is never changed; another one puts it right.
CREATE TABLE loyalty_entries (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL REFERENCES customers (id),
  position BIGINT NOT NULL,         -- 1, 2, … of the customer
  delta BIGINT NOT NULL,
  balance BIGINT NOT NULL CONSTRAINT loyalty_entries_not_negative CHECK (balance >= 0),
  reason TEXT NOT NULL,             -- survey_answered | suggestion_adopted | by_hand
  subject_id TEXT NOT NULL,         -- what they are for; '' by hand
  rule TEXT,                        -- of an automatic entry: which rule did it
  why TEXT NOT NULL,
  who TEXT NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT loyalty_entries_turn UNIQUE (customer_id, position)
);
-- A rule gives points for one thing once.
CREATE UNIQUE INDEX loyalty_entries_once ON loyalty_entries (reason, subject_id)
  WHERE rule IS NOT NULL;
