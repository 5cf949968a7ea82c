//! People register machines, and change what is known of them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use super::asset::{Asset, Shown, shown};
use super::code;
use crate::access::{Reach, Subject};
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::database::new_id;
use crate::http::{Caller, IfMatch, Problem, check_length, check_text, said, taken};
use crate::limits::TEXT_CHARS;
use crate::time::{Time, rfc3339};

/// A machine to be. A board can be adopted onto it later, by its name.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAsset {
    /// Unique.
    #[schema(min_length = 1)]
    pub(crate) name: String,
    /// Such as `pump`; rules and tolerances go by it.
    #[schema(min_length = 1)]
    pub(crate) kind: String,
    pub(crate) model: Option<String>,
    pub(crate) serial: Option<String>,
    /// Where it stands. Whoever sees only what was granted has to say so.
    pub(crate) site_id: Option<String>,
    pub(crate) purchased_at: Option<Time>,
    pub(crate) warranty_until: Option<Time>,
}

fn name_taken(name: &str) -> String {
    format!("there is a machine {:?} already", name.trim())
}

/// Something in it, or nothing.
pub(super) fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Refuses a site that is not there, or not there for this caller.
async fn check_site(
    tx: &mut Transaction<'_, Any>,
    reach: &Reach,
    site_id: &str,
) -> Result<(), Problem> {
    reach.check(&mut **tx, Subject::Site, site_id).await?;
    let known: Option<String> = sqlx::query_scalar("SELECT id FROM sites WHERE id = $1")
        .bind(site_id)
        .fetch_optional(&mut **tx)
        .await?;
    known.map(drop).ok_or(Problem::NotFound("site"))
}

/// Registers a machine without a board.
#[utoipa::path(
    post,
    path = "/api/v1/assets",
    operation_id = "register_asset",
    tag = "assets",
    responses((status = 201, body = Asset), Problem)
)]
pub(crate) async fn register(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewAsset>,
) -> Result<(StatusCode, Shown), Problem> {
    let mut tx = app.begin().await?;
    match &new.site_id {
        Some(site_id) => check_site(&mut tx, &caller.reach, site_id).await?,
        None if caller.reach != Reach::Everything => {
            return Err(Problem::Invalid("`site_id` has to be given".into()));
        }
        None => {}
    }
    let id = add(&mut tx, &new, (&caller.name, "registered"), app.clock.now_us()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// Adds a machine at a site that is there, gives it the code of its label, and says its id.
pub(crate) async fn add(
    tx: &mut Transaction<'_, Any>,
    new: &NewAsset,
    (who, why): (&str, &str),
    now: i64,
) -> Result<String, Problem> {
    check_text("name", &new.name, TEXT_CHARS)?;
    check_text("kind", &new.kind, TEXT_CHARS)?;
    check_length("model", new.model.as_deref().unwrap_or_default(), TEXT_CHARS)?;
    check_length("serial", new.serial.as_deref().unwrap_or_default(), TEXT_CHARS)?;
    let id = new_id();
    sqlx::query(
        "INSERT INTO assets (id, name, kind, model, serial, learning_s, site_id, warranty_until, \
         code, created_at, version, purchased_at) VALUES ($1, $2, $3, $4, $5, 0.0, $6, $7, $8, $9, 1, \
         $10)",
    )
    .bind(&id)
    .bind(new.name.trim())
    .bind(new.kind.trim())
    .bind(filled(new.model.as_deref()))
    .bind(filled(new.serial.as_deref()))
    .bind(new.site_id.as_deref())
    .bind(new.warranty_until.map(|at| at.0))
    .bind(code::free(tx).await?)
    .bind(now)
    .bind(new.purchased_at.map(|at| at.0))
    .execute(&mut **tx)
    .await
    .map_err(|e| taken(e, || name_taken(&new.name)))?;
    changes::made(tx, now, ("asset", &id, "name", new.name.trim()), (who, why)).await?;
    Ok(id)
}

/// What is changed about a machine; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct AssetChange {
    pub(crate) name: Option<String>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub(crate) model: Option<Option<String>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub(crate) serial: Option<Option<String>>,
    /// Where it stands from now on; `null`: nobody knows, and only people who see everything see it.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub(crate) site_id: Option<Option<String>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Time>)]
    pub(crate) purchased_at: Option<Option<Time>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Time>)]
    pub(crate) warranty_until: Option<Option<Time>>,
    #[schema(min_length = 1)]
    pub(crate) why: String,
}

#[derive(FromRow)]
struct Known {
    name: String,
    model: Option<String>,
    serial: Option<String>,
    site_id: Option<String>,
    purchased_at: Option<i64>,
    warranty_until: Option<i64>,
    version: i64,
}

impl AssetChange {
    fn check(&self) -> Result<(), Problem> {
        check_text("why", &self.why, TEXT_CHARS)?;
        if let Some(name) = &self.name {
            check_text("name", name, TEXT_CHARS)?;
        }
        let text = |text: &Option<Option<String>>| text.clone().flatten().unwrap_or_default();
        check_length("model", &text(&self.model), TEXT_CHARS)?;
        check_length("serial", &text(&self.serial), TEXT_CHARS)
    }

    /// What is known after the change.
    fn after(&self, before: &Known) -> Known {
        let plate = |wanted: &Option<Option<String>>, before: &Option<String>| {
            let text = wanted.as_ref().unwrap_or(before).as_deref();
            filled(text).map(str::to_owned)
        };
        let us = |wanted: Option<Option<Time>>| wanted.map(|time| time.map(|at| at.0));
        Known {
            name: self.name.as_deref().unwrap_or(&before.name).trim().to_owned(),
            model: plate(&self.model, &before.model),
            serial: plate(&self.serial, &before.serial),
            site_id: self.site_id.clone().unwrap_or_else(|| before.site_id.clone()),
            purchased_at: us(self.purchased_at).unwrap_or(before.purchased_at),
            warranty_until: us(self.warranty_until).unwrap_or(before.warranty_until),
            version: before.version + 1,
        }
    }
}

/// Changes what is known of a machine. Whoever sees its site sees the machine and all its history.
#[utoipa::path(
    patch,
    path = "/api/v1/assets/{id}",
    operation_id = "change_asset",
    tag = "assets",
    responses((status = 200, body = Asset), Problem)
)]
pub(crate) async fn change(
    caller: Caller,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<AssetChange>,
) -> Result<Shown, Problem> {
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    match &wanted.site_id {
        Some(Some(site_id)) => check_site(&mut tx, &caller.reach, site_id).await?,
        Some(None) if caller.reach != Reach::Everything => return Err(Problem::Forbidden),
        _ => {}
    }
    let changed = apply(&mut tx, (&id, if_match), &wanted, &caller.name, now).await?;
    tx.commit().await?;
    if changed.contains(&"name") {
        app.descriptions.asset_renamed();
    }
    shown(&app, &id).await
}

async fn known(tx: &mut Transaction<'_, Any>, id: &str) -> Result<Known, Problem> {
    let known: Option<Known> = sqlx::query_as(
        "SELECT name, model, serial, site_id, purchased_at, warranty_until, version FROM assets \
         WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    known.ok_or(Problem::NotFound("asset"))
}

/// Changes what is known of a machine, at a site that is there, and names the fields that are other
/// ones now.
pub(crate) async fn apply(
    tx: &mut Transaction<'_, Any>,
    (id, if_match): (&str, IfMatch),
    wanted: &AssetChange,
    who: &str,
    now: i64,
) -> Result<Vec<&'static str>, Problem> {
    wanted.check()?;
    let before = known(tx, id).await?;
    if_match.check(before.version)?;
    let after = wanted.after(&before);
    let bought = |known: &Known| known.purchased_at.map(rfc3339);
    let until = |known: &Known| known.warranty_until.map(rfc3339);
    let fields = [
        Field::text("name", &before.name, Some(&after.name)),
        Field::new("model", before.model.clone(), Some(after.model.clone())),
        Field::new("serial", before.serial.clone(), Some(after.serial.clone())),
        Field::new("site_id", before.site_id.clone(), Some(after.site_id.clone())),
        Field::new("purchased_at", bought(&before), Some(bought(&after))),
        Field::new("warranty_until", until(&before), Some(until(&after))),
    ];
    let fields: Vec<Field> = fields.into_iter().flatten().collect();
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    write(tx, id, &after).await?;
    let change = NewChange {
        kind: "asset",
        id,
        who,
        why: wanted.why.trim(),
        version: Some(after.version),
        ..NewChange::default()
    };
    changes::record_fields(tx, now, change, &fields).await?;
    Ok(fields.iter().map(Field::name).collect())
}

async fn write(tx: &mut Transaction<'_, Any>, id: &str, after: &Known) -> Result<(), Problem> {
    let changed = sqlx::query(
        "UPDATE assets SET name = $3, model = $4, serial = $5, site_id = $6, warranty_until = $7, \
         purchased_at = $8, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(after.version - 1)
    .bind(&after.name)
    .bind(after.model.as_deref())
    .bind(after.serial.as_deref())
    .bind(after.site_id.as_deref())
    .bind(after.warranty_until)
    .bind(after.purchased_at)
    .execute(&mut **tx)
    .await
    .map_err(|e| taken(e, || name_taken(&after.name)))?;
    match changed.rows_affected() {
        0 => Err(Problem::Stale { version: after.version }),
        _ => Ok(()),
    }
}
