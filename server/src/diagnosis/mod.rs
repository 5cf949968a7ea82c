//! Diagnosis: how a ticket is handled (triage), what was noticed, and which causes were ruled out one by
//! one. The cause that was confirmed first is kept beside the one that was found in the end: how often
//! the two agree is a figure of the service.

mod causes;
mod state;
#[cfg(test)]
mod tests;
mod triage;
mod view;

pub(crate) use causes::{__path_judge, __path_suspect, judge, suspect};
pub use causes::{CauseJudgement, NewCause};
pub use state::CauseState;
pub(crate) use triage::{__path_triage, triage};
pub use triage::{NewTriage, Triage, TriageMode};
pub(crate) use view::{__path_change, __path_show, change, show};
pub use view::{CandidateCause, Diagnosis, DiagnosisChange};
