-- What customers send back, and what is sent to them.

CREATE TABLE returns (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT returns_number UNIQUE,
  kind TEXT NOT NULL,               -- return | exchange | repair_exchange
  state TEXT NOT NULL,
  customer_id TEXT NOT NULL REFERENCES customers (id),
  site_id TEXT REFERENCES sites (id),
  contact_id TEXT REFERENCES contacts (id),
  -- What comes back: a machine, or so many of a part.
  asset_id TEXT REFERENCES assets (id),
  part_id TEXT REFERENCES parts (id),
  quantity BIGINT NOT NULL CHECK (quantity > 0),
  request_id TEXT REFERENCES requests (id),
  ticket_id TEXT REFERENCES tickets (id),
  reason TEXT NOT NULL,             -- a code of the policy
  reason_words TEXT NOT NULL,       -- JSON: as the policy said it then
  note TEXT NOT NULL,               -- what the customer says
  method TEXT NOT NULL,             -- pick_up | drop_off
  place TEXT NOT NULL,              -- where it is picked up or dropped off
  bought_at BIGINT,                 -- bought or delivered; null: not known
  allowed_until BIGINT,             -- by the policy; null: not known
  policy_version BIGINT NOT NULL,
  priority_lane BIGINT NOT NULL,    -- 1: the hours of the lane hold
  refund_minor BIGINT,
  refund_currency TEXT,
  stocked BIGINT NOT NULL,          -- so many went into a depot
  depot_id TEXT REFERENCES depots (id),
  secret TEXT NOT NULL CONSTRAINT returns_secret UNIQUE,  -- of the link that follows it
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  closed_at BIGINT,
  version BIGINT NOT NULL,
  CONSTRAINT returns_one_thing CHECK ((asset_id IS NULL) <> (part_id IS NULL))
);
CREATE INDEX returns_customer ON returns (customer_id);
CREATE INDEX returns_asset ON returns (asset_id);
CREATE INDEX returns_open ON returns (state) WHERE state NOT IN ('closed', 'cancelled');

-- Every step with who has to do it, and until when. A step is left once.
CREATE TABLE return_steps (
  id TEXT PRIMARY KEY,
  return_id TEXT NOT NULL REFERENCES returns (id),
  state TEXT NOT NULL,
  owner_id TEXT REFERENCES accounts (id),
  due_at BIGINT,                    -- by the policy; null: nothing to do
  at BIGINT NOT NULL,
  left_at BIGINT
);
CREATE INDEX return_steps_return ON return_steps (return_id, id);
CREATE UNIQUE INDEX return_steps_one_now ON return_steps (return_id) WHERE left_at IS NULL;
CREATE INDEX return_steps_due ON return_steps (due_at) WHERE left_at IS NULL;

-- As with requests: at a site by whoever sees the site, else by whoever sees all of the customer.
CREATE VIEW visible_returns AS
  SELECT v.account_id, r.id AS return_id FROM returns r JOIN visible_sites v ON v.site_id = r.site_id
  UNION
  SELECT g.account_id, r.id AS return_id FROM returns r
  JOIN account_customers g ON g.customer_id = r.customer_id WHERE r.site_id IS NULL;

CREATE TABLE shipments (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL CONSTRAINT shipments_number UNIQUE,
  state TEXT NOT NULL,
  customer_id TEXT NOT NULL REFERENCES customers (id),
  site_id TEXT REFERENCES sites (id),
  contact_id TEXT REFERENCES contacts (id),
  address TEXT NOT NULL,
  work_order_id TEXT REFERENCES work_orders (id),
  return_id TEXT REFERENCES returns (id),
  depot_id TEXT REFERENCES depots (id),  -- where parts are taken from
  carrier TEXT NOT NULL,            -- '' while nobody said so
  tracking_number TEXT NOT NULL,
  secret TEXT NOT NULL CONSTRAINT shipments_secret UNIQUE,  -- of the link that follows it
  shipped_at BIGINT,                -- for the first time: stock was taken then
  delivered_at BIGINT,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  closed_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX shipments_customer ON shipments (customer_id);
CREATE INDEX shipments_order ON shipments (work_order_id);
CREATE INDEX shipments_return ON shipments (return_id);
CREATE INDEX shipments_open ON shipments (state) WHERE state NOT IN ('closed', 'cancelled');

CREATE TABLE shipment_lines (
  shipment_id TEXT NOT NULL REFERENCES shipments (id),
  position BIGINT NOT NULL,
  part_id TEXT REFERENCES parts (id),
  text TEXT NOT NULL,               -- what it is, where it is no part of the catalogue
  quantity BIGINT NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (shipment_id, position)
);

-- Who confirmed, over which channel. Never changed, as the two that follow.
CREATE TABLE shipment_confirmations (
  id TEXT PRIMARY KEY,
  shipment_id TEXT NOT NULL REFERENCES shipments (id),
  channel TEXT NOT NULL,            -- phone | email | message | portal | visit
  confirmed_by TEXT NOT NULL,       -- who of the customer said so
  who TEXT NOT NULL,                -- who wrote it down
  at BIGINT NOT NULL
);
CREATE INDEX shipment_confirmations_shipment ON shipment_confirmations (shipment_id, id);

CREATE TABLE shipment_updates (
  id TEXT PRIMARY KEY,
  shipment_id TEXT NOT NULL REFERENCES shipments (id),
  happened_at BIGINT NOT NULL,
  place TEXT NOT NULL,
  text TEXT NOT NULL,
  source TEXT NOT NULL,             -- who says so, such as the carrier
  who TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX shipment_updates_shipment ON shipment_updates (shipment_id, happened_at);

-- What was promised, and what was promised instead. The newest holds; all of them stay on record.
CREATE TABLE shipment_promises (
  shipment_id TEXT NOT NULL REFERENCES shipments (id),
  number BIGINT NOT NULL,           -- 1 with the order; each plan after that makes one
  promised_at BIGINT NOT NULL,
  plan TEXT NOT NULL,               -- what is done about the delay; '' with the order
  compensation_minor BIGINT,
  compensation_currency TEXT,
  late_at BIGINT,                   -- when it was noticed to be broken: once
  who TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shipment_id, number)
);
CREATE INDEX shipment_promises_due ON shipment_promises (promised_at) WHERE late_at IS NULL;

CREATE VIEW visible_shipments AS
  SELECT v.account_id, s.id AS shipment_id FROM shipments s JOIN visible_sites v ON v.site_id = s.site_id
  UNION
  SELECT g.account_id, s.id AS shipment_id FROM shipments s
  JOIN account_customers g ON g.customer_id = s.customer_id WHERE s.site_id IS NULL;

INSERT INTO turns (name, taken) VALUES ('return numbers', 0), ('shipment numbers', 0);

-- A kind of event that earlier versions of the rules could not know.
INSERT INTO notification_rules (version, event, audience, channels, urgent)
  SELECT version, 'shipment_late', 'customer', 'email', 0 FROM notification_rule_versions;
INSERT INTO notification_rules (version, event, audience, channels, urgent)
  SELECT version, 'shipment_late', 'role:dispatcher', 'wecom dingtalk webhook email', 1
  FROM notification_rule_versions;
