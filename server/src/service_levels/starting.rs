//! A promise is made: clocks start.

use sla::Calendar;
use sqlx::{Any, Transaction};

use super::clock::{About, Act, Clock};
use super::named;
use super::policy::{SlaPolicy, TargetKind};
use super::state::ClockState;
use crate::alarms::Priority;
use crate::contracts::Cover;
use crate::database::new_id;
use crate::http::Problem;

/// What is promised, to whom and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start<'a> {
    pub about: About<'a>,
    /// The machine, which decides who sees the clocks.
    pub asset_id: Option<&'a str>,
    /// A clock for each of these that the policy has a target for.
    pub kinds: &'a [TargetKind],
    pub priority: Priority,
    /// The contract whose policy holds; the default one without it.
    pub contract: Option<&'a Cover>,
    /// IANA name, of the site. One that is not known counts as UTC.
    pub time_zone: &'a str,
    pub act: Act<'a>,
}

/// Starts clocks. A clock that runs already goes on.
///
/// # Errors
/// [`Problem::NotFound`] when there is no such policy.
pub(crate) async fn start(tx: &mut Transaction<'_, Any>, start: Start<'_>) -> Result<(), Problem> {
    let name = match start.contract {
        Some(cover) => Some(cover.sla_policy.clone()),
        None => {
            sqlx::query_scalar("SELECT name FROM sla_policies WHERE is_default = 1")
                .fetch_optional(&mut **tx)
                .await?
        }
    };
    let Some(name) = name else { return Ok(()) };
    let policy = named::at::<SlaPolicy>(tx, &name, None).await?;
    let time_zone = Calendar::time_zone(start.time_zone).unwrap_or_else(|error| {
        tracing::warn!(%error, "The hours of a promise are read in UTC");
        "UTC".to_owned()
    });
    for &kind in start.kinds {
        let Some(target) = policy.content.target(kind, start.priority) else { continue };
        let mut clock = Clock {
            id: new_id(),
            kind,
            priority: start.priority,
            policy: name.clone(),
            policy_version: policy.version(),
            calendar: target.calendar.clone(),
            calendar_version: None,
            time_zone: time_zone.clone(),
            target_s: target.seconds,
            due_soon_percent: policy.content.due_soon_percent,
            state: ClockState::Running,
            started_at: start.act.at,
            due_at: None,
            due_soon_at: None,
            due_soon_noticed_at: None,
            breached_at: None,
            breach_noticed_at: None,
            met_at: None,
        };
        clock.compute(tx).await?;
        if insert(tx, &clock, &start).await? {
            clock.save(tx).await?;
            clock.record(tx, None, start.act, None).await?;
        }
    }
    Ok(())
}

/// Whether it is there now because of us.
async fn insert(
    tx: &mut Transaction<'_, Any>,
    clock: &Clock,
    start: &Start<'_>,
) -> Result<bool, Problem> {
    let inserted = sqlx::query(
        "INSERT INTO sla_clocks (id, subject_kind, subject_id, asset_id, kind, priority, policy, \
         policy_version, time_zone, target_s, due_soon_percent, state, started_at, promised_due_at, \
         contract_id, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1) \
         ON CONFLICT (subject_kind, subject_id, kind) \
         WHERE state IN ('running', 'on_hold', 'breached') DO NOTHING",
    )
    .bind(&clock.id)
    .bind(start.about.kind.as_str())
    .bind(start.about.id)
    .bind(start.asset_id)
    .bind(clock.kind.as_str())
    .bind(clock.priority.as_str())
    .bind(&clock.policy)
    .bind(clock.policy_version)
    .bind(&clock.time_zone)
    .bind(clock.target_s)
    .bind(clock.due_soon_percent)
    .bind(clock.state.as_str())
    .bind(clock.started_at)
    .bind(clock.due_at)
    .bind(start.contract.map(|cover| cover.contract_id.as_str()))
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() > 0)
}
