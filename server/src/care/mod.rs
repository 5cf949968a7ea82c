//! Care: customers are reminded between faults. A policy says of what and when; reminders are planned
//! ahead, where people see them and take them back, and sent when they are due.

mod attending;
mod due;
mod list;
mod policy;
mod sending;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use list::{__path_list, __path_withdraw, list, withdraw};
pub use list::{CareReminder, CareReminderWithdrawal};
pub(crate) use policy::{__path_change, __path_versions, change, versions};
pub use policy::{CareAdvice, CarePolicy, CareRule, CareSince, CareWhen};
pub use state::{CareKind, CareReminderState};
