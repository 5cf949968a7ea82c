-- Notifications: an outbox that is written with the change that it tells about, addresses of people
-- and robots, and the rules that say who hears of what.

-- How somebody is reached. What was deleted stays, so that the outbox can say where a message went.
CREATE TABLE notification_addresses (
  id TEXT PRIMARY KEY,
  owner_kind TEXT NOT NULL,         -- account | contact | role | channel
  owner TEXT NOT NULL,              -- id of the account or contact, name of the role or channel
  kind TEXT NOT NULL,               -- email | webhook | wecom | dingtalk | web_push
  address TEXT NOT NULL,
  secret TEXT,                      -- webhook and DingTalk: signs; web push: the browser's keys, JSON
  language TEXT NOT NULL,           -- en | zh-Hans | zh-Hant
  time_zone TEXT NOT NULL,          -- IANA name
  quiet_from BIGINT,                -- minute of the day, in the time zone; null: never quiet
  quiet_until BIGINT,
  active BIGINT NOT NULL,           -- 1: messages go there
  who TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX notification_addresses_once
  ON notification_addresses (owner_kind, owner, kind, address) WHERE deleted_at IS NULL;

CREATE TABLE notification_address_changes (
  id TEXT PRIMARY KEY,
  address_id TEXT NOT NULL REFERENCES notification_addresses (id),
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,               -- added | changed | switched off | deleted
  why TEXT NOT NULL
);
CREATE INDEX notification_address_changes_address ON notification_address_changes (address_id);

-- Who hears of what, and how patient the outbox is. A version is never changed; the newest holds.
CREATE TABLE notification_rule_versions (
  version BIGINT PRIMARY KEY,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL,
  retry_first_s BIGINT NOT NULL,    -- wait after the first failure; doubled after each further one …
  retry_longest_s BIGINT NOT NULL,  -- … up to this
  give_up_after_s BIGINT NOT NULL   -- after the first attempt, or since it was due when there was none
);
CREATE TABLE notification_rules (
  version BIGINT NOT NULL REFERENCES notification_rule_versions (version),
  event TEXT NOT NULL,
  audience TEXT NOT NULL,           -- customer | technician | addressee | role:NAME | channel:NAME
  channels TEXT NOT NULL,           -- kinds of addresses, the preferred one first, with spaces between
  urgent BIGINT NOT NULL,           -- 1: quiet hours do not hold it back
  CONSTRAINT notification_rules_once PRIMARY KEY (version, event, audience)
);

CREATE TABLE outbox (
  id TEXT PRIMARY KEY,              -- also in the Message-ID and the webhook-id
  event_key TEXT NOT NULL,          -- one event: sla-breached:…
  recipient TEXT NOT NULL,          -- account:… | contact:… | role:… | channel:… | email:…
  event TEXT NOT NULL,              -- what kind of event
  about_kind TEXT NOT NULL,         -- ticket, visit, …
  about_id TEXT NOT NULL,
  path TEXT NOT NULL,               -- where it can be seen, below the public address
  facts TEXT NOT NULL,              -- JSON
  channel TEXT NOT NULL,            -- kind of address
  address TEXT NOT NULL,            -- as it was when the message was written; of robots without the key
  address_id TEXT REFERENCES notification_addresses (id),
  language TEXT NOT NULL,
  time_zone TEXT NOT NULL,          -- times are written in it
  urgent BIGINT NOT NULL,
  in_reply_to TEXT,
  thread TEXT,                      -- Message-IDs of the conversation
  rule TEXT NOT NULL,               -- which rule caused it
  state TEXT NOT NULL,              -- waiting | delivered | refused | given_up | withdrawn
  not_before BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  tried_at BIGINT,                  -- first attempt
  last_error TEXT,
  lease TEXT,                       -- who sends it just now …
  leased_until BIGINT,              -- … and until when nobody else may
  created_at BIGINT NOT NULL,
  delivered_at BIGINT,
  -- Nobody hears of one event twice, whichever way and however many writers there are.
  CONSTRAINT outbox_once UNIQUE (event_key, recipient)
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'waiting';
CREATE INDEX outbox_about ON outbox (about_kind, about_id);

CREATE TABLE outbox_steps (
  id TEXT PRIMARY KEY,
  message_id TEXT NOT NULL REFERENCES outbox (id),
  at BIGINT NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL
);
CREATE INDEX outbox_steps_message ON outbox_steps (message_id);

-- The key that identifies us to the push services of browsers. In the database, since every server has
-- to use the same one: a browser's subscription is bound to it.
CREATE TABLE push_key (
  one BIGINT PRIMARY KEY,           -- 1
  private_key TEXT NOT NULL,        -- P-256 scalar, hex
  made_at BIGINT NOT NULL
);

INSERT INTO notification_rule_versions
  (version, who, why, at, retry_first_s, retry_longest_s, give_up_after_s)
  VALUES (1, 'aftercare', 'preset', 0, 60, 21600, 259200);
INSERT INTO notification_rules (version, event, audience, channels, urgent) VALUES
  (1, 'request_received', 'customer', 'email', 0),
  (1, 'request_answered', 'customer', 'email', 0),
  (1, 'ticket_opened', 'customer', 'email', 0),
  (1, 'ticket_opened', 'role:dispatcher', 'wecom dingtalk webhook email', 0),
  (1, 'ticket_resolved', 'customer', 'email', 0),
  (1, 'ticket_closed', 'customer', 'email', 0),
  (1, 'visit_planned', 'customer', 'email', 0),
  (1, 'visit_planned', 'technician', 'web_push email', 0),
  (1, 'visit_changed', 'customer', 'email', 0),
  (1, 'visit_changed', 'technician', 'web_push email', 1),
  (1, 'visit_reminder', 'customer', 'email', 0),
  (1, 'visit_reminder', 'technician', 'web_push email', 0),
  (1, 'work_order_assigned', 'technician', 'web_push email', 0),
  (1, 'approval_wanted', 'addressee', 'web_push email', 0),
  (1, 'approval_decided', 'addressee', 'web_push email', 0),
  (1, 'sla_due_soon', 'technician', 'web_push email', 0),
  (1, 'sla_due_soon', 'role:dispatcher', 'wecom dingtalk webhook email', 0),
  (1, 'sla_breached', 'role:dispatcher', 'wecom dingtalk webhook email', 1),
  (1, 'sla_breached', 'role:manager', 'web_push email', 0),
  (1, 'alarm_escalated', 'role:dispatcher', 'wecom dingtalk webhook email', 1),
  (1, 'alarm_escalated', 'role:engineer', 'web_push email', 0),
  (1, 'survey_invitation', 'customer', 'email', 0),
  (1, 'call_back_due', 'addressee', 'web_push email', 0),
  (1, 'call_back_due', 'role:customer_service', 'wecom dingtalk webhook email', 0),
  (1, 'return_step', 'customer', 'email', 0),
  (1, 'shipment_update', 'customer', 'email', 0),
  (1, 'care_reminder', 'customer', 'email', 0),
  (1, 'low_stock', 'role:dispatcher', 'wecom dingtalk webhook email', 0),
  (1, 'password_reset', 'addressee', 'email', 1),
  (1, 'account_invitation', 'addressee', 'email', 1);
