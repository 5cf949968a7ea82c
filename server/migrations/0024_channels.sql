-- Requests by e-mail.

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
