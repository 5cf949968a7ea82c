//! Auto-dispatch: the best suggestion becomes a visit, and says why. A dispatcher overrules it by
//! changing the visit, and undoes it by calling the visit off.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::suggesting::{Suggestions, suggestions};
use crate::app::App;
use crate::database::take_turn;
use crate::http::{By, Problem};
use crate::visits::{self, Booking, Visit};
use crate::work_orders::{self, Advance, WorkOrderState};

/// How a work order is to be dispatched.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct NewDispatch {
    /// Visits of less urgent work may be moved out of the way of critical work; their work orders wait
    /// for a new visit.
    #[serde(default)]
    make_room: bool,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dispatched {
    visit: Visit,
    /// Work orders whose visits made room; they are unscheduled now.
    displaced: Vec<String>,
    /// Everything that was weighed.
    weighed: Suggestions,
}

/// Plans the best visit for a work order by the planning policy.
#[utoipa::path(
    post,
    path = "/api/v1/work-orders/{id}/dispatch",
    operation_id = "dispatch_work_order",
    tag = "visits",
    responses((status = 201, body = Dispatched), Problem)
)]
pub(crate) async fn dispatch(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<NewDispatch>,
) -> Result<(StatusCode, Json<Dispatched>), Problem> {
    let dispatched = dispatch_order(&app, &id, &who, wanted.make_room).await?;
    Ok((StatusCode::CREATED, Json(dispatched)))
}

/// Plans the best visit for a work order, by somebody or by itself.
///
/// # Errors
/// [`Problem::Conflict`] with everybody's reasons when nobody can go; [`Problem::IllegalStep`] when it
/// cannot be planned any more.
pub(super) async fn dispatch_order(
    app: &App,
    id: &str,
    who: &str,
    make_room: bool,
) -> Result<Dispatched, Problem> {
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    // Dispatches take turns: the second one sees the calendar of the first.
    take_turn(&mut tx, "dispatches").await?;
    let order = work_orders::find(&mut *tx, id).await?;
    if !order.state.can_be_planned() {
        order.state.step(WorkOrderState::Scheduled)?;
    }
    let weighed = suggestions(&mut tx, id, now).await?;
    let best = weighed
        .suggestions
        .iter()
        .find(|s| make_room || s.displaces.is_empty())
        .cloned()
        .ok_or_else(|| Problem::Conflict(weighed.nobody()))?;
    let rule = format!("auto-dispatch, planning policy version {}", weighed.policy_version);
    let mut displaced = Vec::new();
    for visit_id in &best.displaces {
        let visit = visits::find(&mut *tx, visit_id).await?;
        let why = format!("makes room for {}", order.number);
        visits::call_off(&mut tx, &visit, now, who, &why).await?;
        let (to, rule) = (WorkOrderState::Unscheduled, Some(rule.as_str()));
        let step = Advance { to, who, why: &why, rule, device_at: None };
        work_orders::advance(&mut tx, &visit.work_order_id, now, step).await?;
        displaced.push(visit.work_order_id);
    }
    let booking = Booking {
        work_order_id: id,
        technician_id: &best.technician_id,
        starts_at: best.starts_at.0,
        ends_at: best.ends_at.0,
        who,
        rule: Some(&rule),
        reasons: &best.reasons,
    };
    let visit_id = visits::book(&mut tx, now, &booking).await?;
    tx.commit().await?;
    visits::announce(app, &visit_id).await?;
    for order_id in displaced.iter().map(String::as_str).chain([id]) {
        work_orders::announce(app, order_id).await?;
    }
    for visit_id in &best.displaces {
        visits::announce(app, visit_id).await?;
    }
    let visit = visits::find(&app.database, &visit_id).await?;
    Ok(Dispatched { visit, displaced, weighed })
}
