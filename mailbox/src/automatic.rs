//! Letters that no person wrote to us: answering them could go on for ever (RFC 3834, 2).

use mailparse::{MailHeaderMap as _, ParsedMail};

/// What says so, or nothing.
pub fn sign(mail: &ParsedMail<'_>) -> Option<&'static str> {
    let head = |name: &str| {
        let value = mail.headers.get_first_value(name);
        value.map(|value| value.trim().to_ascii_lowercase())
    };
    if head("Auto-Submitted").is_some_and(|word| word != "no") {
        return Some("an automatic reply (Auto-Submitted)");
    }
    if head("X-Autoreply").is_some() || head("X-Autorespond").is_some() {
        return Some("an automatic reply");
    }
    if head("Return-Path").is_some_and(|path| path == "<>" || path.is_empty()) {
        return Some("a bounce (null return path)");
    }
    if matches!(mail.ctype.mimetype.as_str(), "multipart/report" | "message/delivery-status") {
        return Some("a report of a mail server");
    }
    if head("Precedence").is_some_and(|word| matches!(&*word, "bulk" | "list" | "junk")) {
        return Some("a mass mailing (Precedence)");
    }
    // RFC 2919, RFC 2369.
    if head("List-Id").is_some() || head("List-Unsubscribe").is_some() {
        return Some("a mailing list");
    }
    None
}
