//! What people did: the acceptance test, the time axis, photos.

use maud::{Markup, html};
use serde_json::Value;

use super::figures::{tone, words};
use super::view::View;
use super::{Photo, picture};
use crate::item::{Check, Entry, Signed};
use crate::moment::Moment;

fn signed(signed: &Signed, does: &str) -> String {
    let why = if signed.why.is_empty() { String::new() } else { format!(": “{}”", signed.why) };
    format!("{} {does}{why} ({})", signed.name, signed.at.minute())
}

fn check(check: &Check) -> Markup {
    html! {
        li {
            span.pill.(tone(&check.outcome)) { (words(&check.outcome)) } " "
            strong { (check.name) }
            @if !check.text.is_empty() { ": " (check.text) }
            @if let Some(exception) = &check.exception {
                div.exception { (signed(exception, "answers for it")) }
            }
        }
    }
}

/// The acceptance test, the gate, and who signed.
pub fn acceptance(view: &View<'_>) -> Markup {
    let signatures: Vec<_> = view.entries.iter().filter(|e| e.is_signature()).collect();
    html! {
        section {
            h2 { "Acceptance and sign-off" }
            @if let Some(a) = view.acceptance {
                p {
                    (a.test.as_deref().unwrap_or("No acceptance test for this machine")) " "
                    span.pill.(tone(&a.outcome)) { (words(&a.outcome)) }
                    @if let Some(since) = a.since { " since " (since.minute()) }
                }
                ul.checks { @for c in &view.checks { (check(c)) } }
                @if let Some(exception) = &a.exception {
                    p.exception { (signed(exception, "answers for the whole test")) }
                }
            }
            @if let Some(gate) = view.gate {
                p {
                    @if gate.may_leave { "The leave-site gate was open." }
                    @else { "The leave-site gate was closed: " (gate.missing.join("; ")) "." }
                    @if let Some(at) = gate.left_at { " The site was left at " (at.minute()) "." }
                }
            }
            @if signatures.is_empty() {
                p.quiet { "Nobody has signed." }
            } @else {
                ul.signatures {
                    @for s in signatures {
                        li { span.sign { (s.sentence()) } span.quiet { (s.at.minute()) ", recorded by " (s.author) } }
                    }
                }
            }
        }
    }
}

struct Row {
    at: Moment,
    label: &'static str,
    text: String,
    who: String,
    corrected: bool,
}

fn rows(view: &View<'_>) -> Vec<Row> {
    let corrected = |e: &Entry| view.entries.iter().any(|c| c.corrects.as_ref() == Some(&e.id));
    let entries = view.entries.iter().map(|e| Row {
        at: e.at,
        label: e.label(),
        text: e.sentence(),
        who: e.author.clone(),
        corrected: corrected(e),
    });
    let steps = view.session_steps.iter().map(|s| Row {
        at: s.at,
        label: "session",
        text: format!("{}: {}", words(&s.to), s.why),
        who: s.who.clone(),
        corrected: false,
    });
    let alarms = view.hidden_alarms.iter().map(|a| Row {
        at: a.raised_at,
        label: "alarm",
        text: format!("{} (hidden while the work went on)", a.summary),
        who: String::new(),
        corrected: false,
    });
    let mut rows: Vec<_> = steps.chain(entries).chain(alarms).collect();
    rows.sort_by_key(|r| r.at);
    rows
}

/// Everything that happened, in the order of time.
pub fn time_axis(view: &View<'_>) -> Markup {
    html! {
        section {
            h2 { "What was done" }
            table.axis {
                tbody {
                    @let rows = rows(view);
                    @for (i, row) in rows.iter().enumerate() {
                        @if i == 0 || rows[i - 1].at.date() != row.at.date() {
                            tr { th colspan="3" { (row.at.date()) } }
                        }
                        tr.corrected[row.corrected] {
                            td { (row.at.time_of_day()) }
                            td { span.label { (row.label) } }
                            td {
                                (row.text)
                                @if row.corrected { span.quiet { " – corrected by a later entry" } }
                                @if !row.who.is_empty() { span.who { (row.who) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Photos that fit, and the names of those that did not.
pub fn photos(view: &View<'_>, photos: &[Photo]) -> Markup {
    let of = |e: &Entry, key| e.content.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let attached: Vec<_> = view.entries.iter().filter(|e| e.kind == "attached").collect();
    if attached.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "Photos and documents" }
            div.photos {
                @for entry in attached {
                    @let (digest, caption) = (of(entry, "sha256"), of(entry, "caption"));
                    figure {
                        @match photos.iter().find(|p| p.sha256 == digest) {
                            Some(photo) => (picture(photo, &caption)),
                            None => div.absent { (of(entry, "media_type")) ", not in this file" },
                        }
                        figcaption {
                            (caption) span.quiet { (entry.at.minute()) ", " (entry.author) br; "SHA-256 " code { (digest) } }
                        }
                    }
                }
            }
        }
    }
}
