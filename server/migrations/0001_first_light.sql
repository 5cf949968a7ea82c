-- One text for SQLite and PostgreSQL. Ids are UUIDv7 text, times are BIGINT microseconds since the
-- Unix epoch (UTC), enumerations are text, lists of figures are JSON text.

CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  scope TEXT NOT NULL,              -- admin | gateway
  secret_sha256 TEXT NOT NULL CONSTRAINT api_tokens_secret UNIQUE,
  created_at BIGINT NOT NULL
);

CREATE TABLE assets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT assets_name UNIQUE,
  kind TEXT NOT NULL,
  model TEXT,
  serial TEXT,
  learning_s DOUBLE PRECISION NOT NULL,
  created_at BIGINT NOT NULL
);

-- A measurement point is not a sensor: it keeps its history when the sensor is replaced.
CREATE TABLE points (
  id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  name TEXT NOT NULL,
  quantity TEXT NOT NULL,
  position TEXT NOT NULL,
  unit TEXT NOT NULL,
  slot BIGINT NOT NULL,             -- index of the point in the asset's detector
  created_at BIGINT NOT NULL,
  CONSTRAINT points_name UNIQUE (asset_id, name),
  CONSTRAINT points_slot UNIQUE (asset_id, slot)
);

CREATE TABLE boards (
  id TEXT PRIMARY KEY,
  first_seen_at BIGINT NOT NULL,
  adopted_at BIGINT,
  online BIGINT,                    -- 1 | 0, by the board's own status; null when never told
  credential_sha256 TEXT
);

-- A channel is what a board reports under one name in one unit. Its number is the key of its
-- readings in the telemetry store.
CREATE TABLE channels (
  series BIGINT PRIMARY KEY,
  board_id TEXT NOT NULL REFERENCES boards (id),
  channel TEXT NOT NULL,
  unit TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  CONSTRAINT channels_name UNIQUE (board_id, channel, unit)
);

-- Which channel speaks for which point, and when.
CREATE TABLE bindings (
  id TEXT PRIMARY KEY,
  series BIGINT NOT NULL REFERENCES channels (series),
  point_id TEXT NOT NULL REFERENCES points (id),
  valid_from BIGINT NOT NULL,
  valid_to BIGINT NOT NULL,
  CONSTRAINT bindings_start UNIQUE (series, valid_from)
);

CREATE TABLE tickets (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT tickets_number UNIQUE,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  signature TEXT NOT NULL,
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  since_at BIGINT NOT NULL,
  deviations TEXT NOT NULL
);
-- However many writers raise the same alarm, it has one open ticket.
CREATE UNIQUE INDEX tickets_one_open ON tickets (asset_id, signature)
  WHERE state NOT IN ('closed', 'cancelled');

CREATE TABLE ticket_steps (
  id TEXT PRIMARY KEY,
  ticket_id TEXT NOT NULL REFERENCES tickets (id),
  at BIGINT NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL
);

CREATE TABLE alarms (
  id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  signature TEXT NOT NULL,
  state TEXT NOT NULL,
  priority TEXT NOT NULL,
  summary TEXT NOT NULL,
  since_at BIGINT NOT NULL,
  raised_at BIGINT NOT NULL,
  cleared_at BIGINT,
  acknowledged_at BIGINT,
  acknowledged_by TEXT,
  deviations TEXT NOT NULL,
  ticket_id TEXT REFERENCES tickets (id),
  -- Readings that are judged a second time, after a crash, raise the same alarm and not another.
  CONSTRAINT alarms_once UNIQUE (asset_id, signature, raised_at)
);

-- Where each asset's detector stood: it goes on from here with the readings stored since.
CREATE TABLE detectors (
  asset_id TEXT PRIMARY KEY REFERENCES assets (id),
  snapshot TEXT NOT NULL,
  saved_at BIGINT NOT NULL
);

CREATE TABLE rejected (
  id TEXT PRIMARY KEY,
  topic TEXT NOT NULL,
  reason TEXT NOT NULL,
  cause TEXT NOT NULL,
  sample TEXT NOT NULL,
  records BIGINT NOT NULL,
  received_at BIGINT NOT NULL
);
CREATE TABLE rejected_counts (
  reason TEXT PRIMARY KEY,
  records BIGINT NOT NULL
);

-- What each gateway has delivered, so that a repeated delivery counts no rejection twice.
CREATE TABLE gateways (
  id TEXT PRIMARY KEY,
  last_seq BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
