-- Who works with the system, whose machines they are, and what each person may see.

CREATE TABLE customers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT customers_name UNIQUE,
  segment TEXT NOT NULL,            -- free word, such as 'key account'; '' without one
  language TEXT NOT NULL,           -- en | zh-Hans | zh-Hant
  high_risk BIGINT NOT NULL,        -- 1: flagged wherever the customer appears
  priority_lane BIGINT NOT NULL,    -- 1: returns and requests go first
  notes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL           -- grows with every change
);

CREATE TABLE sites (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL REFERENCES customers (id),
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  area TEXT NOT NULL,               -- planning area, free word
  time_zone TEXT NOT NULL,          -- IANA name; clocks and visits follow it
  latitude DOUBLE PRECISION,
  longitude DOUBLE PRECISION,
  access_notes TEXT NOT NULL,       -- gate, contact on arrival, dangers
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT sites_name UNIQUE (customer_id, name)
);

CREATE TABLE contacts (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL REFERENCES customers (id),
  name TEXT NOT NULL,
  email TEXT,                       -- lower case
  phone TEXT,
  language TEXT NOT NULL,
  role TEXT NOT NULL,               -- what they do there, free words
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX contacts_customer ON contacts (customer_id);
CREATE INDEX contacts_email ON contacts (email);

-- Null: a machine that nobody has given to a customer yet; only people who see everything see it.
ALTER TABLE assets ADD COLUMN site_id TEXT REFERENCES sites (id);
CREATE INDEX assets_site ON assets (site_id);

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL CONSTRAINT accounts_email UNIQUE,   -- lower case
  name TEXT NOT NULL,
  role TEXT NOT NULL,               -- a row of the access table
  language TEXT NOT NULL,
  limited BIGINT NOT NULL,          -- 1: sees only what it was granted; customers always do
  state TEXT NOT NULL,              -- invited | active | disabled
  password TEXT,                    -- Argon2id in PHC form; null until the invitation is used
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

-- What an account may see besides what its role allows for everybody.
CREATE TABLE account_customers (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  PRIMARY KEY (account_id, customer_id)
);
CREATE TABLE account_sites (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  site_id TEXT NOT NULL REFERENCES sites (id),
  PRIMARY KEY (account_id, site_id)
);
CREATE VIEW visible_sites AS
  SELECT account_id, site_id FROM account_sites
  UNION
  SELECT g.account_id, s.id AS site_id FROM account_customers g JOIN sites s ON s.customer_id = g.customer_id;
CREATE VIEW visible_customers AS
  SELECT account_id, customer_id FROM account_customers
  UNION
  SELECT g.account_id, s.customer_id FROM account_sites g JOIN sites s ON s.id = g.site_id;

-- A code that lets somebody set a password, once: an invitation or a reset.
CREATE TABLE password_codes (
  secret_sha256 TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  expires_at BIGINT NOT NULL
);

-- Failed logins, so that passwords cannot be tried at will.
CREATE TABLE failed_logins (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX failed_logins_email ON failed_logins (email, at);

-- Browsers of accounts; without one it is the administrator of a login link or token.
ALTER TABLE sessions ADD COLUMN scope TEXT NOT NULL DEFAULT 'admin';
ALTER TABLE sessions ADD COLUMN account_id TEXT REFERENCES accounts (id);
-- Tokens of accounts see what the account sees; without one they see everything.
ALTER TABLE api_tokens ADD COLUMN account_id TEXT REFERENCES accounts (id);
ALTER TABLE api_tokens ADD COLUMN expires_at BIGINT;
ALTER TABLE api_tokens ADD COLUMN revoked_at BIGINT;

-- Every change of business data: who, when, from, to and why.
CREATE TABLE changes (
  id TEXT PRIMARY KEY,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  device_at BIGINT,                 -- as the author's device told it, when it was offline
  who TEXT NOT NULL,
  rule TEXT,                        -- of an automatic act: which rule did it
  field TEXT NOT NULL,
  from_value TEXT,
  to_value TEXT,
  why TEXT NOT NULL,
  version BIGINT                    -- of the subject after the change, where it has versions
);
CREATE INDEX changes_subject ON changes (subject_kind, subject_id, id);

-- Answers to writes that carried an Idempotency-Key: sent again, they are answered alike.
CREATE TABLE idempotency_keys (
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  begun_at BIGINT NOT NULL,
  status BIGINT,                    -- null: under way, or cut off by a crash
  content_type TEXT,
  body TEXT,
  PRIMARY KEY (caller, key)
);
