-- What has to be known about a stretch of readings.

CREATE TABLE annotations (
  id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  point_id TEXT REFERENCES points (id),  -- null: the whole machine
  from_us BIGINT NOT NULL,
  to_us BIGINT NOT NULL,                 -- equal to from_us: a moment
  note TEXT NOT NULL,
  who TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  withdrawn_at BIGINT,                   -- kept, and no longer shown
  withdrawn_by TEXT
);
CREATE INDEX annotations_of ON annotations (asset_id, from_us);

-- Readings that came long after they were measured; stretches near each other are one.
CREATE TABLE late_arrivals (
  id TEXT PRIMARY KEY,
  series BIGINT NOT NULL REFERENCES channels (series),
  from_us BIGINT NOT NULL,
  to_us BIGINT NOT NULL,
  arrived_from BIGINT NOT NULL,
  arrived_to BIGINT NOT NULL
);
CREATE INDEX late_arrivals_of ON late_arrivals (series, from_us);
