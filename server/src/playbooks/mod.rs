//! Playbooks: what is done when it matters, step by step, by whom, within which time. One runs on a
//! ticket, several teams at once, or as a drill on a fault that is told or was recorded.

mod content;
mod drills;
mod fitting;
mod moving;
mod playbook;
mod run;
mod starting;
mod state;
mod steps;
mod telling;
#[cfg(test)]
mod tests;

pub use content::{PlaybookApplies, PlaybookContact, PlaybookContent, PlaybookStep};
pub(crate) use drills::{
    __path_change as __path_change_drills, __path_due,
    __path_versions as __path_list_drill_policies, change as change_drills, due,
    versions as list_drill_policies,
};
pub use drills::{DrillPolicy, DueDrill};
pub use fitting::FittingPlaybook;
pub(crate) use fitting::{__path_of_ticket, fitting, of_ticket};
pub(crate) use moving::{__path_mark, __path_transition, mark, transition};
pub use moving::{NewPlaybookStepMark, PlaybookRunTransition};
pub(crate) use playbook::{
    __path_create, __path_list, __path_revise, __path_show, __path_versions, create, list, revise,
    show, versions,
};
pub use playbook::{NewPlaybook, Playbook, PlaybookRevision};
pub(crate) use run::{
    __path_list as __path_list_runs, __path_show as __path_show_run, list as list_runs,
    show as show_run,
};
pub use run::{PlaybookRun, PlaybookStepCounts};
pub(crate) use starting::{__path_drill, __path_on_ticket, drill, on_ticket};
pub use starting::{NewDrill, NewPlaybookRun};
pub use state::{PlaybookRunState, PlaybookStepMark};
pub use steps::PlaybookRunStep;
