//! A return moves from step to step; what came back goes into stock.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::promises;
use super::rma::{Return, Shown, announce, hold, shown};
use super::state::ReturnState;
use super::steps::{check_owner, enter};
use super::telling::tell;
use crate::access::Subject;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{Caller, IfMatch, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::proposals::Money;
use crate::service_levels::Act;
use crate::stock::{self, About, Cause, Reason};

/// Pieces that go into a depot.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ToStock {
    depot_id: String,
    /// All that came back when nothing is said.
    quantity: Option<i64>,
}

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReturnTransition {
    to: ReturnState,
    why: String,
    /// Account of whoever has to take the step after this one; without it, who takes this one.
    owner_id: Option<String>,
    /// With `approved`: although it was asked for later than the policy allows.
    #[serde(default)]
    despite_date: bool,
    /// With `received` or `inspected`, of a part: where the pieces go. What has to be looked at first
    /// is better put away when it is inspected.
    to_stock: Option<ToStock>,
    /// With `refunded`: what the customer gets.
    refund: Option<Money>,
}

impl ReturnTransition {
    fn check(&self, rma: &Return) -> Result<(), Problem> {
        let invalid = |text: &str| Err(Problem::Invalid(text.into()));
        match (&self.refund, self.to == ReturnState::Refunded) {
            (Some(refund), true) => refund.check("refund")?,
            (None, false) => {}
            _ => return invalid("`refund` goes with `refunded`, and `refunded` with a `refund`"),
        }
        if self.to == ReturnState::Approved && rma.too_late && !self.despite_date {
            return Err(Problem::Conflict(
                "it was asked for later than the policy allows: refuse it, or say `despite_date`"
                    .into(),
            ));
        }
        let stocks = matches!(self.to, ReturnState::Received | ReturnState::Inspected);
        let Some(to_stock) = &self.to_stock else { return Ok(()) };
        if !stocks || rma.part_id.is_none() {
            return invalid("`to_stock` goes with `received` or `inspected` of a part");
        }
        let left = rma.quantity - rma.stocked;
        match to_stock.quantity {
            _ if left == 0 => Err(Problem::Conflict("all of it is in stock already".into())),
            Some(n) if !(1..=left).contains(&n) => {
                Err(Problem::Invalid(format!("`quantity` has to be from 1 to {left}")))
            }
            _ => Ok(()),
        }
    }
}

/// Moves a return to its next step.
///
/// A step that is not allowed is a 409 whose `next_states` are those that are. The customer is told of
/// every step.
#[utoipa::path(
    post,
    path = "/api/v1/returns/{id}/transition",
    operation_id = "move_return",
    tag = "returns",
    responses((status = 200, body = Return), Problem)
)]
pub(crate) async fn transition(
    caller: Caller,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<ReturnTransition>,
) -> Result<Shown, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let rma = hold(&mut tx, &id, now).await?;
    if_match.check(rma.version)?;
    let to = rma.state.step(wanted.to)?;
    wanted.check(&rma)?;
    let owner = match &wanted.owner_id {
        Some(owner) => {
            check_owner(&mut tx, owner).await?;
            Some(owner.as_str())
        }
        None => caller.account_id.as_deref(),
    };
    let over = matches!(to, ReturnState::Closed | ReturnState::Cancelled);
    sqlx::query(
        "UPDATE returns SET state = $2, closed_at = $3, refund_minor = coalesce($4, refund_minor), \
         refund_currency = coalesce($5, refund_currency), version = version + 1 WHERE id = $1",
    )
    .bind(&id)
    .bind(to.as_str())
    .bind(over.then_some(now))
    .bind(wanted.refund.as_ref().map(|refund| refund.minor))
    .bind(wanted.refund.as_ref().map(|refund| refund.currency.as_str()))
    .execute(&mut *tx)
    .await?;
    enter(&mut tx, (&id, to, rma.priority_lane), owner.filter(|_| !over), now).await?;
    let change = NewChange {
        kind: "return",
        id: &id,
        who: &caller.name,
        field: "state",
        from: Some(rma.state.as_str()),
        to: Some(to.as_str()),
        why,
        version: Some(rma.version + 1),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    if let Some(to_stock) = &wanted.to_stock {
        caller.reach.check(&mut *tx, Subject::Depot, &to_stock.depot_id).await?;
        put_away(&mut tx, &rma, to_stock, (&caller.name, now)).await?;
    }
    let act = Act { who: &caller.name, why, at: now };
    promises::follow(&mut tx, &rma, to, act).await?;
    tell(&mut tx, &id, "a return goes a step further", now).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &id).await
}

async fn put_away(
    tx: &mut Transaction<'_, Any>,
    rma: &Return,
    to_stock: &ToStock,
    (who, at): (&str, i64),
) -> Result<(), Problem> {
    let Some(part_id) = &rma.part_id else { return Ok(()) };
    let quantity = to_stock.quantity.unwrap_or(rma.quantity - rma.stocked);
    let about = Some(About { kind: "return", id: &rma.id });
    let cause = Cause { reason: Reason::Returned, about, who, why: &rma.number, at };
    stock::put(tx, (part_id, &to_stock.depot_id), quantity, &cause).await?;
    sqlx::query("UPDATE returns SET stocked = stocked + $2, depot_id = $3 WHERE id = $1")
        .bind(&rma.id)
        .bind(quantity)
        .bind(&to_stock.depot_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
