//! A work order moves from state to state: by people, and by what happens to its visits.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::order::{Shown, WorkOrder, announce, find, shown};
use super::state::WorkOrderState;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{By, IfMatch, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::service_levels::{self, About, Act, HeldBy, Start, SubjectKind, TargetKind, Whose};
use crate::time::Time;
use crate::{stock, visits};

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WorkOrderTransition {
    to: WorkOrderState,
    why: String,
    /// When the author's device says that it was so, if it was offline then.
    device_at: Option<Time>,
}

/// A step of a work order, by whom and why.
pub(crate) struct Advance<'a> {
    pub to: WorkOrderState,
    pub who: &'a str,
    pub why: &'a str,
    /// Of an automatic step: which rule did it.
    pub rule: Option<&'a str>,
    pub device_at: Option<i64>,
}

/// Takes a step, or says which are possible. Nothing happens when it is there already.
pub(crate) async fn advance(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    now: i64,
    step: Advance<'_>,
) -> Result<(), Problem> {
    let order = find(&mut **tx, id).await?;
    if order.state == step.to {
        return Ok(());
    }
    let to = order.state.step(step.to)?;
    let changed = sqlx::query(
        "UPDATE work_orders SET state = $3, hold_reason = $4, version = version + 1, \
         begun_at = CASE WHEN $3 = 'in_progress' THEN coalesce(begun_at, $5) ELSE begun_at END, \
         completed_at = CASE WHEN $3 = 'completed' THEN $5 ELSE completed_at END \
         WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(order.version)
    .bind(to.as_str())
    .bind((to == WorkOrderState::OnHold).then_some(step.why))
    .bind(now)
    .execute(&mut **tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: order.version + 1 });
    }
    let change = NewChange {
        kind: "work_order",
        id,
        who: step.who,
        rule: step.rule,
        field: "state",
        from: Some(order.state.as_str()),
        to: Some(to.as_str()),
        why: step.why,
        device_at: step.device_at,
        version: Some(order.version + 1),
    };
    changes::record(tx, now, change).await?;
    if matches!(to, WorkOrderState::Cancelled | WorkOrderState::Closed) {
        let why = format!("the work order is {}: {}", to.as_str(), step.why);
        stock::release_all(tx, id, (step.who, &why, now)).await?;
    }
    if to == WorkOrderState::Dispatched
        && let Some(visit) = visits::ahead(tx, id).await?
    {
        visits::tell_assigned(tx, &visit, step.rule.unwrap_or("a work order is given"), now)
            .await?;
    }
    repair(tx, &order, to, Act { who: step.who, why: step.why, at: now }).await?;
    // What it waits for is nobody's fault: meanwhile the ticket cannot become late.
    let ticket = About { kind: SubjectKind::Ticket, id: &order.ticket_id };
    let act = Act { who: step.who, why: step.why, at: now };
    let by = HeldBy::WorkOrder(id);
    match (order.state, to) {
        (_, WorkOrderState::OnHold) => {
            service_levels::hold(tx, ticket, TargetKind::Resolution, by, act).await
        }
        (WorkOrderState::OnHold, _) => service_levels::resume(tx, ticket, by, act).await,
        _ => Ok(()),
    }
}

/// Moves the clock of the repair: from the beginning of the work to its end, without the time on hold.
async fn repair(
    tx: &mut Transaction<'_, Any>,
    order: &WorkOrder,
    to: WorkOrderState,
    act: Act<'_>,
) -> Result<(), Problem> {
    let about = About { kind: SubjectKind::WorkOrder, id: &order.id };
    let (kind, by) = (TargetKind::Repair, HeldBy::WorkOrder(&order.id));
    match to {
        WorkOrderState::InProgress => {
            service_levels::resume(tx, about, by, act).await?;
            let whose = Whose::machine(&order.asset_id);
            let priority = order.priority;
            service_levels::start(tx, Start { about, whose, kinds: &[kind], priority, act }).await
        }
        WorkOrderState::OnHold => service_levels::hold(tx, about, kind, by, act).await,
        WorkOrderState::Completed | WorkOrderState::Verifying | WorkOrderState::Closed => {
            service_levels::meet(tx, about, kind, act).await
        }
        WorkOrderState::Cancelled => service_levels::cancel(tx, about, act).await,
        _ => service_levels::resume(tx, about, by, act).await,
    }
}

/// Moves a work order to its next state.
///
/// A step that is not allowed is a 409 whose `next_states` are those that are. A work order becomes
/// scheduled by planning a visit; leaving the plan (unscheduled, on hold, cancelled) calls off the
/// visit that is ahead.
#[utoipa::path(
    post,
    path = "/api/v1/work-orders/{id}/transition",
    operation_id = "move_work_order",
    tag = "work orders",
    responses((status = 200, body = WorkOrder), Problem)
)]
pub(crate) async fn transition(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<WorkOrderTransition>,
) -> Result<Shown, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let order = find(&mut *tx, &id).await?;
    if_match.check(order.version)?;
    let to = order.state.step(wanted.to)?;
    let ahead = visits::ahead(&mut tx, &id).await?;
    match to {
        WorkOrderState::Scheduled if ahead.is_none() => {
            return Err(Problem::Conflict("plan a visit: that makes it scheduled".into()));
        }
        WorkOrderState::Unscheduled | WorkOrderState::OnHold | WorkOrderState::Cancelled => {
            if let Some(visit) = &ahead {
                visits::call_off(&mut tx, visit, now, &who, why).await?;
            }
        }
        WorkOrderState::Completed => {
            if let Some(visit) = &ahead {
                visits::finish(&mut tx, visit, now, &who, why).await?;
            }
        }
        _ => {}
    }
    let device_at = wanted.device_at.map(|at| at.0);
    let step = Advance { to, who: &who, why, rule: None, device_at };
    advance(&mut tx, &id, now, step).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    if let Some(visit) = ahead {
        visits::announce(&app, &visit.id).await?;
    }
    shown(&app, &id).await
}
