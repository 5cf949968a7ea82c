//! Every limit of sending, in one place.

use std::time::Duration;

/// For how long one attempt may take in all.
pub const SEND_FOR: Duration = Duration::from_secs(60);
/// For how long an exchange over HTTP may take.
pub const HTTP_FOR: Duration = Duration::from_secs(20);
/// For how long a connection may take to come about.
pub const CONNECT_FOR: Duration = Duration::from_secs(10);
/// For how long a mail server may take to answer a command.
pub const MAIL_COMMAND_FOR: Duration = Duration::from_secs(20);
/// So much of an answer is read, bytes.
pub const ANSWER_BYTES: usize = 64 * 1024;
/// So much of an answer is told in an outcome, characters.
pub const TOLD_CHARS: usize = 200;
/// Attachments of one e-mail, bytes in all.
pub const ATTACHMENTS_BYTES: usize = 10 * 1024 * 1024;
/// Markdown of a WeCom robot, bytes (document 91770 of its developer centre).
pub const WECOM_BYTES: usize = 4096;
/// Message of a DingTalk robot, bytes (its documents say about 20 000).
pub const DINGTALK_BYTES: usize = 18_000;
/// How long a robot of DingTalk is silenced after 20 messages in a minute.
pub const DINGTALK_REST: Duration = Duration::from_secs(600);
/// How long a robot of WeCom is silenced after 20 messages in a minute.
pub const WECOM_REST: Duration = Duration::from_secs(60);
/// Text of a web push, bytes: with the names around it and its escapes it stays below the 3993 bytes
/// that every push service has to take (RFC 8291, 4).
pub const PUSH_TEXT_BYTES: usize = 1200;
/// For how long a push service keeps a message for a browser that is away (RFC 8030, 5.2).
pub const PUSH_KEPT_FOR: Duration = Duration::from_secs(24 * 3600);
/// For how long our signature to a push service is good; RFC 8292 allows a day.
pub const PUSH_SIGNED_FOR: Duration = Duration::from_secs(12 * 3600);
/// So far from now may the time be that what comes in was signed at (Standard Webhooks: 5 minutes).
pub const SIGNED_WITHIN: Duration = Duration::from_secs(5 * 60);
