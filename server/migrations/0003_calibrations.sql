-- What the reports of a channel have to be corrected by, from a date on: reported × scale + offset.
-- Readings stay as they were reported.
CREATE TABLE calibrations (
  id TEXT PRIMARY KEY,
  series BIGINT NOT NULL REFERENCES channels (series),
  valid_from BIGINT NOT NULL,
  scale DOUBLE PRECISION NOT NULL,
  offset_by DOUBLE PRECISION NOT NULL,
  note TEXT NOT NULL,
  who TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT calibrations_date UNIQUE (series, valid_from)
);
CREATE INDEX bindings_point ON bindings (point_id);
