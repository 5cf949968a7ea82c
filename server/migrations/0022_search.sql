-- One index of words over the customer file, machines, tickets, requests and articles. The texts
-- themselves stay where they are; what is here can be made anew from them.

-- What was written since the index was brought up to date. A row each time: the newest text is read
-- when its turn comes, so that no change is missed however many write.
CREATE TABLE search_changes (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL
);
INSERT INTO search_changes (id, kind, subject_id)
  SELECT 'customer' || id, 'customer', id FROM customers
  UNION ALL SELECT 'site' || id, 'site', id FROM sites
  UNION ALL SELECT 'contact' || id, 'contact', id FROM contacts
  UNION ALL SELECT 'asset' || id, 'asset', id FROM assets
  UNION ALL SELECT 'ticket' || id, 'ticket', id FROM tickets
  UNION ALL SELECT 'request' || id, 'request', id FROM requests;
INSERT INTO turns (name, taken) VALUES ('search index', 0);

CREATE TABLE search_words (
  id BIGINT PRIMARY KEY,            -- from the word's SHA-256
  word TEXT NOT NULL
);
-- Beginnings ('^pum') and runs of three characters ('ump') of each word.
CREATE TABLE search_grams (
  gram TEXT NOT NULL,
  word BIGINT NOT NULL,
  PRIMARY KEY (gram, word)
);
CREATE TABLE search_postings (
  word BIGINT NOT NULL,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  PRIMARY KEY (word, kind, subject_id)
);
-- Which words a text had, to take them out again.
CREATE TABLE search_documents (
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  words TEXT NOT NULL,              -- JSON list of their ids
  PRIMARY KEY (kind, subject_id)
);
