-- Files that people attach to what they talk about, and what is known of a machine besides its plate.

-- What a file was attached to. It is not copied on: what comes after shows what came before, by the
-- chain request → ticket → work order → repair session, so that nothing is lost between them, nor what
-- is attached to the request later.
CREATE TABLE attachment_links (
  id TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL REFERENCES attachments (sha256),
  subject_kind TEXT NOT NULL,       -- request | ticket | work_order | repair_session | asset
  subject_id TEXT NOT NULL,
  title TEXT NOT NULL,              -- '' without one
  document_kind TEXT,               -- of an asset's: manual | drawing | certificate | other
  who TEXT NOT NULL,                -- '' when the person who asked sent it through their link
  at BIGINT NOT NULL,
  CONSTRAINT attachment_links_once UNIQUE (subject_kind, subject_id, sha256)
);
CREATE INDEX attachment_links_sha256 ON attachment_links (sha256);

-- What sessions have already is named in their entries. Quotes inside a caption are escaped there, so
-- that this finds the digest and nothing else.
INSERT INTO attachment_links (id, sha256, subject_kind, subject_id, title, who, at)
SELECT min(e.id), a.sha256, 'repair_session', e.session_id, '', min(e.author), min(e.recorded_at)
FROM repair_session_entries e JOIN attachments a ON e.content LIKE '%"sha256":"' || a.sha256 || '"%'
WHERE e.kind = 'attached' GROUP BY a.sha256, e.session_id;

-- Every ticket that a request ever became. A request that comes back later may become another one;
-- the first keeps what was told then.
CREATE TABLE request_tickets (
  request_id TEXT NOT NULL REFERENCES requests (id),
  ticket_id TEXT NOT NULL REFERENCES tickets (id),
  PRIMARY KEY (request_id, ticket_id)
);
CREATE INDEX request_tickets_ticket ON request_tickets (ticket_id);
INSERT INTO request_tickets (request_id, ticket_id)
SELECT r.id, t.id FROM requests r JOIN tickets t ON t.id = r.ticket_id
UNION
SELECT c.subject_id, t.id FROM changes c JOIN tickets t ON t.id = c.to_value
WHERE c.subject_kind = 'request' AND c.field = 'ticket_id';
CREATE INDEX requests_duplicate_of ON requests (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- What is on the machine's label. Null until the next start gives one to a machine that is older.
ALTER TABLE assets ADD COLUMN code TEXT;
CREATE UNIQUE INDEX assets_code ON assets (code) WHERE code IS NOT NULL;

-- What a machine is made of, and was. A part that is replaced stays, with its dates.
CREATE TABLE components (
  id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL REFERENCES assets (id),
  name TEXT NOT NULL,               -- what it is, such as 'shaft seal'
  part_number TEXT,
  serial TEXT,
  installed_at BIGINT NOT NULL,
  removed_at BIGINT,                -- null: it is in the machine
  replaces TEXT REFERENCES components (id),
  who TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT components_replaced_once UNIQUE (replaces)
);
CREATE INDEX components_asset ON components (asset_id, installed_at);
