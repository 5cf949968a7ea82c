//! Addresses are added, changed, switched off and deleted; each time with who and why.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::IntoParams;

use super::kind::AddressKind;
use super::list::{Address, ShownAddress, found};
use super::wanted::{AddressSettings, NewAddress};
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Problem, check_text};
use crate::limits::TEXT_CHARS;

const WHAT: &str = "notification address";

/// Adds an address. The secret of a webhook is in this answer and never shown again.
#[utoipa::path(
    post,
    path = "/api/v1/notification-addresses",
    operation_id = "add_notification_address",
    tag = "notifications",
    responses((status = 201, body = ShownAddress), Problem)
)]
pub(crate) async fn add(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewAddress>,
) -> Result<(StatusCode, Json<ShownAddress>), Problem> {
    let checked = new.check()?;
    let made = (new.kind == AddressKind::Webhook && checked.secret.is_none())
        .then(|| messenger::new_secret(&rand::random()));
    let (id, now, settings) = (new_id(), app.clock.now_us(), &new.settings);
    let mut tx = app.begin().await?;
    sqlx::query(
        "INSERT INTO notification_addresses (id, owner_kind, owner, kind, address, secret, \
         language, time_zone, quiet_from, quiet_until, active, who, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&id)
    .bind(new.owner_kind.as_str())
    .bind(new.owner.trim())
    .bind(new.kind.as_str())
    .bind(checked.address)
    .bind(made.clone().or(checked.secret))
    .bind(settings.language.as_str())
    .bind(&settings.time_zone)
    .bind(checked.quiet.map(|(from, _)| from))
    .bind(checked.quiet.map(|(_, until)| until))
    .bind(i64::from(settings.active))
    .bind(&who)
    .bind(now)
    .execute(&mut *tx)
    .await
    .map_err(taken)?;
    record(&mut tx, &id, now, "added", &who, &settings.why).await?;
    tx.commit().await?;
    let mut shown = kept(&app, &id).await?.shown;
    shown.secret = made;
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Changes an address; who has it and its kind stay. Messages that wait go to what it is now.
#[utoipa::path(
    put,
    path = "/api/v1/notification-addresses/{id}",
    operation_id = "change_notification_address",
    tag = "notifications",
    responses((status = 200, body = ShownAddress), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(settings): Json<AddressSettings>,
) -> Result<Json<ShownAddress>, Problem> {
    let checked = settings.check(kept(&app, &id).await?.kind)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let changed = sqlx::query(
        "UPDATE notification_addresses SET address = coalesce($2, address), secret = coalesce($3, secret), \
         language = $4, time_zone = $5, quiet_from = $6, quiet_until = $7, active = $8 \
         WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(&id)
    .bind(checked.address)
    .bind(checked.secret)
    .bind(settings.language.as_str())
    .bind(&settings.time_zone)
    .bind(checked.quiet.map(|(from, _)| from))
    .bind(checked.quiet.map(|(_, until)| until))
    .bind(i64::from(settings.active))
    .execute(&mut *tx)
    .await
    .map_err(taken)?;
    if changed.rows_affected() == 0 {
        return Err(Problem::NotFound(WHAT));
    }
    record(&mut tx, &id, now, "changed", &who, &settings.why).await?;
    tx.commit().await?;
    Ok(Json(kept(&app, &id).await?.shown))
}

/// Query of a deletion.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AddressDeletion {
    why: String,
}

/// Deletes an address. Messages that wait for it are refused when they are due.
#[utoipa::path(
    delete,
    path = "/api/v1/notification-addresses/{id}",
    operation_id = "delete_notification_address",
    tag = "notifications",
    params(AddressDeletion),
    responses((status = 204), Problem)
)]
pub(crate) async fn delete(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<AddressDeletion>,
) -> Result<StatusCode, Problem> {
    check_text("why", &query.why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let deleted = sqlx::query(
        "UPDATE notification_addresses SET deleted_at = $2, active = 0, secret = NULL \
         WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(&id)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if deleted.rows_affected() == 0 {
        return Err(Problem::NotFound(WHAT));
    }
    record(&mut tx, &id, now, "deleted", &who, &query.why).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends nothing there any more: the other side says that it is gone.
pub(in crate::notifications) async fn switch_off(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    why: &str,
    now: i64,
) -> Result<(), Problem> {
    sqlx::query("UPDATE notification_addresses SET active = 0 WHERE id = $1")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    record(tx, id, now, "switched off", "outbox", why).await
}

async fn kept(app: &App, id: &str) -> Result<Address, Problem> {
    found(&app.database, id).await?.ok_or(Problem::NotFound(WHAT))
}

fn taken(error: sqlx::Error) -> Problem {
    if error.as_database_error().is_some_and(|e| e.is_unique_violation()) {
        return Problem::Conflict("this address is there already".into());
    }
    error.into()
}

async fn record(
    tx: &mut Transaction<'_, Any>,
    address_id: &str,
    now: i64,
    what: &str,
    who: &str,
    why: &str,
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO notification_address_changes (id, address_id, at, who, what, why) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new_id())
    .bind(address_id)
    .bind(now)
    .bind(who)
    .bind(what)
    .bind(why.trim())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
