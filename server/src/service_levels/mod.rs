//! Service levels: what a customer was promised, until when, and whether it was kept.
//!
//! A **policy** says how long what may take and by whose hours; a **clock** holds one thing (a ticket,
//! a return, a shipment) to one target. Other slices start, meet, hold and cancel clocks inside their own transactions
//! ([`moving`]). A new version of a policy or of hours moves what is due ([`recomputing`]); the first
//! promise stays. Time itself is attended by [`attending`].

mod attending;
mod calendar;
mod clock;
mod default_policy;
mod goals;
mod handing_over;
mod list;
mod moving;
mod named;
mod notices;
mod people;
mod policies;
mod policy;
mod preview;
mod recomputing;
mod starting;
mod state;
mod subjects;
#[cfg(test)]
mod tests;

pub(crate) use calendar::{
    __path_change as __path_change_calendar, __path_list as __path_list_calendars,
    __path_show as __path_show_calendar, change as change_calendar, list as list_calendars,
    show as show_calendar,
};
pub(crate) use clock::{About, Act};
pub(crate) use default_policy::{__path_choose, choose};
pub use default_policy::{DefaultChoice, DefaultPolicy};
pub(crate) use goals::goal;
pub(crate) use handing_over::{due_at, hand_over};
pub(crate) use list::{__path_list, __path_of_ticket, list, of_ticket};
pub use list::{ClockHold, ClockStep, SlaClock};
pub(crate) use moving::{HeldBy, cancel, hold, meet, reprioritise, resume, take_back};
pub use named::{NamedVersion, NewVersion};
pub use notices::Notice;
pub(crate) use people::{
    __path_hold as __path_hold_clock, __path_resume as __path_resume_clock, hold as hold_clock,
    resume as resume_clock,
};
pub use people::{NewHold, Resumption};
pub(crate) use policies::{
    __path_change as __path_change_policy, __path_list as __path_list_policies,
    __path_show as __path_show_policy, change as change_policy, list as list_policies,
    show as show_policy,
};
pub use policy::{Goal, GoalSide, SlaPolicy, SlaTarget, TargetKind};
pub(crate) use preview::{__path_preview, preview};
pub use preview::{Preview, PreviewQuestion, PreviewedTarget};
pub(crate) use starting::{Start, Whose, start};
pub use state::ClockState;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// What kind of thing a clock is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum SubjectKind {
    Request,
    Ticket,
    Return,
    WorkOrder,
    Shipment,
    CallBack,
}

impl SubjectKind {
    const ALL: [Self; 6] = [
        Self::Request,
        Self::Ticket,
        Self::Return,
        Self::WorkOrder,
        Self::Shipment,
        Self::CallBack,
    ];

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Ticket => "ticket",
            Self::Return => "return",
            Self::WorkOrder => "work_order",
            Self::Shipment => "shipment",
            Self::CallBack => "call_back",
        }
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        states::read("subject kind", &Self::ALL, Self::as_str, text)
    }
}
