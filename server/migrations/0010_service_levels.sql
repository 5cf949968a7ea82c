-- Service levels: hours, policies, and the clocks that hold us to what was promised.

-- Hours with a name. A clock reads them in the time zone of its site.
CREATE TABLE calendars (
  name TEXT PRIMARY KEY,
  version BIGINT NOT NULL           -- the newest; changes take turns on this row
);
CREATE TABLE calendar_versions (
  name TEXT NOT NULL REFERENCES calendars (name),
  version BIGINT NOT NULL,
  content TEXT NOT NULL,            -- JSON: openings by weekday, holidays
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (name, version)
);

-- Targets and goals with a name, to be chosen by a contract.
CREATE TABLE sla_policies (
  name TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  is_default BIGINT                 -- 1: holds where nothing else was chosen; null otherwise
    CONSTRAINT sla_policies_one_default UNIQUE
);
CREATE TABLE sla_policy_versions (
  name TEXT NOT NULL REFERENCES sla_policies (name),
  version BIGINT NOT NULL,
  content TEXT NOT NULL,            -- JSON: targets, when it is due soon, goals
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (name, version)
);

CREATE TABLE sla_clocks (
  id TEXT PRIMARY KEY,
  subject_kind TEXT NOT NULL,       -- request | ticket | return | work_order | shipment
  subject_id TEXT NOT NULL,
  asset_id TEXT REFERENCES assets (id),  -- decides who sees it; null: people who see everything
  kind TEXT NOT NULL,               -- what was promised, such as first_response
  priority TEXT NOT NULL,           -- critical | high | medium | low
  policy TEXT NOT NULL REFERENCES sla_policies (name),
  policy_version BIGINT NOT NULL,
  calendar TEXT REFERENCES calendars (name),  -- null: all hours count
  calendar_version BIGINT,
  time_zone TEXT NOT NULL,          -- of the site
  target_s BIGINT NOT NULL,
  due_soon_percent BIGINT NOT NULL,
  state TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  due_at BIGINT,                    -- null while it is on hold
  due_soon_at BIGINT,
  promised_due_at BIGINT NOT NULL,  -- the first promise; never changed
  due_soon_noticed_at BIGINT,
  breached_at BIGINT,               -- for good, also when it is met afterwards
  breach_noticed_at BIGINT,
  met_at BIGINT,
  attend_at BIGINT,                 -- when somebody has to look after it next
  version BIGINT NOT NULL
);
-- A thing has one clock of a kind at a time, however many start it.
CREATE UNIQUE INDEX sla_clocks_one_live ON sla_clocks (subject_kind, subject_id, kind)
  WHERE state IN ('running', 'on_hold', 'breached');
CREATE INDEX sla_clocks_subject ON sla_clocks (subject_kind, subject_id, id);
CREATE INDEX sla_clocks_attend ON sla_clocks (attend_at) WHERE attend_at IS NOT NULL;
CREATE INDEX sla_clocks_live ON sla_clocks (due_at, id)
  WHERE state IN ('running', 'on_hold', 'breached');

-- Why it stood still, from–to.
CREATE TABLE sla_holds (
  id TEXT PRIMARY KEY,
  clock_id TEXT NOT NULL REFERENCES sla_clocks (id),
  source TEXT NOT NULL,             -- person, or what holds it, such as work_order:ID
  from_at BIGINT NOT NULL,
  to_at BIGINT,
  who TEXT NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX sla_holds_clock ON sla_holds (clock_id);
CREATE UNIQUE INDEX sla_holds_one_a_source ON sla_holds (clock_id, source) WHERE to_at IS NULL;

CREATE TABLE sla_clock_steps (
  id TEXT PRIMARY KEY,
  clock_id TEXT NOT NULL REFERENCES sla_clocks (id),
  at BIGINT NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  due_before BIGINT,
  due_after BIGINT
);
CREATE INDEX sla_clock_steps_clock ON sla_clock_steps (clock_id, id);

CREATE TABLE sla_notices (
  clock_id TEXT NOT NULL REFERENCES sla_clocks (id),
  kind TEXT NOT NULL,               -- due_soon | breached
  at BIGINT NOT NULL,
  CONSTRAINT sla_notices_once PRIMARY KEY (clock_id, kind)
);

INSERT INTO calendars (name, version) VALUES ('working-hours', 1), ('working-days', 1);
INSERT INTO calendar_versions (name, version, content, who, why, at) VALUES
('working-hours', 1, '{"week":{
  "monday":[{"from":"09:00","to":"17:00"}],"tuesday":[{"from":"09:00","to":"17:00"}],
  "wednesday":[{"from":"09:00","to":"17:00"}],"thursday":[{"from":"09:00","to":"17:00"}],
  "friday":[{"from":"09:00","to":"17:00"}]},"holidays":[]}',
  'Aftercare', 'comes with the system', 0),
-- So that 24 hours are a working day, and what begins on a Friday afternoon is due on a Monday.
('working-days', 1, '{"week":{
  "monday":[{"from":"00:00","to":"24:00"}],"tuesday":[{"from":"00:00","to":"24:00"}],
  "wednesday":[{"from":"00:00","to":"24:00"}],"thursday":[{"from":"00:00","to":"24:00"}],
  "friday":[{"from":"00:00","to":"24:00"}]},"holidays":[]}',
  'Aftercare', 'comes with the system', 0);

-- The figures of three handbooks. What they give as a rate and not as a time is a goal.
INSERT INTO sla_policies (name, version, is_default) VALUES ('A', 1, 1), ('B', 1, NULL), ('C', 1, NULL);
INSERT INTO sla_policy_versions (name, version, content, who, why, at) VALUES
('A', 1, '{"targets":[
  {"kind":"first_response","seconds":14400,"calendar":"working-hours"},
  {"kind":"resolution","seconds":86400,"calendar":"working-days"},
  {"kind":"return_handling","seconds":172800,"calendar":"working-days"}],
 "due_soon_percent":75,
 "goals":[
  {"name":"satisfaction","is":"at_least","figure":90,"unit":"%"},
  {"name":"satisfaction growth","is":"at_least","figure":10,"unit":"% a year"},
  {"name":"time of returns, change","is":"at_most","figure":-20,"unit":"%"},
  {"name":"training coverage","is":"at_least","figure":100,"unit":"% a quarter"},
  {"name":"monthly reports in a row","is":"at_least","figure":12,"unit":"reports"}]}',
  'Aftercare', 'comes with the system', 0),
('B', 1, '{"targets":[
  {"kind":"first_response","seconds":7200,"calendar":"working-hours"},
  {"kind":"resolution","seconds":172800,"calendar":"working-days"},
  {"kind":"return_handling","seconds":86400,"calendar":"working-days"},
  {"kind":"call_back","seconds":604800},
  {"kind":"shipment_update","seconds":7200}],
 "due_soon_percent":75,
 "goals":[
  {"name":"satisfaction","is":"at_least","figure":90,"unit":"points"},
  {"name":"return accepted within","is":"at_least","figure":7,"unit":"days"},
  {"name":"exchange accepted within","is":"at_least","figure":15,"unit":"days"},
  {"name":"complaints, change","is":"at_most","figure":-15,"unit":"%"},
  {"name":"call-backs answered","is":"at_least","figure":80,"unit":"%"},
  {"name":"suggestions adopted","is":"at_least","figure":70,"unit":"%"},
  {"name":"shipments on time","is":"at_least","figure":98,"unit":"%"},
  {"name":"complaints about shipments","is":"at_most","figure":2,"unit":"%"},
  {"name":"shipments confirmed","is":"at_least","figure":100,"unit":"%"},
  {"name":"service cost","is":"at_most","figure":5,"unit":"% of sales"},
  {"name":"reviews","is":"at_least","figure":1,"unit":"a quarter"}]}',
  'Aftercare', 'comes with the system', 0),
('C', 1, '{"targets":[
  {"kind":"return_handling","seconds":86400,"calendar":"working-days"},
  {"kind":"repair","seconds":302400}],
 "due_soon_percent":75,
 "goals":[
  {"name":"response time, change","is":"at_most","figure":-30,"unit":"%"},
  {"name":"resolution rate, change","is":"at_least","figure":20,"unit":"%"},
  {"name":"resolution rate","is":"at_least","figure":95,"unit":"%"},
  {"name":"satisfaction","is":"at_least","figure":90,"unit":"%"},
  {"name":"complaints","is":"at_most","figure":5,"unit":"%"},
  {"name":"diagnosis accuracy","is":"at_least","figure":95,"unit":"%"},
  {"name":"service cost","is":"at_least","figure":3,"unit":"% of sales"},
  {"name":"service cost","is":"at_most","figure":8,"unit":"% of sales"}]}',
  'Aftercare', 'comes with the system', 0);
