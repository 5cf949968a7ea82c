//! A promise is made: clocks start.

use sla::Calendar;
use sqlx::{Any, Transaction};

use super::clock::{About, Act, Clock};
use super::named;
use super::policy::{SlaPolicy, TargetKind};
use super::state::ClockState;
use crate::alarms::Priority;
use crate::contracts::{self, Cover, Covered};
use crate::database::new_id;
use crate::http::Problem;

/// To whom something is promised, as far as that is known.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Whose<'a> {
    /// The machine, which decides who sees the clocks.
    pub asset_id: Option<&'a str>,
    pub site_id: Option<&'a str>,
    pub customer_id: Option<&'a str>,
}

impl<'a> Whose<'a> {
    /// Whoever has a machine.
    pub fn machine(asset_id: &'a str) -> Self {
        Self { asset_id: Some(asset_id), ..Self::default() }
    }
}

/// What is promised, to whom and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start<'a> {
    pub about: About<'a>,
    /// The policy of the contract that covers them holds; the default one without a contract.
    pub whose: Whose<'a>,
    /// A clock for each of these that the policy has a target for.
    pub kinds: &'a [TargetKind],
    pub priority: Priority,
    pub act: Act<'a>,
}

/// By what a promise is kept: which policy, of which contract, in which time zone.
pub(super) struct Terms {
    /// None where no policy holds.
    pub policy: Option<String>,
    pub contract: Option<Cover>,
    /// IANA name, of the site; UTC without one, or when it is not known.
    pub time_zone: String,
}

impl Terms {
    pub async fn of(
        tx: &mut Transaction<'_, Any>,
        whose: Whose<'_>,
        at: i64,
    ) -> Result<Self, Problem> {
        let covered = match whose.asset_id {
            Some(asset_id) => Covered::Machine(asset_id),
            None => Covered::Place { site_id: whose.site_id, customer_id: whose.customer_id },
        };
        let contract = contracts::covering(tx, covered, at).await?;
        let policy = match &contract {
            Some(cover) => Some(cover.sla_policy.clone()),
            None => {
                sqlx::query_scalar("SELECT name FROM sla_policies WHERE is_default = 1")
                    .fetch_optional(&mut **tx)
                    .await?
            }
        };
        let time_zone: Option<String> = sqlx::query_scalar(
            "SELECT s.time_zone FROM sites s WHERE s.id = $2 \
             OR s.id = (SELECT a.site_id FROM assets a WHERE a.id = $1) LIMIT 1",
        )
        .bind(whose.asset_id)
        .bind(whose.site_id.filter(|_| whose.asset_id.is_none()))
        .fetch_optional(&mut **tx)
        .await?;
        let time_zone = time_zone.as_deref().unwrap_or("UTC");
        let time_zone = Calendar::time_zone(time_zone).unwrap_or_else(|error| {
            tracing::warn!(%error, "The hours of a promise are read in UTC");
            "UTC".to_owned()
        });
        Ok(Self { policy, contract, time_zone })
    }
}

/// Starts clocks. A clock that runs already goes on.
///
/// # Errors
/// [`Problem::NotFound`] when there is no such policy.
pub(crate) async fn start(tx: &mut Transaction<'_, Any>, start: Start<'_>) -> Result<(), Problem> {
    let terms = Terms::of(tx, start.whose, start.act.at).await?;
    let Some(name) = &terms.policy else { return Ok(()) };
    let policy = named::at::<SlaPolicy>(tx, name, None).await?;
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
            time_zone: terms.time_zone.clone(),
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
        if insert(tx, &clock, &start, terms.contract.as_ref()).await? {
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
    contract: Option<&Cover>,
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
    .bind(start.whose.asset_id)
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
    .bind(contract.map(|cover| cover.contract_id.as_str()))
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() > 0)
}
