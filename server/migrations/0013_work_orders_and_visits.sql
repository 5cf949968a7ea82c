-- Work orders, who can do them, and the visits that do.

CREATE TABLE work_orders (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT work_orders_number UNIQUE,
  ticket_id TEXT NOT NULL REFERENCES tickets (id),
  asset_id TEXT NOT NULL REFERENCES assets (id),
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  instructions TEXT NOT NULL,
  priority TEXT NOT NULL,           -- critical | high | medium | low
  skills TEXT NOT NULL,             -- JSON list of words
  planned_minutes BIGINT NOT NULL,  -- work beside the machine, without the way
  earliest_at BIGINT,               -- not before: parts, access
  latest_at BIGINT,                 -- promised
  hold_reason TEXT,                 -- while on hold
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  version BIGINT NOT NULL           -- grows with every change of a field or of the state
);
CREATE INDEX work_orders_ticket ON work_orders (ticket_id);
CREATE INDEX work_orders_asset ON work_orders (asset_id);
CREATE INDEX work_orders_open ON work_orders (state, latest_at)
  WHERE state NOT IN ('closed', 'cancelled');

-- What is done, point by point. Each line has its own history, so that two people can tick at once.
CREATE TABLE work_order_steps (
  id TEXT PRIMARY KEY,
  work_order_id TEXT NOT NULL REFERENCES work_orders (id),
  position BIGINT NOT NULL,
  text TEXT NOT NULL,
  done_at BIGINT,                   -- null: to do
  done_by TEXT,
  CONSTRAINT work_order_steps_position UNIQUE (work_order_id, position)
);

-- Who goes out. Hours are the sla calendar of the same name.
CREATE TABLE technicians (
  account_id TEXT PRIMARY KEY REFERENCES accounts (id),
  skills TEXT NOT NULL,             -- JSON list of words
  areas TEXT NOT NULL,              -- JSON list of planning areas; empty: everywhere
  hours TEXT NOT NULL,              -- JSON: time zone, hours of each weekday
  latitude DOUBLE PRECISION,        -- where the day begins
  longitude DOUBLE PRECISION,
  turn BIGINT NOT NULL,             -- plannings of one technician take turns
  version BIGINT NOT NULL
);

CREATE TABLE absences (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES technicians (account_id),
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX absences_account ON absences (account_id, to_at);

CREATE TABLE visits (
  id TEXT PRIMARY KEY,
  work_order_id TEXT NOT NULL REFERENCES work_orders (id),
  technician_id TEXT NOT NULL REFERENCES technicians (account_id),
  state TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  planned_by TEXT NOT NULL,
  rule TEXT,                        -- of an automatic planning: which rule did it
  reasons TEXT NOT NULL,            -- JSON: why this technician and this time
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX visits_order ON visits (work_order_id);
CREATE INDEX visits_technician ON visits (technician_id, starts_at);
CREATE INDEX visits_time ON visits (starts_at);
-- A work order is done in one visit at a time.
CREATE UNIQUE INDEX visits_one_ahead ON visits (work_order_id)
  WHERE state NOT IN ('done', 'missed', 'cancelled');

-- Rules of the house that people change; the newest version of a kind holds.
CREATE TABLE policies (
  kind TEXT NOT NULL,
  version BIGINT NOT NULL,
  content TEXT NOT NULL,            -- JSON
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (kind, version)
);

ALTER TABLE repair_sessions ADD COLUMN visit_id TEXT REFERENCES visits (id);
INSERT INTO turns (name, taken) VALUES ('work order numbers', 0), ('dispatches', 0);
