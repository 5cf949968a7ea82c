-- How satisfied customers are, who calls them back, and what is done about it.

CREATE TABLE surveys (
  id TEXT PRIMARY KEY,
  ticket_id TEXT NOT NULL REFERENCES tickets (id),
  asset_id TEXT NOT NULL REFERENCES assets (id),
  secret TEXT NOT NULL CONSTRAINT surveys_secret UNIQUE,  -- of the link; shown again in reminders
  policy_version BIGINT NOT NULL,
  criteria TEXT NOT NULL,           -- JSON: as the policy had them, with their weights
  state TEXT NOT NULL,              -- open | answered | expired | withdrawn
  rule TEXT NOT NULL,               -- which rule asked
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  answered_at BIGINT,
  score DOUBLE PRECISION,           -- weighted mean of the answers, 1 to 5
  comment TEXT NOT NULL,
  tags TEXT NOT NULL                -- JSON list of words
);
CREATE INDEX surveys_answered ON surveys (answered_at) WHERE answered_at IS NOT NULL;
CREATE INDEX surveys_ticket ON surveys (ticket_id);
CREATE INDEX surveys_due ON surveys (expires_at) WHERE state = 'open';

CREATE TABLE survey_answers (
  survey_id TEXT NOT NULL REFERENCES surveys (id),
  criterion TEXT NOT NULL,
  value BIGINT NOT NULL,            -- 1 (bad) to 5 (good)
  PRIMARY KEY (survey_id, criterion)
);

CREATE TABLE call_backs (
  id TEXT PRIMARY KEY,
  ticket_id TEXT NOT NULL REFERENCES tickets (id),
  asset_id TEXT NOT NULL REFERENCES assets (id),
  state TEXT NOT NULL,              -- due | reached | not_reached | withdrawn
  rule TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  outcome TEXT,                     -- what the customer said
  suggestion TEXT,                  -- what they suggested
  adopted BIGINT,                   -- 1 | 0, of a suggestion; null: not decided
  who TEXT,
  at BIGINT
);
CREATE INDEX call_backs_due ON call_backs (due_at) WHERE state = 'due';

CREATE TABLE corrective_actions (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT corrective_actions_number UNIQUE,
  title TEXT NOT NULL,
  cause TEXT NOT NULL,
  steps TEXT NOT NULL,              -- JSON list of lines
  owner_id TEXT NOT NULL REFERENCES accounts (id),
  due_at BIGINT NOT NULL,
  state TEXT NOT NULL,              -- open | in_progress | done | effective | ineffective | withdrawn
  criterion TEXT,                   -- of surveys: what it is to better; null: the score
  window_days BIGINT NOT NULL,      -- what is compared: so many days before it was made and after it was done
  done_at BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
INSERT INTO turns (name, taken) VALUES ('corrective action numbers', 0);
