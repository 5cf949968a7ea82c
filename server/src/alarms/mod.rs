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
pub(crate) use deviation::{name as name_points, read as read_deviations};
pub(crate) use escalation::{
    __path_change as __path_change_escalations, __path_versions as __path_list_escalations,
    change as change_escalations, versions as list_escalations,
};
pub use escalation::{EscalationStep, EscalationVersion, NewEscalation};
pub(crate) use flood::AlarmFlood;
pub(crate) use flood::{__path_list as __path_list_floods, list as list_floods};
pub(crate) use ledger::{DETECTION, hold};
pub use list::Alarm;
pub(crate) use list::{
    __path_acknowledge, __path_list, __path_reset, __path_show, acknowledge, list, reset, show,
};
pub(crate) use raising::{Raise, clear, raise, worsen};
pub use state::AlarmState;
pub(crate) use suspensions::{
    Suspend, SuspensionKind, hidden_by, prolong, resume, suspend, suspended,
};

use std::collections::BTreeSet;

use detection::Report;

use crate::app::App;
use crate::http::Problem;

/// Makes what a watch reports into an alarm, or changes the alarm it belongs to. Saying the same
/// report again changes nothing.
///
/// All conditions of a machine share one ticket: ten points of one machine are no ten tickets. Those
/// of safety share another one, and the health of a sensor is no ticket at all
/// ([`detection::Class::signature`]).
pub(crate) async fn take(app: &App, asset_id: &str, report: &Report) -> Result<(), Problem> {
    match report {
        Report::Learned { .. } => Ok(()),
        Report::Raised(condition) => {
            let new = Raise {
                tag: condition.key.clone(),
                class: condition.class.into(),
                priority: condition.priority.into(),
                signature: condition.class.signature().map(str::to_owned),
                summary: condition.summary.clone(),
                since_at: condition.since_us,
                raised_at: condition.at_us,
                deviations: deviation::name(app, asset_id, &condition.evidence).await?,
                latched: condition.latched,
            };
            raise(app, asset_id, new).await
        }
        Report::Worsened { key, summary, evidence, .. } => {
            let deviations = deviation::name(app, asset_id, evidence).await?;
            worsen(app, asset_id, key, summary, &deviations).await
        }
        Report::Cleared { key, at_us } => clear(app, asset_id, key, *at_us).await,
    }
}

/// Tags of the asset's alarms whose condition holds and that come from its watch.
pub(crate) async fn held_by_detection(
    app: &App,
    asset_id: &str,
) -> Result<BTreeSet<String>, Problem> {
    let tags: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT tag FROM alarms WHERE asset_id = $1 AND cleared_at IS NULL \
         AND (tag IN ('deviation', 'drift') OR tag LIKE 'limit:%' OR tag LIKE 'sensor:%')",
    )
    .bind(asset_id)
    .fetch_all(&app.database)
    .await?;
    Ok(tags.into_iter().collect())
}
