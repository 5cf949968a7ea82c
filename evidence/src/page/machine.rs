//! The frame of a page: what it is about, what measured it, and how to check it.

use maud::{Markup, html};

use super::figures::{figure, tone, unit, words};
use super::view::View;
use crate::item::Binding;
use crate::moment::Moment;

/// The word on top, and what it is about.
pub fn opening(view: &View<'_>) -> Markup {
    let overall = view.verdict().map(|v| v.overall.as_str());
    html! {
        header {
            p.kind { "Repair report" }
            h1 { @if let Some(r) = view.report { (r.title) } }
            @if let Some(asset) = view.asset {
                p.asset {
                    strong { (asset.name) } " · " (words(&asset.kind))
                    @if let Some(model) = &asset.model { " · " (model) }
                    @if let Some(serial) = &asset.serial { " · serial " (serial) }
                }
            }
            div.overall.(tone(overall.unwrap_or_default())) {
                span.word { (overall.map_or("no verdict".to_owned(), words)) }
                span.meaning { (meaning(overall)) }
            }
            dl.facts {
                @if let Some(s) = view.session {
                    dt { "Session" } dd { (words(&s.state)) }
                    dt { "Technicians" } dd { (s.technicians.join(", ")) }
                    @if let Some(at) = s.started_at { dt { "Work began" } dd { (at.minute()) } }
                    @if let Some(at) = s.ended_at { dt { "Work ended" } dd { (at.minute()) } }
                }
                @if let Some(t) = view.ticket { dt { "Ticket" } dd { (t.number) ", " (words(&t.state)) } }
                @if let Some(r) = view.report { dt { "Report made" } dd { (r.made_at.minute()) " by " (r.made_by) } }
            }
            p.quiet { "All times are UTC." }
        }
    }
}

fn meaning(overall: Option<&str>) -> &'static str {
    match overall {
        Some("fixed") => "Every point that the fault had touched is as on the healthy machine.",
        Some("improved") => {
            "Nearer to the healthy machine than before, and not shown to be the same."
        }
        Some("unchanged") => "The readings are as they were before the repair.",
        Some("worse") => "Further from the healthy machine than before the repair.",
        Some(_) => "The readings do not say whether the repair worked.",
        None => "Nobody has compared the readings before and after the work yet.",
    }
}

fn span(binding: &Binding) -> String {
    let or = |at: Option<Moment>, open: &str| at.map_or(open.to_owned(), Moment::minute);
    format!("{} – {}", or(binding.from, "first reading"), or(binding.to, "now"))
}

/// Which sensor measured what, and how it was calibrated.
pub fn sensors(view: &View<'_>) -> Markup {
    html! {
        section {
            h2 { "Sensors and calibration" }
            div.wide {
                table {
                    thead { tr { th { "Point" } th { "Board / channel" } th { "From – to" } } }
                    tbody {
                        @for b in &view.bindings {
                            tr { td { (b.point_name) } td { (b.board) " / " (b.channel) } td { (span(b)) } }
                        }
                    }
                }
            }
            @if view.calibrations.is_empty() {
                p.quiet { "None of these channels has a calibration on record: readings are as the boards reported them." }
            } @else {
                div.wide {
                    table {
                        thead { tr { th { "Channel" } th { "From" } th { "Correction" } th { "Note" } th { "Entered by" } } }
                        tbody {
                            @for c in &view.calibrations {
                                tr {
                                    td { (c.board) " / " (c.channel) }
                                    td.when { (c.from.minute()) }
                                    td { "× " (figure(c.scale)) ", " (super::figures::signed(c.offset)) " " (unit(&c.unit)) }
                                    td { (c.note) }
                                    td { (c.by) ", " (c.entered_at.date()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The ticket's history and its finding.
pub fn ticket(view: &View<'_>) -> Markup {
    let Some(ticket) = view.ticket else { return html! {} };
    html! {
        section {
            h2 { "Ticket " (ticket.number) }
            p { (ticket.title) ". Since " (ticket.since.minute()) "." }
            @for f in &view.findings {
                p {
                    "Cause: " strong { (words(&f.cause)) }
                    @if !f.text.is_empty() { ", " (f.text) }
                    @if !f.remedy.is_empty() { ". Mended by: " (f.remedy) }
                    @if !f.parts.is_empty() { ". Parts: " (f.parts.join(", ")) }
                    span.quiet { " (" (f.who) ", " (f.at.minute()) ")" }
                }
            }
            div.wide {
                table {
                    tbody {
                        @for s in &view.ticket_steps {
                            tr { td.when { (s.at.minute()) } td { (words(&s.to)) } td { (s.who) } td { (s.why) } }
                        }
                    }
                }
            }
        }
    }
}

/// What the signature says, and what it does not.
pub fn how_to_check(view: &View<'_>) -> Markup {
    let Some(report) = view.report else { return html! {} };
    html! {
        section.check {
            h2 { "Check this file" }
            p {
                "Every item of this report is chained to the one before it by SHA-256, and the chain and "
                "this page are signed with Ed25519. One changed byte is found:"
            }
            pre { "aftercare verify FILE" }
            p { "Key " code { (report.key) } }
            p.quiet {
                "The key is only as trustworthy as where you got it from: compare it with the one that "
                "the server shows at /api/v1/evidence/key, and insist on it with --key. The time of the report is that of the server's "
                "clock; nobody else vouches for it. Made by " (report.software) "."
            }
        }
    }
}
