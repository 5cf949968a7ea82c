-- A link that was printed at the start of the server and signs one browser in, once.
CREATE TABLE login_links (
  secret_sha256 TEXT PRIMARY KEY,
  expires_at BIGINT NOT NULL
);

-- A browser that is signed in. The secret is in its cookie.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  secret_sha256 TEXT NOT NULL CONSTRAINT sessions_secret UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
