//! The words of a letter, as plain text.

use mail_parser::decoders::html::html_to_text;
use mailparse::ParsedMail;

use crate::limits::TEXT_BYTES;

/// Whether a part has words.
pub fn says(part: &ParsedMail<'_>) -> bool {
    part.get_body().is_ok_and(|body| !body.trim().is_empty())
}

/// Adds the words of a part, as far as there is room.
pub fn add(text: &mut String, part: &ParsedMail<'_>) {
    let room = TEXT_BYTES.saturating_sub(text.len());
    let body = part.get_body().unwrap_or_default();
    let body = beginning(&body, room);
    if part.ctype.mimetype == "text/html" {
        // Reads in one pass: a tree of elements takes minutes for a hostile text of this size.
        text.push_str(&html_to_text(body));
    } else {
        text.push_str(body);
    }
}

fn beginning(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

/// Line breaks of one kind, no control characters, no empty ends.
pub fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let keep = |c: &char| *c == '\n' || *c == '\t' || !c.is_control();
    let kept: String = text.chars().filter(keep).collect();
    let lines: Vec<&str> = kept.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// A text of a head: no line breaks, no control characters.
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
