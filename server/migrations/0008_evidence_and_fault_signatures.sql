-- Keys that sign reports. The private halves are files of the servers, and never here.
CREATE TABLE evidence_keys (
  fingerprint TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,         -- PEM
  made_at BIGINT NOT NULL,
  retired_at BIGINT,
  retired_by TEXT,
  retired_why TEXT
);

-- What was wrong with a machine, and what mended it. A correction is a new row; the newest counts.
CREATE TABLE ticket_findings (
  id TEXT PRIMARY KEY,
  ticket_id TEXT NOT NULL REFERENCES tickets (id),
  cause TEXT NOT NULL,              -- a code, the same for the same cause
  note TEXT NOT NULL,
  remedy TEXT NOT NULL,
  parts TEXT NOT NULL,              -- part numbers
  at BIGINT NOT NULL,
  who TEXT NOT NULL
);
CREATE INDEX ticket_findings_ticket ON ticket_findings (ticket_id);

-- How the machine deviated, remembered when a ticket with a finding is closed.
CREATE TABLE fault_patterns (
  ticket_id TEXT PRIMARY KEY REFERENCES tickets (id),
  kind TEXT NOT NULL,
  model TEXT,
  pattern TEXT NOT NULL,
  remembered_at BIGINT NOT NULL
);
CREATE INDEX fault_patterns_kind ON fault_patterns (kind);

-- What the past said when a ticket was opened, to be held against what was found.
CREATE TABLE fault_predictions (
  ticket_id TEXT PRIMARY KEY REFERENCES tickets (id),
  case_id TEXT NOT NULL REFERENCES tickets (id),
  kind TEXT NOT NULL,
  cause TEXT NOT NULL,
  distance DOUBLE PRECISION NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX fault_predictions_cause ON fault_predictions (kind, cause);
