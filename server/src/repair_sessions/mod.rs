//! Repair sessions: the readings before, during and after a repair, bound to one visit, with what
//! people did on the same time axis.
//!
//! A session is prepared ([`session`]), moved ([`moving`]), written down ([`entries`]), and judged:
//! by numbers ([`verdicts`]) and by the acceptance test of the machine's model ([`acceptance`]),
//! which opens the leave-site gate ([`gate`]). What came of it is a signed [`report`].

pub(crate) mod acceptance;
mod attaching;
mod axis;
mod content;
mod entries;
mod gate;
mod judging;
mod moving;
mod points;
mod report;
mod session;
mod state;
mod verdicts;
mod windows;

#[cfg(test)]
mod tests;

pub(crate) use acceptance::{
    __path_confirm, __path_sign_exception, __path_standing, confirm, sign_exception, standing,
};
pub(crate) use attaching::{__path_attach, attach};
pub(crate) use axis::{__path_show, show};
pub(crate) use entries::{__path_add, add};
pub(crate) use gate::{__path_leave, __path_show as __path_gate, leave, show as gate};
pub(crate) use moving::{__path_extend, __path_transition, extend, transition};
pub(crate) use report::{
    __path_document as __path_report_document, __path_page as __path_report_page,
    document as report_document, page as report_page,
};
pub(crate) use session::{__path_create, __path_list, create, list};
pub use verdicts::Verdict;
pub(crate) use verdicts::{
    __path_adjust, __path_make as __path_make_verdict, __path_show as __path_verdict, adjust,
    make as make_verdict, of_ticket as verdict_of_ticket, show as verdict,
};

use crate::database::{from_json, to_json};
use crate::http::{Problem, check_text};
use crate::limits::TEXT_CHARS;

/// Reads a text of a person; the problem names the field.
fn text<'a>(name: &str, words: &'a str) -> Result<&'a str, Problem> {
    let trimmed = words.trim();
    check_text(name, trimmed, TEXT_CHARS)?;
    Ok(trimmed)
}
