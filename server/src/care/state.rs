//! The states of a reminder, and what it is about.

use crate::states::{states, words};

words! {
    /// What a reminder is about.
    CareKind, "kind of care" {
        /// Asks how it is going.
        Greeting "greeting";
        /// A tip for the use of the machine.
        Tip "tip";
        /// Maintenance is due.
        Maintenance "maintenance";
        /// The warranty ends soon.
        Warranty "warranty";
    }
}

states! {
    /// State of a reminder.
    CareReminderState, "reminder" {
        /// Will be sent when it is due.
        Planned "planned" => [Sent, Withdrawn, Dropped];
        /// Its message is in the outbox, or has left it.
        Sent "sent" => [Withdrawn];
        /// Somebody took it back.
        Withdrawn "withdrawn" => [];
        /// Not due any more, or nobody wants it.
        Dropped "dropped" => [];
    }
}
