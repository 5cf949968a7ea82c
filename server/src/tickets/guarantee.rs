//! The guarantee window of an asset: for how long after the closure of a ticket a recurrence reopens
//! it. The contract that covers the asset may lengthen it. Changing either leaves the probation of
//! closed tickets as it was promised.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use crate::alarms;
use crate::app::App;
use crate::contracts::{Covered, covering};
use crate::database::new_id;
use crate::http::{By, Problem, check_text};
use crate::limits::{GUARANTEE_S, LIST_ROWS, TEXT_CHARS};
use crate::time::{DAY_US, Time};

/// The guarantee window of an asset and its last changes, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Guarantee {
    guarantee_s: i64,
    changes: Vec<GuaranteeChange>,
}

/// A change of a guarantee window.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuaranteeChange {
    at: Time,
    guarantee_s: i64,
    by: String,
    why: String,
}

#[derive(FromRow)]
struct Row {
    at: i64,
    guarantee_s: i64,
    who: String,
    why: String,
}

impl From<Row> for GuaranteeChange {
    fn from(r: Row) -> Self {
        Self { at: Time(r.at), guarantee_s: r.guarantee_s, by: r.who, why: r.why }
    }
}

/// For how long after closure a recurrence reopens a ticket of this asset, seconds.
#[utoipa::path(
    get,
    path = "/api/v1/assets/{id}/guarantee",
    operation_id = "show_guarantee",
    tag = "assets",
    responses((status = 200, body = Guarantee), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Guarantee>, Problem> {
    find(&app, &id).await
}

async fn find(app: &App, asset_id: &str) -> Result<Json<Guarantee>, Problem> {
    let guarantee_s: Option<i64> =
        sqlx::query_scalar("SELECT guarantee_s FROM assets WHERE id = $1")
            .bind(asset_id)
            .fetch_optional(&app.database)
            .await?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT at, guarantee_s, who, why FROM guarantee_changes WHERE asset_id = $1 \
         ORDER BY id DESC LIMIT $2",
    )
    .bind(asset_id)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    let changes = rows.into_iter().map(GuaranteeChange::from).collect();
    Ok(Json(Guarantee { guarantee_s: guarantee_s.ok_or(Problem::NotFound("asset"))?, changes }))
}

/// Until when a ticket of an asset that is closed now is watched, microseconds: for its window, or for as
/// long as its contract gives free repairs, whichever is longer.
pub(super) async fn probation_until(
    tx: &mut Transaction<'_, Any>,
    asset_id: &str,
    now: i64,
) -> Result<i64, Problem> {
    let window_s: i64 = sqlx::query_scalar("SELECT guarantee_s FROM assets WHERE id = $1")
        .bind(asset_id)
        .fetch_one(&mut **tx)
        .await?;
    let contract = covering(tx, Covered::Machine(asset_id), now).await?;
    let free_us = contract.map_or(0, |contract| contract.free_repair_days * DAY_US);
    Ok(now + free_us.max(window_s * 1_000_000))
}

/// A new guarantee window.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewGuarantee {
    /// Seconds; 0: a recurrence always opens a new ticket.
    guarantee_s: i64,
    why: String,
}

/// Changes the guarantee window of an asset, for tickets that are closed from now on. A contract with more
/// `free_repair_days` gives more.
#[utoipa::path(
    put,
    path = "/api/v1/assets/{id}/guarantee",
    operation_id = "change_guarantee",
    tag = "assets",
    responses((status = 200, body = Guarantee), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<NewGuarantee>,
) -> Result<Json<Guarantee>, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    if !(0..=GUARANTEE_S).contains(&wanted.guarantee_s) {
        return Err(Problem::Invalid(format!("`guarantee_s` has to be from 0 to {GUARANTEE_S}")));
    }
    let mut tx = app.database.begin().await?;
    alarms::hold(&mut tx, &id).await?;
    sqlx::query("UPDATE assets SET guarantee_s = $2 WHERE id = $1")
        .bind(&id)
        .bind(wanted.guarantee_s)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO guarantee_changes (id, asset_id, guarantee_s, who, why, at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new_id())
    .bind(&id)
    .bind(wanted.guarantee_s)
    .bind(&who)
    .bind(why)
    .bind(app.clock.now_us())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    find(&app, &id).await
}
