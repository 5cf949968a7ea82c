//! Every limit of reading mail, in one place.

use std::time::Duration;

/// Largest letter, bytes: an attachment of 16 MiB in base64, and room for its text.
pub const LETTER_BYTES: usize = 24 * 1024 * 1024;
/// Most multiparts of a letter, and with it how deep they are nested: each names a boundary.
pub const MULTIPARTS: usize = 100;
/// Largest head of a letter, bytes.
pub const HEAD_BYTES: usize = 256 * 1024;
/// Most text of a letter that is read, bytes; HTML counts before it is made plain.
pub const TEXT_BYTES: usize = 512 * 1024;
/// Most files of a letter.
pub const FILES: usize = 20;
/// Message-IDs of a conversation that are read, the newest.
pub const REFERENCES: usize = 30;
/// Longest Message-ID, bytes (a line of RFC 5322).
pub const MESSAGE_ID_BYTES: usize = 998;

/// How long a mail server may take for one answer.
pub const ANSWER_FOR: Duration = Duration::from_secs(60);
/// Letters that are taken before the mailbox is asked again what is new.
pub const LETTERS_AT_ONCE: usize = 50;
