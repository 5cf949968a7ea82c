-- What boards are told, and what they say about themselves.

ALTER TABLE boards ADD COLUMN command_key TEXT;  -- hex; the board's and ours, see telemetry::command
ALTER TABLE boards ADD COLUMN gateway_id TEXT;   -- through which it was heard last
ALTER TABLE boards ADD COLUMN firmware TEXT;     -- as its last start named it

CREATE TABLE board_commands (
  id TEXT PRIMARY KEY,
  counter BIGINT NOT NULL CONSTRAINT board_commands_counter UNIQUE, -- when it was sealed, microseconds; grows over all boards
  issued_at BIGINT NOT NULL,
  board_id TEXT NOT NULL REFERENCES boards (id),
  command TEXT NOT NULL,            -- JSON, for people
  message TEXT NOT NULL,            -- hex, sealed, for the board
  who TEXT NOT NULL,
  expires_at BIGINT NOT NULL,       -- not handed out any more from then on
  answered_at BIGINT,               -- null: the board has not said anything yet
  refused TEXT                      -- why the board did not obey
);
CREATE INDEX board_commands_of ON board_commands (board_id, counter);
CREATE INDEX board_commands_waiting ON board_commands (expires_at) WHERE answered_at IS NULL;
INSERT INTO turns (name, taken) VALUES ('board commands', 0);

CREATE TABLE board_reports (
  id TEXT PRIMARY KEY,
  board_id TEXT NOT NULL REFERENCES boards (id),
  at BIGINT NOT NULL,               -- when it came about, by the time of receipt
  received_at BIGINT NOT NULL,
  report TEXT NOT NULL              -- JSON
);
CREATE INDEX board_reports_of ON board_reports (board_id, id);

-- The newest word on each channel.
CREATE TABLE channel_health (
  board_id TEXT NOT NULL REFERENCES boards (id),
  channel TEXT NOT NULL,
  health TEXT NOT NULL,             -- NAMUR NE 107
  cause TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (board_id, channel)
);
