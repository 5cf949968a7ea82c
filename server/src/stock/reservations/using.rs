//! A part that a technician notes in a repair session is taken off what the work order keeps.

use sqlx::{Any, Transaction};

use super::moving::{Step, record, take, write};
use super::reservation::of;
use super::reserving::cause;
use super::state::ReservationState;
use crate::http::Problem;
use crate::stock::ledger::{Delta, change, hold};

/// Of the steps that follow here.
const RULE: &str = "repair session uses parts";

/// Uses pieces of what the work order of a visit keeps, the oldest reservation first. A part that it
/// does not keep, or not so many of, stays a note of the technician: whether any were used.
pub(crate) async fn use_for_visit(
    tx: &mut Transaction<'_, Any>,
    visit_id: &str,
    (part_number, quantity): (&str, i64),
    (who, at): (&str, i64),
) -> Result<bool, Problem> {
    const KEPT: &str = "p.part_number = $2 AND r.state IN ('picked', 'reserved') \
         AND r.work_order_id = (SELECT v.work_order_id FROM visits v WHERE v.id = $1)";
    let Some(known) = of(tx, KEPT, &[visit_id, part_number]).await?.into_iter().next() else {
        return Ok(false);
    };
    let part = hold(tx, &known.part_id).await?;
    let lines = of(tx, KEPT, &[visit_id, part_number]).await?;
    if lines.iter().map(super::Reservation::rest).sum::<i64>() < quantity {
        return Ok(false);
    }
    let mut left = quantity;
    for line in lines {
        let used = left.min(line.rest());
        if used == 0 {
            break;
        }
        left -= used;
        let why = "noted in the repair session";
        let to = ReservationState::Used;
        let step = Step { to, used, who, why, rule: Some(RULE), at };
        if used == line.rest() {
            take(tx, &part, &line, step).await?;
            continue;
        }
        // The rest stays with the technician.
        let picked = if line.state == ReservationState::Picked { -used } else { 0 };
        let delta = Delta { on_hand: -used, reserved: -used, picked };
        let cause = cause(&line.work_order_id, (who, why, at));
        if let Some(depot) = &line.depot_id {
            change(tx, &part, depot, delta, &cause).await?;
        }
        let sum = line.used + used;
        write(tx, &line, (line.state, sum), None).await?;
        record(tx, &line, ("used", &line.used.to_string(), &sum.to_string()), &step).await?;
    }
    Ok(true)
}
