-- Machines that are registered by people, and what customers ask for.

ALTER TABLE assets ADD COLUMN warranty_until BIGINT;
ALTER TABLE assets ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX assets_serial ON assets (serial);
CREATE INDEX contacts_phone ON contacts (phone);

CREATE TABLE requests (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT requests_number UNIQUE,
  channel TEXT NOT NULL,            -- web_form | phone | visit | suggestion_box
  state TEXT NOT NULL,
  subject TEXT NOT NULL,
  language TEXT NOT NULL,
  -- As the person told it.
  given_name TEXT NOT NULL,         -- '' when nobody said it
  given_email TEXT,                 -- lower case
  given_phone TEXT,                 -- digits, with + in front where it was told
  given_machine TEXT,               -- a serial number, or what they call it
  -- As it is known.
  customer_id TEXT REFERENCES customers (id),
  contact_id TEXT REFERENCES contacts (id),
  site_id TEXT REFERENCES sites (id),
  asset_id TEXT REFERENCES assets (id),
  -- Null until it is classified.
  urgency TEXT,                     -- urgent | general | minor
  scope TEXT,                       -- global | local | individual
  kind TEXT,                        -- product_quality | service_attitude | after_sales_support
  priority TEXT,                    -- urgent | high | normal | low
  priority_version BIGINT,          -- of the priority table that was asked
  overruled_why TEXT,               -- why a person gave it another priority than the table
  -- What follows the request without an account. Every message to the person carries it, so it is
  -- kept as it is; it opens this request and nothing else.
  secret TEXT NOT NULL CONSTRAINT requests_secret UNIQUE,
  ticket_id TEXT REFERENCES tickets (id),
  duplicate_of TEXT REFERENCES requests (id),
  received_at BIGINT NOT NULL,
  received_by TEXT NOT NULL,        -- '' when the person wrote it down
  closed_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX requests_customer ON requests (customer_id);
CREATE INDEX requests_site ON requests (site_id);
CREATE INDEX requests_ticket ON requests (ticket_id);
-- Those that may be about the same.
CREATE INDEX requests_asset ON requests (asset_id, received_at);
CREATE INDEX requests_contact ON requests (contact_id, received_at);
CREATE INDEX requests_email ON requests (given_email, received_at);
CREATE INDEX requests_phone ON requests (given_phone, received_at);
CREATE INDEX requests_open ON requests (state) WHERE state NOT IN ('closed', 'rejected');
INSERT INTO turns (name, taken) VALUES ('request numbers', 0);

-- A request at a site is seen by whoever sees the site; one without a site by whoever sees all of
-- the customer.
CREATE VIEW visible_requests AS
  SELECT v.account_id, r.id AS request_id FROM requests r JOIN visible_sites v ON v.site_id = r.site_id
  UNION
  SELECT g.account_id, r.id AS request_id FROM requests r
  JOIN account_customers g ON g.customer_id = r.customer_id WHERE r.site_id IS NULL;

-- What was said. Never changed.
CREATE TABLE request_messages (
  id TEXT PRIMARY KEY,
  request_id TEXT NOT NULL REFERENCES requests (id),
  kind TEXT NOT NULL,               -- received | answer | question | note (between colleagues)
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX request_messages_request ON request_messages (request_id, id);

-- What was written without a login in an hour, by a digest of who says that they write.
CREATE TABLE public_writes (
  writer TEXT NOT NULL,
  hour BIGINT NOT NULL,             -- hours since the Unix epoch
  writes BIGINT NOT NULL,
  PRIMARY KEY (writer, hour)
);
