-- From a ticket to approved work: triage, diagnosis, proposals and their approval.

-- How a ticket is handled; the newest row holds.
CREATE TABLE triages (
  id TEXT PRIMARY KEY,
  ticket_id TEXT NOT NULL REFERENCES tickets (id),
  mode TEXT NOT NULL,               -- phone | remote | on_site
  tier BIGINT NOT NULL,             -- 1: whoever took it; 2: technical support; 3: the maker
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX triages_ticket ON triages (ticket_id, id);

CREATE TABLE diagnoses (
  ticket_id TEXT PRIMARY KEY REFERENCES tickets (id),
  phenomena TEXT NOT NULL,
  noticed_at BIGINT,
  doing TEXT NOT NULL,              -- what was being done when it was noticed
  location TEXT NOT NULL,           -- the component it was located at
  first_cause TEXT,                 -- the cause that was confirmed first; never changed
  first_cause_at BIGINT,
  version BIGINT NOT NULL
);

CREATE TABLE candidate_causes (
  id TEXT PRIMARY KEY,
  ticket_id TEXT NOT NULL REFERENCES diagnoses (ticket_id),
  cause TEXT NOT NULL,              -- a code, as in findings
  state TEXT NOT NULL,              -- open | ruled_out | confirmed
  evidence TEXT NOT NULL,           -- what speaks for or against it
  who TEXT NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT candidate_causes_once UNIQUE (ticket_id, cause)
);

CREATE TABLE proposals (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT proposals_number UNIQUE,
  ticket_id TEXT NOT NULL REFERENCES tickets (id),
  asset_id TEXT NOT NULL REFERENCES assets (id),
  state TEXT NOT NULL,              -- draft | submitted | approved | sent_back | withdrawn
  version BIGINT NOT NULL,          -- of its content
  policy_version BIGINT,            -- of the approval policy that it was submitted under
  created_at BIGINT NOT NULL
);
CREATE INDEX proposals_ticket ON proposals (ticket_id);

CREATE TABLE proposal_versions (
  proposal_id TEXT NOT NULL REFERENCES proposals (id),
  version BIGINT NOT NULL,
  content TEXT NOT NULL,            -- JSON
  who TEXT NOT NULL,
  account_id TEXT REFERENCES accounts (id),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (proposal_id, version)
);

-- The chain that a version goes through, in order of position.
CREATE TABLE approvals (
  id TEXT PRIMARY KEY,
  proposal_id TEXT NOT NULL REFERENCES proposals (id),
  version BIGINT NOT NULL,
  position BIGINT NOT NULL,
  role TEXT NOT NULL,
  because TEXT NOT NULL,            -- the rule of the policy that asks for it
  state TEXT NOT NULL,              -- waiting | approved | sent_back | void
  who TEXT,
  why TEXT,
  at BIGINT,
  CONSTRAINT approvals_position UNIQUE (proposal_id, version, position)
);
CREATE INDEX approvals_waiting ON approvals (role) WHERE state = 'waiting';

ALTER TABLE work_orders ADD COLUMN proposal_id TEXT REFERENCES proposals (id);
INSERT INTO turns (name, taken) VALUES ('proposal numbers', 0);
