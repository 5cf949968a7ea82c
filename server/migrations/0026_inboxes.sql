-- Requests from programs that sign what they send: chats and other systems.

CREATE TABLE inboxes (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,               -- webhook | wecom | wechat | dingtalk
  secret TEXT NOT NULL,             -- whsec_…, the token of a callback, or the secret of a robot
  aes_key TEXT,                     -- of a callback, as its console shows it
  receiver TEXT,                    -- of a callback: CorpID or AppID
  language TEXT NOT NULL,           -- in which people are spoken to there
  who TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  withdrawn_at BIGINT
);
CREATE UNIQUE INDEX inboxes_name ON inboxes (name) WHERE withdrawn_at IS NULL;

-- What was taken. None is taken twice, however often it is sent.
CREATE TABLE inbox_messages (
  inbox_id TEXT NOT NULL REFERENCES inboxes (id),
  message_id TEXT NOT NULL,         -- of the sender's choice
  request_id TEXT REFERENCES requests (id),  -- null: an event of the chat, nobody's words
  at BIGINT NOT NULL,
  PRIMARY KEY (inbox_id, message_id)
);
CREATE INDEX inbox_messages_newest ON inbox_messages (inbox_id, at);

ALTER TABLE requests ADD COLUMN inbox_id TEXT REFERENCES inboxes (id);
-- The talk that it came from, as the inbox names it.
ALTER TABLE requests ADD COLUMN conversation TEXT;
CREATE INDEX requests_conversation ON requests (inbox_id, conversation);
