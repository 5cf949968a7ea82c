-- What was agreed with a customer: which service levels hold for which machines, and for how long.

CREATE TABLE contracts (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL REFERENCES customers (id),
  name TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT,                     -- the first moment in which it does not hold; null: until it is ended
  sla_policy TEXT NOT NULL REFERENCES sla_policies (name),
  free_repair_days BIGINT NOT NULL, -- repairs of the same fault cost nothing for so long
  price_minor BIGINT,               -- a year, in the smallest unit of the currency
  currency TEXT,                    -- ISO 4217
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT contracts_name UNIQUE (customer_id, name)
);

-- What it covers; without any of these, everything of the customer.
CREATE TABLE contract_sites (
  contract_id TEXT NOT NULL REFERENCES contracts (id),
  site_id TEXT NOT NULL REFERENCES sites (id),
  PRIMARY KEY (contract_id, site_id)
);
CREATE INDEX contract_sites_site ON contract_sites (site_id);
CREATE TABLE contract_assets (
  contract_id TEXT NOT NULL REFERENCES contracts (id),
  asset_id TEXT NOT NULL REFERENCES assets (id),
  PRIMARY KEY (contract_id, asset_id)
);
CREATE INDEX contract_assets_asset ON contract_assets (asset_id);

-- Whose promise a clock holds us to; null: the default policy's.
ALTER TABLE sla_clocks ADD COLUMN contract_id TEXT REFERENCES contracts (id);
