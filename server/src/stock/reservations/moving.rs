//! A part of a work order moves from state to state, and the stock with it.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::reservation::{Reservation, find, of};
use super::reserving::{Kept, cause, keep};
use super::state::ReservationState;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::to_json;
use crate::http::{By, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::stock::ledger::{Cause, Delta, Held, change, hold};

/// A step of a part of a work order, by whom and why.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub to: ReservationState,
    /// With `used`: so many of them, and the rest goes back.
    pub used: i64,
    pub who: &'a str,
    pub why: &'a str,
    /// Of an automatic step: which rule did it.
    pub rule: Option<&'a str>,
    pub at: i64,
}

/// Takes a step. The part is held.
pub(super) async fn take(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    line: &Reservation,
    step: Step<'_>,
) -> Result<(), Problem> {
    use ReservationState::{Picked, Released, Reserved, Used, Wanted};
    let to = line.state.step(step.to)?;
    let rest = line.rest();
    let picked = if line.state == Picked { -rest } else { 0 };
    let delta = match to {
        Wanted | Released if line.state == Wanted => Delta::default(),
        Wanted | Released => Delta { reserved: -rest, picked, on_hand: 0 },
        Reserved => Delta { picked, ..Delta::default() },
        Picked => Delta { picked: rest, ..Delta::default() },
        Used => Delta { on_hand: -step.used, reserved: -rest, picked },
    };
    let kept = match (line.state, to) {
        (Wanted, Reserved) => Some(get(tx, part, line, &step).await?),
        (_, Wanted) => Some(Kept { depot_id: None, reasons: vec![step.why.to_owned()] }),
        _ => None,
    };
    if let (Some(depot), true) = (&line.depot_id, delta != Delta::default()) {
        let cause = cause(&line.work_order_id, (step.who, step.why, step.at));
        change(tx, part, depot, delta, &cause).await?;
    }
    let used = if to == Used { step.used } else { 0 };
    write(tx, line, (to, line.used + used), kept).await?;
    record(tx, line, ("state", line.state.as_str(), to.as_str()), &step).await
}

/// Tries again to find a depot for what is wanted.
async fn get(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    line: &Reservation,
    step: &Step<'_>,
) -> Result<Kept, Problem> {
    let order = (line.work_order_id.as_str(), part);
    let kept = keep(tx, order, line.rest(), (step.who, step.at)).await?;
    match kept.depot_id {
        Some(_) => Ok(kept),
        None => Err(Problem::Conflict(kept.reasons.join("; "))),
    }
}

pub(super) async fn write(
    tx: &mut Transaction<'_, Any>,
    line: &Reservation,
    (state, used): (ReservationState, i64),
    kept: Option<Kept>,
) -> Result<(), Problem> {
    sqlx::query(
        "UPDATE work_order_parts SET state = $2, used = $3, version = version + 1 WHERE id = $1",
    )
    .bind(&line.id)
    .bind(state.as_str())
    .bind(used)
    .execute(&mut **tx)
    .await?;
    if let Some(kept) = kept {
        sqlx::query("UPDATE work_order_parts SET depot_id = $2, reasons = $3 WHERE id = $1")
            .bind(&line.id)
            .bind(kept.depot_id.as_deref())
            .bind(to_json(&kept.reasons)?)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

pub(super) async fn record(
    tx: &mut Transaction<'_, Any>,
    line: &Reservation,
    (field, from, to): (&str, &str, &str),
    step: &Step<'_>,
) -> Result<(), Problem> {
    let change = NewChange {
        kind: "work_order_part",
        id: &line.id,
        who: step.who,
        rule: step.rule,
        field,
        from: Some(from),
        to: Some(to),
        why: step.why,
        version: Some(line.version + 1),
        ..NewChange::default()
    };
    changes::record(tx, step.at, change).await?;
    Ok(())
}

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReservationTransition {
    to: ReservationState,
    /// With `used`: so many went into the machine, all that is left when nothing is said. The rest
    /// goes back to the depot.
    quantity: Option<i64>,
    why: String,
}

/// Moves a part of a work order to its next state: it is picked, used, released; one that was wanted is
/// reserved where there are enough by now.
#[utoipa::path(
    post,
    path = "/api/v1/work-orders/{id}/parts/{part}/transition",
    operation_id = "move_work_order_part",
    tag = "stock",
    responses((status = 200, body = Reservation), Problem)
)]
pub(crate) async fn transition(
    By(who): By,
    State(app): State<App>,
    Path((order_id, id)): Path<(String, String)>,
    Json(wanted): Json<ReservationTransition>,
) -> Result<Json<Reservation>, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let at = app.clock.now_us();
    let mut tx = app.begin().await?;
    let part_id = find(&mut tx, &order_id, &id).await?.part_id;
    let part = hold(&mut tx, &part_id).await?;
    let line = find(&mut tx, &order_id, &id).await?;
    let rest = line.rest();
    let used = wanted.quantity.unwrap_or(rest);
    if wanted.quantity.is_some() && wanted.to != ReservationState::Used {
        return Err(Problem::Invalid("`quantity` goes with `used`".into()));
    }
    if !(1..=rest).contains(&used) && wanted.to == ReservationState::Used {
        return Err(Problem::Invalid(format!("`quantity` has to be from 1 to {rest}")));
    }
    let step = Step { to: wanted.to, used, who: &who, why, rule: None, at };
    match wanted.to {
        ReservationState::Released => release(&mut tx, &part, &line, step).await?,
        _ => take(&mut tx, &part, &line, step).await?,
    }
    let line = find(&mut tx, &order_id, &id).await?;
    tx.commit().await?;
    Ok(Json(line))
}

/// Lets a part go. Where some of it went into the machine it counts as used, and the rest goes back.
async fn release(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    line: &Reservation,
    step: Step<'_>,
) -> Result<(), Problem> {
    let to = match line.used > 0 && !line.state.next().is_empty() {
        true => ReservationState::Used,
        false => ReservationState::Released,
    };
    take(tx, part, line, Step { to, used: 0, ..step }).await
}

/// Lets everything go that a work order keeps and does not need any more.
pub(crate) async fn release_all(
    tx: &mut Transaction<'_, Any>,
    order_id: &str,
    (who, why, at): (&str, &str, i64),
) -> Result<(), Problem> {
    let open = "r.work_order_id = $1 AND r.state IN ('wanted', 'reserved', 'picked')";
    for known in of(tx, open, &[order_id]).await? {
        let part = hold(tx, &known.part_id).await?;
        let line = find(tx, order_id, &known.id).await?;
        if line.state.next().is_empty() {
            continue;
        }
        let (to, rule) = (ReservationState::Released, Some("work order lets go of its parts"));
        release(tx, &part, &line, Step { to, used: 0, who, why, rule, at }).await?;
    }
    Ok(())
}

/// Of a held part, the newest reservation in a depot is wanted again. Whether there was one.
pub(in crate::stock) async fn give_back(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    depot_id: &str,
    cause: &Cause<'_>,
) -> Result<bool, Problem> {
    let kept = "r.part_id = $1 AND r.depot_id = $2 AND r.state = 'reserved'";
    let Some(line) = of(tx, kept, &[&part.id, depot_id]).await?.pop() else { return Ok(false) };
    let step = Step {
        to: ReservationState::Wanted,
        used: 0,
        who: cause.who,
        why: "fewer were counted than were reserved",
        rule: Some("stock count"),
        at: cause.at,
    };
    take(tx, part, &line, step).await?;
    Ok(true)
}
