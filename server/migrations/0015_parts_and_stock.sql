-- Spare parts, where they lie, and for which work they are kept.

CREATE TABLE parts (
  id TEXT PRIMARY KEY,
  part_number TEXT NOT NULL CONSTRAINT parts_number UNIQUE,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,               -- what stock is counted in, such as piece
  price_minor BIGINT,               -- of one unit, in the smallest unit of its currency
  price_currency TEXT,              -- ISO 4217
  models TEXT NOT NULL,             -- JSON list of the models of machines that it fits
  code TEXT CONSTRAINT parts_code UNIQUE,  -- as it is scanned: a GTIN or a barcode of the house
  archived BIGINT NOT NULL,         -- 1: no longer used; its history stays
  turn BIGINT NOT NULL,             -- whoever changes the stock of a part takes its row first
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE depots (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT depots_name UNIQUE,
  kind TEXT NOT NULL,               -- warehouse | van | site
  technician_id TEXT CONSTRAINT depots_technician UNIQUE REFERENCES technicians (account_id),
  site_id TEXT REFERENCES sites (id),
  latitude DOUBLE PRECISION,
  longitude DOUBLE PRECISION,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT depots_van CHECK ((kind = 'van') = (technician_id IS NOT NULL)),
  CONSTRAINT depots_site CHECK ((kind = 'site') = (site_id IS NOT NULL))
);

CREATE TABLE stock_levels (
  part_id TEXT NOT NULL REFERENCES parts (id),
  depot_id TEXT NOT NULL REFERENCES depots (id),
  on_hand BIGINT NOT NULL,          -- with what is reserved
  reserved BIGINT NOT NULL,         -- for work orders, with what is picked
  picked BIGINT NOT NULL,           -- with a technician, and not used yet
  minimum BIGINT NOT NULL,          -- there should be so many that are free; 0: nobody looks
  low_since BIGINT,                 -- when it fell below the minimum; null: it is not below
  falls BIGINT NOT NULL,            -- how often it fell: each is told once
  moves BIGINT NOT NULL,            -- lines of the ledger
  PRIMARY KEY (part_id, depot_id),
  CONSTRAINT stock_levels_whole
    CHECK (on_hand >= reserved AND reserved >= picked AND picked >= 0 AND minimum >= 0)
);
CREATE INDEX stock_levels_depot ON stock_levels (depot_id);

-- The ledger. Never changed: a mistake is another line.
CREATE TABLE stock_moves (
  id TEXT PRIMARY KEY,
  part_id TEXT NOT NULL,
  depot_id TEXT NOT NULL,
  number BIGINT NOT NULL,           -- 1, 2, 3, … of a part in a depot
  delta BIGINT NOT NULL,
  balance BIGINT NOT NULL,          -- on hand afterwards
  reason TEXT NOT NULL,             -- received | counted | moved | used | returned | scrapped | shipped
  subject_kind TEXT,                -- work_order | return | shipment
  subject_id TEXT,
  price_minor BIGINT,               -- of one unit, at that time
  price_currency TEXT,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  FOREIGN KEY (part_id, depot_id) REFERENCES stock_levels (part_id, depot_id),
  CONSTRAINT stock_moves_number UNIQUE (part_id, depot_id, number)
);
CREATE INDEX stock_moves_subject ON stock_moves (subject_kind, subject_id);
CREATE INDEX stock_moves_depot ON stock_moves (depot_id, id);

-- Parts that a work order needs.
CREATE TABLE work_order_parts (
  id TEXT PRIMARY KEY,
  work_order_id TEXT NOT NULL REFERENCES work_orders (id),
  part_id TEXT NOT NULL REFERENCES parts (id),
  quantity BIGINT NOT NULL CHECK (quantity > 0),
  used BIGINT NOT NULL CHECK (used >= 0 AND used <= quantity),
  state TEXT NOT NULL,              -- wanted | reserved | picked | used | released
  depot_id TEXT REFERENCES depots (id),  -- null while wanted
  reasons TEXT NOT NULL,            -- JSON: why this depot, or why none
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX work_order_parts_order ON work_order_parts (work_order_id);
CREATE INDEX work_order_parts_depot ON work_order_parts (part_id, depot_id) WHERE state = 'reserved';
