//! The one way in which stock changes: a level and a line of the ledger, in the caller's transaction.
//!
//! Locks are taken in one order: the work order, return or shipment, then parts by id ([`hold`]), then
//! what belongs to them. So nobody waits for somebody who waits for them.

use sqlx::{Any, FromRow, Transaction};

use super::reason::Reason;
use super::{low, shortage};
use crate::database::new_id;
use crate::http::Problem;
use crate::limits::QUANTITY_MOST;
use crate::parts::price;
use crate::proposals::Money;

/// What a change of stock is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    /// `work_order`, `return` or `shipment`.
    pub kind: &'a str,
    pub id: &'a str,
}

/// Who changes stock, and why.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cause<'a> {
    pub reason: Reason,
    pub about: Option<About<'a>>,
    pub who: &'a str,
    pub why: &'a str,
    pub at: i64,
}

/// A part whose stock nobody else changes until the transaction ends.
pub(super) struct Held {
    pub id: String,
    pub part_number: String,
    pub name: String,
    pub archived: bool,
    pub price: Option<Money>,
}

impl Held {
    /// What people call it.
    pub fn called(&self) -> String {
        format!("{} ({})", self.name, self.part_number)
    }
}

#[derive(FromRow)]
struct PartRow {
    id: String,
    part_number: String,
    name: String,
    archived: i64,
    price_minor: Option<i64>,
    price_currency: Option<String>,
}

/// Takes the row of a part.
pub(super) async fn hold(tx: &mut Transaction<'_, Any>, part_id: &str) -> Result<Held, Problem> {
    let row: Option<PartRow> = sqlx::query_as(
        "UPDATE parts SET turn = turn + 1 WHERE id = $1 RETURNING id, part_number, name, archived, \
         price_minor, price_currency",
    )
    .bind(part_id)
    .fetch_optional(&mut **tx)
    .await?;
    let row = row.ok_or(Problem::NotFound("part"))?;
    Ok(Held {
        id: row.id,
        part_number: row.part_number,
        name: row.name,
        archived: row.archived == 1,
        price: price(row.price_minor, row.price_currency),
    })
}

/// What a depot has of a part.
#[derive(Debug, Clone, Copy, Default, FromRow)]
pub(super) struct Level {
    pub on_hand: i64,
    pub reserved: i64,
    pub picked: i64,
    pub minimum: i64,
    pub low_since: Option<i64>,
    pub falls: i64,
    pub moves: i64,
}

impl Level {
    /// What nobody waits for.
    pub fn free(&self) -> i64 {
        self.on_hand - self.reserved
    }
}

/// By how much a level changes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Delta {
    pub on_hand: i64,
    pub reserved: i64,
    pub picked: i64,
}

/// The level of a held part; nothing yet where it never was.
pub(super) async fn level(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    depot_id: &str,
) -> Result<Level, Problem> {
    sqlx::query(
        "INSERT INTO stock_levels (part_id, depot_id, on_hand, reserved, picked, minimum, falls, \
         moves) SELECT $1, d.id, 0, 0, 0, 0, 0, 0 FROM depots d WHERE d.id = $2 \
         ON CONFLICT (part_id, depot_id) DO NOTHING",
    )
    .bind(&part.id)
    .bind(depot_id)
    .execute(&mut **tx)
    .await?;
    let level: Option<Level> = sqlx::query_as(
        "SELECT on_hand, reserved, picked, minimum, low_since, falls, moves FROM stock_levels \
         WHERE part_id = $1 AND depot_id = $2",
    )
    .bind(&part.id)
    .bind(depot_id)
    .fetch_optional(&mut **tx)
    .await?;
    level.ok_or(Problem::NotFound("depot"))
}

/// Changes a level and writes the ledger, or says that there is not enough and changes nothing.
pub(super) async fn try_change(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    depot_id: &str,
    delta: Delta,
    cause: &Cause<'_>,
) -> Result<bool, Problem> {
    level(tx, part, depot_id).await?;
    // A count that found what was expected changes nothing, and is written down all the same.
    let line = delta.on_hand != 0 || delta == Delta::default();
    let changed: Option<Level> = sqlx::query_as(
        "UPDATE stock_levels SET on_hand = on_hand + $3, reserved = reserved + $4, \
         picked = picked + $5, moves = moves + $6 WHERE part_id = $1 AND depot_id = $2 \
         AND on_hand + $3 >= reserved + $4 AND reserved + $4 >= picked + $5 AND picked + $5 >= 0 \
         AND on_hand + $3 <= $7 \
         RETURNING on_hand, reserved, picked, minimum, low_since, falls, moves",
    )
    .bind(&part.id)
    .bind(depot_id)
    .bind(delta.on_hand)
    .bind(delta.reserved)
    .bind(delta.picked)
    .bind(i64::from(line))
    .bind(QUANTITY_MOST)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(level) = changed else { return Ok(false) };
    if line {
        write(tx, part, depot_id, (delta.on_hand, &level), cause).await?;
    }
    low::look(tx, part, depot_id, &level, cause.at).await?;
    Ok(true)
}

async fn write(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    depot_id: &str,
    (delta, level): (i64, &Level),
    cause: &Cause<'_>,
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO stock_moves (id, part_id, depot_id, number, delta, balance, reason, \
         subject_kind, subject_id, price_minor, price_currency, who, why, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(new_id())
    .bind(&part.id)
    .bind(depot_id)
    .bind(level.moves)
    .bind(delta)
    .bind(level.on_hand)
    .bind(cause.reason.as_str())
    .bind(cause.about.map(|about| about.kind))
    .bind(cause.about.map(|about| about.id))
    .bind(part.price.as_ref().map(|price| price.minor))
    .bind(part.price.as_ref().map(|price| price.currency.as_str()))
    .bind(cause.who)
    .bind(cause.why)
    .bind(cause.at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Changes a level and writes the ledger.
///
/// # Errors
/// [`Problem::Conflict`] when there is not enough: what is there, and where else some are.
pub(super) async fn change(
    tx: &mut Transaction<'_, Any>,
    part: &Held,
    depot_id: &str,
    delta: Delta,
    cause: &Cause<'_>,
) -> Result<(), Problem> {
    match try_change(tx, part, depot_id, delta, cause).await? {
        true => Ok(()),
        false => Err(shortage::conflict(tx, part, depot_id, delta).await?),
    }
}

/// Puts pieces into a depot.
pub(crate) async fn put(
    tx: &mut Transaction<'_, Any>,
    (part_id, depot_id): (&str, &str),
    quantity: i64,
    cause: &Cause<'_>,
) -> Result<(), Problem> {
    let part = hold(tx, part_id).await?;
    let delta = Delta { on_hand: quantity, ..Delta::default() };
    change(tx, &part, depot_id, delta, cause).await
}

/// Takes pieces that nobody waits for out of a depot.
///
/// # Errors
/// [`Problem::Conflict`] when there are not so many.
pub(crate) async fn take(
    tx: &mut Transaction<'_, Any>,
    (part_id, depot_id): (&str, &str),
    quantity: i64,
    cause: &Cause<'_>,
) -> Result<(), Problem> {
    put(tx, (part_id, depot_id), -quantity, cause).await
}
