//! What a pattern of deviations meant before: closed tickets with a finding are remembered, and a new
//! ticket is held against them.
//!
//! The comparison is pure ([`nearest`], [`hits`]). A finding is written down by people ([`finding`]);
//! what is remembered when, and what is said, is in [`memory`] and [`similar`]. How it is measured:
//! `docs/fault-signatures.md`.

mod finding;
mod hits;
mod memory;
mod nearest;
mod similar;

#[cfg(test)]
mod tests;

pub(crate) use finding::{
    __path_set as __path_set_finding, __path_show as __path_show_finding, check_cause,
    of as findings, set as set_finding, show as show_finding,
};
pub use finding::{Finding, Findings, NewFinding};
pub(crate) use memory::{predict, remember};
pub(crate) use similar::{__path_causes, __path_similar, causes, similar};
