//! A visit moves from state to state, and its work order with it.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::state::VisitState;
use super::telling::{News, tell, untell};
use super::visit::{Shown, Visit, announce, find, shown};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{By, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::time::Time;
use crate::work_orders::{self, Advance, WorkOrderState};

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct VisitTransition {
    to: VisitState,
    why: String,
    /// When the author's device says that it was so, if it was offline then.
    device_at: Option<Time>,
}

/// A step of a visit, by whom and why.
pub(super) struct Step<'a> {
    pub to: VisitState,
    pub who: &'a str,
    pub why: &'a str,
    /// Of an automatic step: which rule did it.
    pub rule: Option<&'a str>,
    pub device_at: Option<i64>,
}

pub(super) async fn take(
    tx: &mut Transaction<'_, Any>,
    visit: &Visit,
    now: i64,
    step: Step<'_>,
) -> Result<(), Problem> {
    let to = visit.state.step(step.to)?;
    let changed = sqlx::query(
        "UPDATE visits SET state = $3, version = version + 1, \
         arrived_at = CASE WHEN $3 = 'on_site' THEN $4 ELSE arrived_at END, \
         done_at = CASE WHEN $3 = 'done' THEN $4 ELSE done_at END WHERE id = $1 AND version = $2",
    )
    .bind(&visit.id)
    .bind(visit.version)
    .bind(to.as_str())
    .bind(now)
    .execute(&mut **tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: visit.version + 1 });
    }
    let change = NewChange {
        kind: "visit",
        id: &visit.id,
        who: step.who,
        field: "state",
        from: Some(visit.state.as_str()),
        to: Some(to.as_str()),
        why: step.why,
        device_at: step.device_at,
        version: Some(visit.version + 1),
        rule: step.rule,
    };
    changes::record(tx, now, change).await?;
    if matches!(
        to,
        VisitState::OnSite | VisitState::Done | VisitState::Missed | VisitState::Cancelled
    ) {
        untell(tx, &visit.id, (step.who, step.why), now).await?;
    }
    Ok(())
}

/// Calls a visit off: its work order leaves the plan. Somebody who is beside the machine is not called
/// off.
pub(crate) async fn call_off(
    tx: &mut Transaction<'_, Any>,
    visit: &Visit,
    now: i64,
    who: &str,
    why: &str,
) -> Result<(), Problem> {
    let to = match visit.state {
        VisitState::OnSite => VisitState::Done,
        _ => VisitState::Cancelled,
    };
    take(tx, visit, now, Step { to, who, why, rule: None, device_at: None }).await?;
    let called_off = find(&mut **tx, &visit.id).await?;
    tell(tx, &called_off, News::CalledOff { reason: why }, "a visit is called off", now).await
}

/// Ends a visit whose work is done.
pub(crate) async fn finish(
    tx: &mut Transaction<'_, Any>,
    visit: &Visit,
    now: i64,
    who: &str,
    why: &str,
) -> Result<(), Problem> {
    let to = match visit.state {
        VisitState::OnSite => VisitState::Done,
        // The work was done without anybody being there.
        _ => VisitState::Cancelled,
    };
    take(tx, visit, now, Step { to, who, why, rule: None, device_at: None }).await
}

/// Moves a visit to its next state. Its work order follows: dispatched, in progress when somebody is on
/// site, unscheduled when the visit was missed or called off.
#[utoipa::path(
    post,
    path = "/api/v1/visits/{id}/transition",
    operation_id = "move_visit",
    tag = "visits",
    responses((status = 200, body = Visit), Problem)
)]
pub(crate) async fn transition(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<VisitTransition>,
) -> Result<Shown, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let device_at = wanted.device_at.map(|at| at.0);
    let mut tx = app.begin().await?;
    let visit = find(&mut *tx, &id).await?;
    take(&mut tx, &visit, now, Step { to: wanted.to, who: &who, why, rule: None, device_at })
        .await?;
    let order = match wanted.to {
        VisitState::Planned => Some(WorkOrderState::Scheduled),
        VisitState::Dispatched => Some(WorkOrderState::Dispatched),
        VisitState::OnSite => Some(WorkOrderState::InProgress),
        VisitState::Missed | VisitState::Cancelled => Some(WorkOrderState::Unscheduled),
        VisitState::Travelling | VisitState::Done => None,
    };
    if let Some(to) = order {
        let step = Advance { to, who: &who, why, rule: Some("visit moves work order"), device_at };
        work_orders::advance(&mut tx, &visit.work_order_id, now, step).await?;
    }
    tx.commit().await?;
    announce(&app, &id).await?;
    work_orders::announce(&app, &visit.work_order_id).await?;
    shown(&app, &id).await
}
