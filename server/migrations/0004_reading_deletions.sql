-- Readings that somebody deleted, and why.
CREATE TABLE reading_deletions (
  id TEXT PRIMARY KEY,
  point_id TEXT NOT NULL REFERENCES points (id),
  from_us BIGINT NOT NULL,
  to_us BIGINT NOT NULL,
  why TEXT NOT NULL,
  who TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
