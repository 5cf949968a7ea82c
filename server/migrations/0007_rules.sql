-- Rules are data. A version is never changed; what holds is the newest one.
CREATE TABLE rules (
  id TEXT PRIMARY KEY,
  scope TEXT NOT NULL,              -- kind | asset
  subject TEXT NOT NULL,            -- the kind of machine, or the id of the asset
  version BIGINT NOT NULL,
  rules TEXT NOT NULL,              -- JSON, every field of it
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT rules_version UNIQUE (scope, subject, version)
);

-- Measured time up to which readings are learnt from and raise nothing: they had been judged before
-- the watch of the asset began anew.
ALTER TABLE assets ADD COLUMN quiet_until BIGINT NOT NULL DEFAULT 0;
