-- What the house knows: what to do when it matters (playbooks and drills), what was learnt (articles), and
-- who has learnt it (training).

CREATE TABLE playbooks (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT playbooks_name UNIQUE,
  retired BIGINT NOT NULL,          -- 1: not suggested and not started any more
  version BIGINT NOT NULL,          -- the newest
  created_at BIGINT NOT NULL
);
CREATE TABLE playbook_versions (
  playbook_id TEXT NOT NULL REFERENCES playbooks (id),
  version BIGINT NOT NULL,
  content TEXT NOT NULL,            -- JSON: when it applies, steps, contacts, material
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (playbook_id, version)
);

-- A playbook at work: on a ticket, or as a drill.
CREATE TABLE playbook_runs (
  id TEXT PRIMARY KEY,
  playbook_id TEXT NOT NULL REFERENCES playbooks (id),
  playbook_version BIGINT NOT NULL,
  ticket_id TEXT REFERENCES tickets (id),  -- null: a drill
  asset_id TEXT REFERENCES assets (id),    -- decides who sees it; null: people who see everything
  drill BIGINT NOT NULL,            -- 1: nobody is harmed
  scenario TEXT NOT NULL,           -- of a drill: what is supposed to have happened
  recorded_from BIGINT,             -- of a drill on a recorded fault: where its readings are
  recorded_to BIGINT,
  state TEXT NOT NULL,              -- running | done | stopped
  findings TEXT NOT NULL,           -- what was learnt
  participants TEXT NOT NULL,       -- JSON list of names
  started_at BIGINT NOT NULL,
  started_by TEXT NOT NULL,
  ended_at BIGINT,
  version BIGINT NOT NULL           -- changes of a run take turns on this row
);
CREATE UNIQUE INDEX playbook_runs_one_running ON playbook_runs (ticket_id, playbook_id)
  WHERE state = 'running' AND ticket_id IS NOT NULL;
CREATE INDEX playbook_runs_ticket ON playbook_runs (ticket_id);
CREATE INDEX playbook_runs_playbook ON playbook_runs (playbook_id, ended_at);

-- Its steps, as the version had them. Each has its own history, so that several teams can tick at once.
CREATE TABLE playbook_run_steps (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES playbook_runs (id),
  position BIGINT NOT NULL,
  text TEXT NOT NULL,
  role TEXT NOT NULL,
  team TEXT NOT NULL,               -- '': the whole role
  due_at BIGINT NOT NULL,
  mark TEXT NOT NULL,               -- open | done | skipped
  note TEXT NOT NULL,
  marked_at BIGINT,                 -- null while it is open
  marked_by TEXT,
  CONSTRAINT playbook_run_steps_position UNIQUE (run_id, position)
);

-- The knowledge base.
CREATE TABLE articles (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT articles_number UNIQUE,
  kind TEXT NOT NULL,               -- sop | manual | case | tip
  language TEXT NOT NULL,           -- en | zh-Hans | zh-Hant
  ticket_id TEXT REFERENCES tickets (id),  -- the ticket that a case was made from
  version BIGINT NOT NULL,          -- the newest
  published_version BIGINT,         -- what readers see; null: nothing
  created_at BIGINT NOT NULL
);
CREATE INDEX articles_kind ON articles (kind, language);

-- A version is never changed; its state is.
CREATE TABLE article_versions (
  article_id TEXT NOT NULL REFERENCES articles (id),
  version BIGINT NOT NULL,
  state TEXT NOT NULL,              -- draft | in_review | published | retired
  title TEXT NOT NULL,
  text TEXT NOT NULL,               -- Markdown
  about TEXT NOT NULL,              -- JSON: tags, models, causes, signatures
  who TEXT NOT NULL,
  account_id TEXT REFERENCES accounts (id),
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  reviewed_by TEXT,
  published_at BIGINT,
  PRIMARY KEY (article_id, version)
);

-- What the published version is about.
CREATE TABLE article_links (
  article_id TEXT NOT NULL REFERENCES articles (id),
  kind TEXT NOT NULL,               -- tag | model | cause | signature
  value TEXT NOT NULL,
  PRIMARY KEY (article_id, kind, value)
);
CREATE INDEX article_links_value ON article_links (kind, value);

-- Whether it helped, by reader and version; a reader who changes their mind changes the row.
CREATE TABLE article_votes (
  id TEXT PRIMARY KEY,
  article_id TEXT NOT NULL REFERENCES articles (id),
  version BIGINT NOT NULL,
  voter TEXT NOT NULL,              -- id of the account, or the name of a token
  who TEXT NOT NULL,
  helpful BIGINT NOT NULL,          -- 1 | 0
  note TEXT NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT article_votes_once UNIQUE (article_id, version, voter)
);

-- Training.
CREATE TABLE courses (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT courses_name UNIQUE,
  skills TEXT NOT NULL,             -- JSON list of words: what a pass proves
  models TEXT NOT NULL,             -- JSON list
  valid_months BIGINT,              -- null: a pass does not expire
  pass_from BIGINT,                 -- score from which it is passed, of 100; null: the assessor says so
  article_id TEXT REFERENCES articles (id),  -- the material
  active BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE course_roles (
  course_id TEXT NOT NULL REFERENCES courses (id),
  role TEXT NOT NULL,
  PRIMARY KEY (course_id, role)
);
CREATE TABLE training_records (
  id TEXT PRIMARY KEY,
  course_id TEXT NOT NULL REFERENCES courses (id),
  account_id TEXT NOT NULL REFERENCES accounts (id),
  article_version BIGINT,           -- of the material that was learnt
  at BIGINT NOT NULL,
  assessor TEXT NOT NULL,
  score BIGINT,                     -- of 100
  passed BIGINT NOT NULL,           -- 1 | 0
  expires_at BIGINT,
  note TEXT NOT NULL,               -- where the evidence is
  who TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  withdrawn_at BIGINT               -- was written down by mistake
);
CREATE INDEX training_records_course ON training_records (course_id, account_id, at);
CREATE INDEX training_records_account ON training_records (account_id);

INSERT INTO turns (name, taken) VALUES ('article numbers', 0);

-- Whoever has a step in a playbook hears at once that it was started.
INSERT INTO notification_rules (version, event, audience, channels, urgent)
  SELECT max(version), 'playbook_started', 'addressee', 'web_push email', 1
  FROM notification_rule_versions;
