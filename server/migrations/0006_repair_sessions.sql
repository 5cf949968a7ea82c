-- A repair session binds the readings before, during and after a repair to one visit.
CREATE TABLE repair_sessions (
  id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  ticket_id TEXT REFERENCES tickets (id),
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  technicians TEXT NOT NULL,        -- names
  phase BIGINT NOT NULL,            -- grows whenever work or an acceptance test begins
  fault_since_at BIGINT,            -- when a person knows better than the ticket
  planned_us BIGINT NOT NULL,       -- length of the work as planned
  planned_end_at BIGINT,            -- null before it starts
  acceptance_version_id TEXT,       -- the acceptance test as it was when it began
  created_at BIGINT NOT NULL
);
-- Two sessions at work on one machine would spoil each other's windows.
CREATE UNIQUE INDEX repair_sessions_one_under_way ON repair_sessions (asset_id)
  WHERE state IN ('running', 'acceptance_test');
CREATE INDEX repair_sessions_ticket ON repair_sessions (ticket_id);

CREATE TABLE repair_session_steps (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES repair_sessions (id),
  at BIGINT NOT NULL,               -- when it took effect
  recorded_at BIGINT NOT NULL,      -- when the server learnt of it
  from_state TEXT,
  to_state TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  planned_end_at BIGINT,            -- with a start or an extension of work
  suspension_id TEXT,               -- with these: what shelves the alarms that the work causes
  acceptance TEXT                   -- with an end of the test: how every check stood
);
CREATE INDEX repair_session_steps_session ON repair_session_steps (session_id);

-- What people did, on the time axis of the readings. Never changed: a correction is a new entry.
CREATE TABLE repair_session_entries (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES repair_sessions (id),
  phase BIGINT NOT NULL,
  kind TEXT NOT NULL,
  content TEXT NOT NULL,
  device_at BIGINT,                 -- as the author's device told it
  recorded_at BIGINT NOT NULL,
  author TEXT NOT NULL,
  corrects TEXT REFERENCES repair_session_entries (id),
  key TEXT,                         -- of the author's device: sent again, it is the same entry
  CONSTRAINT repair_session_entries_key UNIQUE (session_id, key)
);

-- Files by the digest of their content; the bytes are in the data folder.
CREATE TABLE attachments (
  sha256 TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

-- What a machine has to show after a repair: for one model, or for a kind where its model has none.
CREATE TABLE acceptance_tests (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT acceptance_tests_name UNIQUE,
  model TEXT,
  kind TEXT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX acceptance_tests_model ON acceptance_tests (model) WHERE model IS NOT NULL;
CREATE UNIQUE INDEX acceptance_tests_kind ON acceptance_tests (kind) WHERE kind IS NOT NULL;

CREATE TABLE acceptance_test_versions (
  id TEXT PRIMARY KEY,
  test_id TEXT NOT NULL REFERENCES acceptance_tests (id),
  version BIGINT NOT NULL,
  checks TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  CONSTRAINT acceptance_test_versions_number UNIQUE (test_id, version)
);

-- Verdicts are made anew, never changed.
CREATE TABLE repair_verdicts (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES repair_sessions (id),
  phase BIGINT NOT NULL,
  version BIGINT NOT NULL,
  overall TEXT NOT NULL,
  content TEXT NOT NULL,            -- windows, settings and the judgement of every point
  made_at BIGINT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  CONSTRAINT repair_verdicts_version UNIQUE (session_id, version)
);
