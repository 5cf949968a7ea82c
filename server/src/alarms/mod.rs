//! Alarms after ISA-18.2-2016: what is raised, who has seen it, what hides it and for how long.
//! `docs/alarms.md` has the rules and where they come from.
//!
//! Whatever changes the alarms of an asset goes through [`ledger::Ledger`], which makes the changes
//! of one asset follow one another and records each transition.

mod attending;
mod class;
mod deviation;
mod escalation;
mod flood;
mod ledger;
mod list;
mod raising;
mod state;
pub mod suspensions;
#[cfg(test)]
pub(crate) mod tests;

pub use class::{Class, Priority};
pub use deviation::Deviation;
pub(crate) use deviation::read as read_deviations;
pub(crate) use escalation::{
    __path_change as __path_change_escalations, __path_versions as __path_list_escalations,
    change as change_escalations, versions as list_escalations,
};
pub use escalation::{EscalationStep, EscalationVersion, NewEscalation};
pub(crate) use flood::AlarmFlood;
pub(crate) use flood::{__path_list as __path_list_floods, list as list_floods};
pub(crate) use ledger::hold;
pub use list::Alarm;
pub(crate) use list::{
    __path_acknowledge, __path_list, __path_reset, __path_show, acknowledge, list, reset, show,
};
pub(crate) use raising::{Raise, clear, raise, worsen};
pub use state::AlarmState;
pub(crate) use suspensions::{
    Suspend, SuspensionKind, hidden_by, prolong, resume, suspend, suspended,
};

use detection::Finding;

use crate::app::App;
use crate::http::Problem;

/// What a deviation from the learnt normal is known by: which alarm of the asset it is, and which
/// ticket it joins. Ten points of one machine make one ticket, so the points are not part of it.
pub const DEVIATION: &str = "deviation";

/// Makes a finding into an alarm, or changes the alarm it belongs to. Saying the same finding
/// again changes nothing.
pub(crate) async fn take(app: &App, asset_id: &str, finding: &Finding) -> Result<(), Problem> {
    match finding {
        Finding::Learned { .. } => Ok(()),
        Finding::Raised { at_us, since_us, cause, deviations } => {
            let deviations = deviation::name(app, asset_id, deviations).await?;
            let new = Raise {
                tag: DEVIATION.to_owned(),
                class: Class::Machine,
                priority: Priority::Medium,
                signature: Some(DEVIATION.to_owned()),
                summary: deviation::summary(*cause, &deviations),
                since_at: *since_us,
                raised_at: *at_us,
                deviations,
                latched: false,
            };
            raise(app, asset_id, new).await
        }
        Finding::Worsened { deviations, .. } => {
            let deviations = deviation::name(app, asset_id, deviations).await?;
            worsen(app, asset_id, DEVIATION, &deviations).await
        }
        Finding::Cleared { at_us, .. } => clear(app, asset_id, DEVIATION, *at_us).await,
    }
}
