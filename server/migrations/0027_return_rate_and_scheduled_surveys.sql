-- The return rate, and customers who are asked on schedule.

CREATE INDEX return_steps_received ON return_steps (at, return_id) WHERE state = 'received';

-- A survey may be about the whole service of a customer: then it has neither ticket nor machine. SQLite
-- cannot let a column be null afterwards, so surveys and their answers move to new tables of the same names.
CREATE TABLE surveys_before AS SELECT * FROM surveys;
CREATE TABLE survey_answers_before AS SELECT * FROM survey_answers;
DROP TABLE survey_answers;
DROP TABLE surveys;
CREATE TABLE surveys (
  id TEXT PRIMARY KEY,
  customer_id TEXT REFERENCES customers (id),  -- who was asked; null: the machine is nobody's any more
  ticket_id TEXT REFERENCES tickets (id),      -- null with the machine: about the whole service
  asset_id TEXT REFERENCES assets (id),
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
  tags TEXT NOT NULL,               -- JSON list of words
  CONSTRAINT surveys_about CHECK ((ticket_id IS NULL AND asset_id IS NULL AND customer_id IS NOT NULL)
    OR (ticket_id IS NOT NULL AND asset_id IS NOT NULL))
);
INSERT INTO surveys (id, customer_id, ticket_id, asset_id, secret, policy_version, criteria, state, rule,
    created_at, expires_at, answered_at, score, comment, tags)
  SELECT b.id, s.customer_id, b.ticket_id, b.asset_id, b.secret, b.policy_version, b.criteria, b.state, b.rule,
    b.created_at, b.expires_at, b.answered_at, b.score, b.comment, b.tags
  FROM surveys_before b JOIN assets a ON a.id = b.asset_id LEFT JOIN sites s ON s.id = a.site_id;
CREATE INDEX surveys_ticket ON surveys (ticket_id);
CREATE INDEX surveys_customer ON surveys (customer_id, created_at);
CREATE INDEX surveys_due ON surveys (expires_at) WHERE state = 'open';
CREATE INDEX surveys_scores ON surveys (answered_at, score) WHERE answered_at IS NOT NULL;
CREATE INDEX surveys_asked ON surveys (created_at, state, answered_at);
CREATE TABLE survey_answers (
  survey_id TEXT NOT NULL REFERENCES surveys (id),
  criterion TEXT NOT NULL,
  value BIGINT NOT NULL,            -- 1 (bad) to 5 (good)
  PRIMARY KEY (survey_id, criterion)
);
INSERT INTO survey_answers (survey_id, criterion, value)
  SELECT survey_id, criterion, value FROM survey_answers_before;
DROP TABLE survey_answers_before;
DROP TABLE surveys_before;

-- About a machine by whoever sees its site, about the whole service by whoever sees all of the customer.
CREATE VIEW visible_surveys AS
  SELECT v.account_id, q.id AS survey_id FROM surveys q JOIN assets a ON a.id = q.asset_id
  JOIN visible_sites v ON v.site_id = a.site_id
  UNION
  SELECT g.account_id, q.id AS survey_id FROM surveys q
  JOIN account_customers g ON g.customer_id = q.customer_id WHERE q.asset_id IS NULL;

INSERT INTO turns (name, taken) VALUES ('scheduled surveys', 0);
