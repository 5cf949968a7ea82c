//! Tickets: where an alarm becomes work. One open ticket per asset and signature, decided by the
//! database; a recurrence inside the guarantee window reopens the ticket with its history.

mod customer;
mod guarantee;
mod history;
mod list;
mod opening;
mod promises;
mod resolving;
mod state;
mod telling;
mod transition;

pub(crate) use customer::customer;
pub(crate) use guarantee::{
    __path_change as __path_change_guarantee, __path_show as __path_show_guarantee,
    change as change_guarantee, show as show_guarantee,
};
pub use guarantee::{Guarantee, GuaranteeChange, NewGuarantee};
pub use history::HistoryStep;
pub(crate) use history::of as history;
pub use list::Ticket;
pub(crate) use list::{__path_list, __path_show, announce, list, noted, show};
pub(crate) use opening::{Opened, Opening, follow_alarms, open_or_join};
pub(crate) use resolving::resolve;
pub use state::TicketState;
pub(crate) use transition::{__path_transition, transition};

/// What people call a ticket.
pub(crate) fn number(number: i64) -> String {
    format!("T-{number}")
}
