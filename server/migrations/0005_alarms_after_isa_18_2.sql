-- Alarms after ISA-18.2-2016: more states, suspensions that hide alarms, an audit of every
-- transition, escalation by time, floods; tickets that reopen inside the guarantee window.

-- For how long after closure the machine is watched for the same signature.
ALTER TABLE assets ADD COLUMN guarantee_s BIGINT NOT NULL DEFAULT 2592000;

CREATE TABLE guarantee_changes (
  id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  guarantee_s BIGINT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL
);

ALTER TABLE tickets ADD COLUMN priority TEXT NOT NULL DEFAULT 'medium';
ALTER TABLE tickets ADD COLUMN closed_at BIGINT;
ALTER TABLE tickets ADD COLUMN probation_until BIGINT;      -- null unless closed
ALTER TABLE tickets ADD COLUMN predecessor_id TEXT REFERENCES tickets (id);
UPDATE tickets SET closed_at = (SELECT max(s.at) FROM ticket_steps s
  WHERE s.ticket_id = tickets.id AND s.to_state = 'closed') WHERE state = 'closed';
UPDATE tickets SET probation_until = closed_at + 2592000000000 WHERE closed_at IS NOT NULL;

-- Openings take turns, so that ticket numbers follow one another without gap or clash.
CREATE TABLE turns (
  name TEXT PRIMARY KEY,
  taken BIGINT NOT NULL
);
INSERT INTO turns (name, taken) VALUES ('ticket numbers', 0);

-- What hides alarms of an asset for a while: shelving, maintenance, out of service, design, repair.
CREATE TABLE alarm_suspensions (
  id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  tag TEXT,                         -- null: every alarm of the asset
  kind TEXT NOT NULL,               -- shelved | maintenance | out_of_service | by_design | repair_session
  keep_safety BIGINT NOT NULL,      -- 1: alarms of the class safety stay visible
  from_at BIGINT NOT NULL,
  until_at BIGINT,
  reason TEXT NOT NULL,
  who TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  rule_id TEXT,                     -- of alarm_suppressions, when by design
  began_at BIGINT,                  -- null: planned, or cancelled before it began
  ended_at BIGINT,
  ended_by TEXT,
  ended_why TEXT
);
CREATE UNIQUE INDEX alarm_suspensions_one_each ON alarm_suspensions (asset_id, kind, coalesce(tag, ''))
  WHERE kind IN ('shelved', 'out_of_service', 'repair_session') AND ended_at IS NULL;
CREATE UNIQUE INDEX alarm_suspensions_one_a_rule ON alarm_suspensions (rule_id)
  WHERE ended_at IS NULL;
CREATE INDEX alarm_suspensions_asset ON alarm_suspensions (asset_id);
CREATE INDEX alarm_suspensions_pending ON alarm_suspensions (from_at) WHERE ended_at IS NULL;

-- Suppressed by design: while alarm `while_tag` of the asset is active, alarm `tag` is suppressed.
CREATE TABLE alarm_suppressions (
  id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  while_tag TEXT NOT NULL,
  tag TEXT NOT NULL,
  why TEXT NOT NULL,
  who TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT,
  deleted_by TEXT
);
CREATE UNIQUE INDEX alarm_suppressions_once ON alarm_suppressions (asset_id, while_tag, tag)
  WHERE deleted_at IS NULL;

-- More than 10 new alarms in 10 minutes, until there are fewer than 5.
CREATE TABLE alarm_floods (
  id TEXT PRIMARY KEY,
  from_at BIGINT NOT NULL,
  until_at BIGINT,
  running BIGINT CONSTRAINT alarm_floods_one_running UNIQUE  -- 1, or null when it is over
);

CREATE TABLE alarms_after_isa (
  id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  tag TEXT NOT NULL,                -- which alarm of the asset
  class TEXT NOT NULL,              -- machine | safety | sensor | system
  signature TEXT,                   -- which ticket it opens or joins; null: none
  state TEXT NOT NULL,
  priority TEXT NOT NULL,           -- critical | high | medium | low
  raised_priority TEXT NOT NULL,    -- before any escalation
  latched BIGINT NOT NULL,          -- 1: stays until somebody resets it
  summary TEXT NOT NULL,
  since_at BIGINT NOT NULL,
  raised_at BIGINT NOT NULL,        -- measured time of its first occurrence
  last_raised_at BIGINT NOT NULL,   -- and of its last
  occurrences BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  cleared_at BIGINT,                -- null: the condition holds
  acknowledged_at BIGINT,
  acknowledged_by TEXT,
  deviations TEXT NOT NULL,
  ticket_id TEXT REFERENCES tickets (id),
  hidden_by TEXT REFERENCES alarm_suspensions (id),
  chattering_until BIGINT,          -- measured time up to which a new occurrence joins this alarm
  flood_id TEXT REFERENCES alarm_floods (id),
  waiting_since BIGINT,             -- unacknowledged and active since then, or since its escalation
  escalation_level BIGINT NOT NULL,
  escalation_over BIGINT NOT NULL   -- 1: escalated as far as the policy goes
);
INSERT INTO alarms_after_isa (id, asset_id, tag, class, signature, state, priority,
  raised_priority, latched, summary, since_at, raised_at, last_raised_at, occurrences, recorded_at,
  cleared_at, acknowledged_at, acknowledged_by, deviations, ticket_id, escalation_level,
  escalation_over)
  SELECT id, asset_id, signature, 'machine', signature, state, priority, priority, 0, summary,
  since_at, raised_at, raised_at, 1, raised_at, cleared_at, acknowledged_at, acknowledged_by,
  deviations, ticket_id, 0, 1 FROM alarms;
DROP TABLE alarms;
ALTER TABLE alarms_after_isa RENAME TO alarms;
CREATE INDEX alarms_tag ON alarms (asset_id, tag, last_raised_at);
CREATE INDEX alarms_ticket ON alarms (ticket_id);
CREATE INDEX alarms_recorded ON alarms (recorded_at);
CREATE INDEX alarms_waiting ON alarms (waiting_since) WHERE waiting_since IS NOT NULL;
CREATE INDEX alarms_hidden ON alarms (hidden_by) WHERE hidden_by IS NOT NULL;
CREATE INDEX alarms_flood ON alarms (flood_id) WHERE flood_id IS NOT NULL;

-- Every raising of an alarm, also of those that joined one that was there.
CREATE TABLE alarm_occurrences (
  id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  tag TEXT NOT NULL,
  raised_at BIGINT NOT NULL,
  alarm_id TEXT NOT NULL REFERENCES alarms (id) DEFERRABLE INITIALLY DEFERRED,
  cleared_at BIGINT,
  -- Readings that are judged a second time, after a crash, raise the same alarm and not another.
  CONSTRAINT alarm_occurrences_once UNIQUE (asset_id, tag, raised_at)
);
CREATE INDEX alarm_occurrences_alarm ON alarm_occurrences (alarm_id);

-- Which suspension hid which alarm, and when that ended.
CREATE TABLE alarm_hides (
  suspension_id TEXT NOT NULL REFERENCES alarm_suspensions (id),
  alarm_id TEXT NOT NULL REFERENCES alarms (id),
  hidden_at BIGINT NOT NULL,
  came_out_at BIGINT,
  PRIMARY KEY (suspension_id, alarm_id)
);
CREATE INDEX alarm_hides_alarm ON alarm_hides (alarm_id);

CREATE TABLE alarm_steps (
  id TEXT PRIMARY KEY,
  alarm_id TEXT NOT NULL REFERENCES alarms (id),
  at BIGINT NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL
);
CREATE INDEX alarm_steps_alarm ON alarm_steps (alarm_id);

-- After how long an alarm that nobody acknowledges is escalated. A version is never changed.
CREATE TABLE alarm_escalation_versions (
  version BIGINT PRIMARY KEY,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE TABLE alarm_escalations (
  version BIGINT NOT NULL REFERENCES alarm_escalation_versions (version),
  priority TEXT NOT NULL,
  after_s BIGINT NOT NULL,
  raise_to TEXT NOT NULL,           -- the same priority: escalated once, and stays
  note TEXT NOT NULL,
  PRIMARY KEY (version, priority)
);
INSERT INTO alarm_escalation_versions (version, who, why, at) VALUES (1, 'aftercare', 'preset', 0);
INSERT INTO alarm_escalations (version, priority, after_s, raise_to, note) VALUES
  (1, 'critical', 300, 'critical', 'Call whoever is in charge'),
  (1, 'high', 900, 'critical', 'Tell the dispatcher'),
  (1, 'medium', 3600, 'high', ''),
  (1, 'low', 14400, 'medium', '');

-- Last: PostgreSQL changes no table whose deferred constraints wait to be checked.
INSERT INTO alarm_occurrences (id, asset_id, tag, raised_at, alarm_id, cleared_at)
  SELECT id, asset_id, tag, raised_at, id, cleared_at FROM alarms;
