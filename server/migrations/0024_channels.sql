-- Requests from every channel: e-mail, programs and chats, the portal, and readings.

-- Letters that were looked at. None is taken twice, however often the mailbox shows it.
CREATE TABLE request_mails (
  message_id TEXT CONSTRAINT request_mails_once PRIMARY KEY,  -- without brackets; sha256:… without one
  request_id TEXT REFERENCES requests (id),  -- null: ignored
  sender TEXT NOT NULL,             -- lower case; '' when it does not say
  thread TEXT NOT NULL,             -- Message-IDs of the conversation before it, with brackets and spaces
  ignored_why TEXT,
  at BIGINT NOT NULL
);
CREATE INDEX request_mails_request ON request_mails (request_id, at);

-- Where programs and chats write to.
CREATE TABLE inboxes (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT inboxes_name UNIQUE,
  kind TEXT NOT NULL,               -- generic | wecom | dingtalk
  -- What proves that a message is from there; kept as it is, since signatures are made with it.
  secret TEXT NOT NULL,             -- generic: whsec_…; WeCom: the token; DingTalk: the app secret
  encoding_key TEXT,                -- WeCom: EncodingAESKey
  receiver TEXT,                    -- WeCom: the id of the company, which every message names
  customer_id TEXT REFERENCES customers (id),  -- whose requests come in here; null: anybody's
  active BIGINT NOT NULL,           -- 1: messages are taken
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

-- Messages that came in. None is taken twice.
CREATE TABLE inbox_messages (
  inbox_id TEXT NOT NULL REFERENCES inboxes (id),
  message_id TEXT NOT NULL,         -- as its sender names it
  at BIGINT NOT NULL,
  CONSTRAINT inbox_messages_once PRIMARY KEY (inbox_id, message_id)
);

-- Which request a chat is about: the newest one that is under way.
CREATE TABLE request_conversations (
  request_id TEXT PRIMARY KEY REFERENCES requests (id),
  inbox_id TEXT NOT NULL REFERENCES inboxes (id),
  conversation TEXT NOT NULL        -- as the other side names it
);
CREATE INDEX request_conversations_chat ON request_conversations (inbox_id, conversation);
