//! Proposals: what is to be done, what it needs and costs, what it is expected to bring; written in
//! versions, and approved by a chain that the approval policy asks for.

mod approving;
mod content;
mod moving;
mod policy;
mod state;
mod telling;
#[cfg(test)]
mod tests;
mod view;
mod writing;

pub use approving::Decision;
pub(crate) use approving::{__path_decide, __path_list_waiting, decide, list_waiting};
pub use content::{Money, ProposalContent, Resource};
pub use moving::ProposalTransition;
pub(crate) use moving::{__path_transition, transition};
pub(crate) use policy::{__path_change, __path_versions, change, versions};
pub use policy::{ApprovalPolicy, ApprovalRule};
pub use state::{ApprovalState, ProposalState};
pub(crate) use view::{__path_list, __path_show, approved, list, show};
pub use view::{Approval, Proposal, ProposalVersion};
pub(crate) use writing::{__path_create, __path_revise, create, revise};
pub use writing::{NewProposal, ProposalRevision};
