//! What people are told about. One list makes the kinds of events and the facts of each, so that a
//! fact that a template needs cannot be forgotten: the program would not compile.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $name:literal { $($fact:ident: $type:ty),* $(,)? })*) => {
        /// Kind of an event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All of them.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// Its name in the database and in JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }

        /// An event with its facts. Texts are those of people or of policy data; times (`_at`) are
        /// microseconds since the Unix epoch and are written in the receiver's time zone.
        #[derive(Debug, Clone, Copy, Serialize)]
        #[serde(untagged)]
        pub(crate) enum What<'a> {
            $($(#[$doc])* $kind { $($fact: $type),* },)*
        }

        impl What<'_> {
            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind { .. } => Kind::$kind,)*
                }
            }
        }
    };
}

kinds! {
    /// A request came in: the automatic reply.
    RequestReceived "request_received" { number: &'a str, summary: &'a str }
    /// Somebody answered a request.
    RequestAnswered "request_answered" { number: &'a str, summary: &'a str, answer: &'a str }
    /// A ticket was opened.
    TicketOpened "ticket_opened" { number: &'a str, machine: &'a str, summary: &'a str }
    /// The machine is mended.
    TicketResolved "ticket_resolved" { number: &'a str, machine: &'a str, summary: &'a str }
    /// A ticket was closed.
    TicketClosed "ticket_closed" { number: &'a str, machine: &'a str, summary: &'a str }
    /// A visit has a date.
    VisitPlanned "visit_planned" {
        number: &'a str, machine: &'a str, technician: &'a str, from_at: i64, until_at: i64,
    }
    /// The date of a visit, or who comes, changed.
    VisitChanged "visit_changed" {
        number: &'a str, machine: &'a str, technician: &'a str, from_at: i64, until_at: i64,
        reason: &'a str, cancelled: bool,
    }
    /// A visit is near.
    VisitReminder "visit_reminder" {
        number: &'a str, machine: &'a str, technician: &'a str, from_at: i64, until_at: i64,
    }
    /// A technician got a work order.
    WorkOrderAssigned "work_order_assigned" {
        number: &'a str, machine: &'a str, summary: &'a str, from_at: i64,
    }
    /// A work order waits for a dispatcher; `reason`: who could go, or why nobody can.
    DispatchWanted "dispatch_wanted" { number: &'a str, machine: &'a str, reason: &'a str }
    /// Somebody has to approve a proposal; `amount` with its currency.
    ApprovalWanted "approval_wanted" {
        number: &'a str, proposal: &'a str, amount: &'a str, requested_by: &'a str,
    }
    /// A proposal was approved or sent back.
    ApprovalDecided "approval_decided" {
        number: &'a str, proposal: &'a str, approved: bool, decided_by: &'a str, reason: &'a str,
    }
    /// A promise is soon due; `promise` is the kind of its target, such as `first_response`.
    SlaDueSoon "sla_due_soon" { number: &'a str, promise: &'a str, due_at: i64 }
    /// A promise was not kept.
    SlaBreached "sla_breached" { number: &'a str, promise: &'a str, due_at: i64 }
    /// Nobody acknowledged an alarm; `priority` as the alarm's.
    AlarmEscalated "alarm_escalated" { machine: &'a str, alarm: &'a str, priority: &'a str }
    /// A customer is asked how it was: a ticket and its machine, or the whole service where there is neither.
    SurveyInvitation "survey_invitation" { number: Option<&'a str>, machine: Option<&'a str> }
    /// A customer is to be called back.
    CallBackDue "call_back_due" { number: &'a str, customer: &'a str, due_at: i64 }
    /// A return or exchange went a step further.
    ReturnStep "return_step" { number: &'a str, item: &'a str, step: &'a str }
    /// News of a shipment.
    ShipmentUpdate "shipment_update" { number: &'a str, item: &'a str, status: &'a str }
    /// A shipment was promised and is not there.
    ShipmentLate "shipment_late" { number: &'a str, item: &'a str, promised_at: i64 }
    /// Care for a customer's machine: maintenance due, a tip for its use.
    CareReminder "care_reminder" { machine: &'a str, advice: &'a str }
    /// A playbook was started, or a drill of it; `case` is the ticket and its machine, or what is supposed
    /// to have happened.
    PlaybookStarted "playbook_started" {
        playbook: &'a str, case: &'a str, drill: bool, started_by: &'a str,
    }
    /// A part runs out; amounts in its unit of stock.
    LowStock "low_stock" { part: &'a str, depot: &'a str, left: i64, minimum: i64 }
    /// Somebody wants a new password; the link is good for so many hours.
    PasswordReset "password_reset" { hours: i64 }
    /// Somebody gets an account; the link is good for so many hours.
    AccountInvitation "account_invitation" { invited_by: &'a str, hours: i64 }
    /// An address is tried out.
    Test "test" { tried_by: &'a str }
}

impl Kind {
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("event", Self::ALL, Self::as_str, text)
    }
}
