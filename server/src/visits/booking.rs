//! Planning a visit, and planning it anew.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::telling::{News, tell, tell_customer, tell_technician, untell};
use super::visit::{Shown, Visit, announce, find, shown};
use crate::access::Subject;
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::database::{new_id, to_json};
use crate::http::{By, Caller, IfMatch, Problem, check_text};
use crate::limits::{TEXT_CHARS, VISIT_LONGEST_US};
use crate::time::{Time, rfc3339};
use crate::work_orders::{self, Advance, WorkOrderState};

/// A visit that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewVisit {
    work_order_id: String,
    /// Account of the technician.
    technician_id: String,
    starts_at: Time,
    ends_at: Time,
    #[schema(min_length = 1)]
    why: String,
}

/// A place in a technician's calendar.
pub(crate) struct Booking<'a> {
    pub work_order_id: &'a str,
    pub technician_id: &'a str,
    pub starts_at: i64,
    pub ends_at: i64,
    pub who: &'a str,
    /// Of an automatic planning: which rule did it.
    pub rule: Option<&'a str>,
    /// Why this technician and this time.
    pub reasons: &'a [String],
}

/// Books a visit and makes its work order scheduled. Refuses a technician who is somewhere else then.
pub(crate) async fn book(
    tx: &mut Transaction<'_, Any>,
    now: i64,
    booking: &Booking<'_>,
) -> Result<String, Problem> {
    check_times(booking.starts_at, booking.ends_at)?;
    let order = work_orders::find(&mut **tx, booking.work_order_id).await?;
    if !order.state.can_be_planned() {
        order.state.step(WorkOrderState::Scheduled)?;
    }
    take_turn(tx, booking.technician_id).await?;
    refuse_overlap(tx, booking.technician_id, (booking.starts_at, booking.ends_at), "").await?;
    let reasons = to_json(booking.reasons)?;
    let id = new_id();
    let made = sqlx::query(
        "INSERT INTO visits (id, work_order_id, technician_id, state, starts_at, ends_at, planned_by, \
         rule, reasons, version, created_at) VALUES ($1, $2, $3, 'planned', $4, $5, $6, $7, $8, 1, $9) \
         ON CONFLICT DO NOTHING",
    )
    .bind(&id)
    .bind(booking.work_order_id)
    .bind(booking.technician_id)
    .bind(booking.starts_at)
    .bind(booking.ends_at)
    .bind(booking.who)
    .bind(booking.rule)
    .bind(reasons)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    if made.rows_affected() == 0 {
        return Err(Problem::Conflict("the work order has a visit ahead: change that one".into()));
    }
    let why = booking.reasons.join("; ");
    let at = rfc3339(booking.starts_at);
    let change = NewChange {
        kind: "visit",
        id: &id,
        who: booking.who,
        rule: booking.rule,
        field: "starts_at",
        to: Some(&at),
        why: &why,
        version: Some(1),
        ..NewChange::default()
    };
    changes::record(tx, now, change).await?;
    let rule = booking.rule.unwrap_or("a visit is planned");
    let planned = find(&mut **tx, &id).await?;
    tell(tx, &planned, News::Planned, rule, now).await?;
    for to in [WorkOrderState::Unscheduled, WorkOrderState::Scheduled] {
        // A reopened work order waits for a visit before it has one.
        if to == WorkOrderState::Unscheduled && order.state != WorkOrderState::Reopened {
            continue;
        }
        let (who, rule) = (booking.who, booking.rule);
        let step = Advance { to, who, why: "a visit was planned", rule, device_at: None };
        work_orders::advance(tx, booking.work_order_id, now, step).await?;
    }
    Ok(id)
}

fn check_times(starts_at: i64, ends_at: i64) -> Result<(), Problem> {
    let length = ends_at.saturating_sub(starts_at);
    if length <= 0 {
        return Err(Problem::Invalid("`ends_at` has to be after `starts_at`".into()));
    }
    if length > VISIT_LONGEST_US {
        let hours = VISIT_LONGEST_US / 3_600_000_000;
        return Err(Problem::Invalid(format!("a visit takes {hours} hours at most")));
    }
    Ok(())
}

/// Plannings of one technician take turns: whoever waits here sees what the one before has committed.
async fn take_turn(tx: &mut Transaction<'_, Any>, technician_id: &str) -> Result<(), Problem> {
    let turn = sqlx::query("UPDATE technicians SET turn = turn + 1 WHERE account_id = $1")
        .bind(technician_id)
        .execute(&mut **tx)
        .await?;
    match turn.rows_affected() {
        0 => Err(Problem::Invalid("`technician_id` is no technician".into())),
        _ => Ok(()),
    }
}

async fn refuse_overlap(
    tx: &mut Transaction<'_, Any>,
    technician_id: &str,
    (starts_at, ends_at): (i64, i64),
    but: &str,
) -> Result<(), Problem> {
    let other: Option<(i64, i64, i64)> = sqlx::query_as(
        "SELECT w.number, v.starts_at, v.ends_at FROM visits v JOIN work_orders w \
         ON w.id = v.work_order_id WHERE v.technician_id = $1 AND v.starts_at < $3 \
         AND v.ends_at > $2 AND v.id <> $4 AND v.state NOT IN ('done', 'missed', 'cancelled') LIMIT 1",
    )
    .bind(technician_id)
    .bind(starts_at)
    .bind(ends_at)
    .bind(but)
    .fetch_optional(&mut **tx)
    .await?;
    match other {
        None => Ok(()),
        Some((number, from, to)) => Err(Problem::Conflict(format!(
            "the technician is at W-{number} from {} to {}",
            rfc3339(from),
            rfc3339(to)
        ))),
    }
}

/// Plans a visit. Working hours and skills are advice ([`suggest_visits`]); two places at once are a
/// 409.
///
/// [`suggest_visits`]: crate::planning
#[utoipa::path(
    post,
    path = "/api/v1/visits",
    operation_id = "plan_visit",
    tag = "visits",
    responses((status = 201, body = Visit), Problem)
)]
pub(crate) async fn plan(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewVisit>,
) -> Result<(StatusCode, Shown), Problem> {
    check_text("why", &new.why, TEXT_CHARS)?;
    caller.reach.check(&app.database, Subject::WorkOrder, &new.work_order_id).await?;
    let now = app.clock.now_us();
    let reasons = [new.why.trim().to_owned()];
    let mut tx = app.begin().await?;
    let booking = Booking {
        work_order_id: &new.work_order_id,
        technician_id: &new.technician_id,
        starts_at: new.starts_at.0,
        ends_at: new.ends_at.0,
        who: &caller.name,
        rule: None,
        reasons: &reasons,
    };
    let id = book(&mut tx, now, &booking).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    work_orders::announce(&app, &new.work_order_id).await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// What is changed about a visit that is ahead; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct VisitChange {
    technician_id: Option<String>,
    starts_at: Option<Time>,
    ends_at: Option<Time>,
    #[schema(min_length = 1)]
    why: String,
}

/// Gives a visit that is ahead another time or technician; also how a dispatcher overrules an automatic
/// planning.
#[utoipa::path(
    patch,
    path = "/api/v1/visits/{id}",
    operation_id = "replan_visit",
    tag = "visits",
    responses((status = 200, body = Visit), Problem)
)]
pub(crate) async fn replan(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<VisitChange>,
) -> Result<Shown, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let visit = find(&mut *tx, &id).await?;
    if_match.check(visit.version)?;
    if !visit.state.is_ahead() {
        return Err(Problem::Conflict(format!("the visit is {}", visit.state.as_str())));
    }
    let technician = wanted.technician_id.as_deref().unwrap_or(&visit.technician_id);
    let starts_at = wanted.starts_at.unwrap_or(visit.starts_at).0;
    // A visit that is moved keeps its length.
    let length = visit.ends_at.0 - visit.starts_at.0;
    let ends_at = wanted.ends_at.map_or(starts_at.saturating_add(length), |at| at.0);
    check_times(starts_at, ends_at)?;
    take_turn(&mut tx, technician).await?;
    refuse_overlap(&mut tx, technician, (starts_at, ends_at), &id).await?;
    let reasons = to_json(&[why])?;
    let changed = sqlx::query(
        "UPDATE visits SET technician_id = $3, starts_at = $4, ends_at = $5, planned_by = $6, \
         rule = NULL, reasons = $7, planned_at = $8, state = 'planned', version = version + 1 \
         WHERE id = $1 AND version = $2",
    )
    .bind(&id)
    .bind(visit.version)
    .bind(technician)
    .bind(starts_at)
    .bind(ends_at)
    .bind(&who)
    .bind(reasons)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: visit.version + 1 });
    }
    let time = |us: i64| Some(rfc3339(us));
    let fields = [
        Field::text("technician", &visit.technician_id, Some(technician)),
        Field::new("starts_at", time(visit.starts_at.0), Some(time(starts_at))),
        Field::new("ends_at", time(visit.ends_at.0), Some(time(ends_at))),
    ];
    let fields: Vec<Field> = fields.into_iter().flatten().collect();
    let change = NewChange {
        kind: "visit",
        id: &id,
        who: &who,
        why,
        version: Some(visit.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(&mut tx, now, change, &fields).await?;
    let rule = "a visit is planned anew";
    untell(&mut tx, &id, (&who, why), now).await?;
    let moved = find(&mut *tx, &id).await?;
    if moved.technician_id != visit.technician_id {
        // Whoever went before hears who goes now.
        let mut gone = moved.clone();
        gone.technician_id = visit.technician_id;
        tell_technician(&mut tx, &gone, News::Changed { reason: why }, rule, now).await?;
        tell_technician(&mut tx, &moved, News::Planned, rule, now).await?;
        tell_customer(&mut tx, &moved, News::Changed { reason: why }, rule, now).await?;
    } else {
        tell(&mut tx, &moved, News::Changed { reason: why }, rule, now).await?;
    }
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &id).await
}
