//! Adoption: which machine a board sits on, and what its channels measure.

use ::telemetry::name::{BoardId, ChannelName};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::directory::reload;
use super::{keep_board, keep_channel};
use crate::app::App;
use crate::database::new_id;
use crate::http::{Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::search::{self, SearchKind};
use crate::{assets, watch};

/// Body of an adoption: the machine that the board sits on, and what its channels measure.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Adoption {
    /// Found by name; made when there is none.
    pub asset: AdoptedAsset,
    /// Channels that speak for a point; others go on waiting.
    pub channels: Vec<AdoptedChannel>,
}

/// The machine.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AdoptedAsset {
    /// Unique name.
    pub name: String,
    /// Such as `pump`.
    pub kind: String,
    /// Maker's model.
    pub model: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// How long the machine's normal work is learnt, seconds of measured time. Without it the rules
    /// of its kind say so.
    pub learning_seconds: Option<f64>,
}

/// A channel and its point.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AdoptedChannel {
    /// Channel name.
    pub channel: String,
    /// Unit in which its readings are kept.
    pub unit: String,
    /// Name of the point on the machine.
    pub name: String,
    /// Such as `temperature`.
    pub quantity: String,
    /// Where on the machine.
    pub position: String,
}

/// What an adoption made or found.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Adopted {
    /// The asset.
    pub asset_id: String,
}

fn check(adoption: &Adoption) -> Result<(), Problem> {
    let a = &adoption.asset;
    check_text("asset.name", &a.name, TEXT_CHARS)?;
    if a.learning_seconds.is_some_and(|s| !(60.0..=90.0 * 86_400.0).contains(&s)) {
        return Err(Problem::Invalid(
            "`asset.learning_seconds` has to be between 60 and 7776000".into(),
        ));
    }
    for c in &adoption.channels {
        ChannelName::check(&c.channel)
            .map_err(|e| Problem::Invalid(format!("channel {:?}: {e}", c.channel)))?;
        if c.name.trim().is_empty() || c.name.chars().count() > TEXT_CHARS {
            return Err(Problem::Invalid("a point's name has to have 1 to 500 characters".into()));
        }
    }
    Ok(())
}

/// Makes asset, points and bindings where they are missing.
///
/// Saying the same again changes nothing. Readings that came before count as well.
#[utoipa::path(
    put,
    path = "/api/v1/boards/{id}/adoption",
    operation_id = "adopt_board",
    tag = "boards",
    responses((status = 200, body = Adopted), Problem)
)]
pub(crate) async fn adopt(
    State(app): State<App>,
    Path(board): Path<String>,
    Json(adoption): Json<Adoption>,
) -> Result<Json<Adopted>, Problem> {
    BoardId::check(&board).map_err(|e| Problem::Invalid(format!("board: {e}")))?;
    check(&adoption)?;
    let now = app.clock.now_us();
    let mut tx = app.database.begin().await?;
    keep_board(&mut tx, &board, now).await?;
    sqlx::query("UPDATE boards SET adopted_at = $2 WHERE id = $1 AND adopted_at IS NULL")
        .bind(&board)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    let asset_id = keep_asset(&mut tx, &adoption.asset, now).await?;
    for c in &adoption.channels {
        let series = keep_channel(&mut tx, &board, &c.channel, &c.unit, now).await?;
        let point = keep_point(&mut tx, &asset_id, c, now).await?;
        bind(&mut tx, series, &point, &c.channel).await?;
    }
    tx.commit().await?;
    reload(&app).await?;
    watch::resume(&app, &asset_id).await?;
    Ok(Json(Adopted { asset_id }))
}

async fn keep_asset(
    tx: &mut Transaction<'_, Any>,
    asset: &AdoptedAsset,
    now: i64,
) -> Result<String, sqlx::Error> {
    let code = assets::free_code(tx).await?;
    sqlx::query(
        "INSERT INTO assets (id, name, kind, model, serial, learning_s, created_at, code) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO NOTHING",
    )
    .bind(new_id())
    .bind(&asset.name)
    .bind(&asset.kind)
    .bind(&asset.model)
    .bind(&asset.serial)
    // 0: as the rules say.
    .bind(asset.learning_seconds.unwrap_or(0.0))
    .bind(now)
    .bind(code)
    .execute(&mut **tx)
    .await?;
    let id: String = sqlx::query_scalar("SELECT id FROM assets WHERE name = $1")
        .bind(&asset.name)
        .fetch_one(&mut **tx)
        .await?;
    search::changed(tx, SearchKind::Asset, &id).await?;
    Ok(id)
}

async fn keep_point(
    tx: &mut Transaction<'_, Any>,
    asset_id: &str,
    c: &AdoptedChannel,
    now: i64,
) -> Result<String, sqlx::Error> {
    sqlx::query(
        "INSERT INTO points (id, asset_id, name, quantity, position, unit, slot, created_at) \
         SELECT $1, $2, $3, $4, $5, $6, coalesce(max(slot), -1) + 1, $7 FROM points \
         WHERE asset_id = $2 ON CONFLICT (asset_id, name) DO NOTHING",
    )
    .bind(new_id())
    .bind(asset_id)
    .bind(&c.name)
    .bind(&c.quantity)
    .bind(&c.position)
    .bind(&c.unit)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query_scalar("SELECT id FROM points WHERE asset_id = $1 AND name = $2")
        .bind(asset_id)
        .bind(&c.name)
        .fetch_one(&mut **tx)
        .await
}

async fn bind(
    tx: &mut Transaction<'_, Any>,
    series: i64,
    point_id: &str,
    channel: &str,
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO bindings (id, series, point_id, valid_from, valid_to) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (series, valid_from) DO NOTHING",
    )
    .bind(new_id())
    .bind(series)
    .bind(point_id)
    .bind(0_i64)
    .bind(i64::MAX)
    .execute(&mut **tx)
    .await?;
    let bound: String =
        sqlx::query_scalar("SELECT point_id FROM bindings WHERE series = $1 AND valid_from = 0")
            .bind(series)
            .fetch_one(&mut **tx)
            .await?;
    if bound == point_id {
        return Ok(());
    }
    Err(Problem::Conflict(format!("channel {channel:?} already speaks for another point")))
}
