//! Depots are set up and changed. What kind a depot is stays: its stock was reserved by that.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::depot::{Depot, DepotKind, Shown, find, shown};
use crate::access::Subject;
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::database::{Double, new_id};
use crate::http::{By, Caller, IfMatch, Problem, check_text, etag, said, taken};
use crate::limits::TEXT_CHARS;

/// A depot to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDepot {
    #[schema(min_length = 1)]
    name: String,
    kind: DepotKind,
    /// Of a van: account of the technician.
    technician_id: Option<String>,
    /// Of a depot at a site.
    site_id: Option<String>,
    /// Degrees north.
    latitude: Option<f64>,
    /// Degrees east.
    longitude: Option<f64>,
}

impl NewDepot {
    fn check(&self) -> Result<(), Problem> {
        check_text("name", &self.name, TEXT_CHARS)?;
        let belongs = match self.kind {
            DepotKind::Warehouse => self.technician_id.is_none() && self.site_id.is_none(),
            DepotKind::Van => self.technician_id.is_some() && self.site_id.is_none(),
            DepotKind::Site => self.technician_id.is_none() && self.site_id.is_some(),
        };
        if !belongs {
            return Err(Problem::Invalid(
                "a van has a `technician_id`, a depot at a site a `site_id`, a warehouse neither"
                    .into(),
            ));
        }
        check_place(self.latitude, self.longitude)
    }
}

/// Both or neither: half a place is none.
fn check_place(latitude: Option<f64>, longitude: Option<f64>) -> Result<(), Problem> {
    match (latitude, longitude) {
        (None, None) => Ok(()),
        (Some(north), Some(east)) if north.abs() <= 90.0 && east.abs() <= 180.0 => Ok(()),
        _ => Err(Problem::Invalid(
            "`latitude` (-90 to 90) and `longitude` (-180 to 180) come together".into(),
        )),
    }
}

fn is_taken(error: sqlx::Error) -> Problem {
    taken(error, || "there is a depot of this name, or the technician has a van already".to_owned())
}

async fn check_technician(tx: &mut Transaction<'_, Any>, id: &str) -> Result<(), Problem> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT account_id FROM technicians WHERE account_id = $1")
            .bind(id)
            .fetch_optional(&mut **tx)
            .await?;
    found.map(|_| ()).ok_or(Problem::NotFound("technician"))
}

/// Sets a depot up.
#[utoipa::path(
    post,
    path = "/api/v1/depots",
    operation_id = "add_depot",
    tag = "stock",
    responses((status = 201, body = Depot), Problem)
)]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewDepot>,
) -> Result<(StatusCode, Shown), Problem> {
    if let Some(site) = &new.site_id {
        caller.reach.check(&app.database, Subject::Site, site).await?;
    }
    new.check()?;
    let (id, now) = (new_id(), app.clock.now_us());
    let mut tx = app.begin().await?;
    if let Some(technician) = &new.technician_id {
        check_technician(&mut tx, technician).await?;
    }
    if let Some(site) = &new.site_id {
        let found: Option<String> = sqlx::query_scalar("SELECT id FROM sites WHERE id = $1")
            .bind(site)
            .fetch_optional(&mut *tx)
            .await?;
        found.ok_or(Problem::NotFound("site"))?;
    }
    sqlx::query(
        "INSERT INTO depots (id, name, kind, technician_id, site_id, latitude, longitude, \
         created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
    )
    .bind(&id)
    .bind(new.name.trim())
    .bind(new.kind.as_str())
    .bind(new.technician_id.as_deref())
    .bind(new.site_id.as_deref())
    .bind(Double(new.latitude))
    .bind(Double(new.longitude))
    .bind(now)
    .execute(&mut *tx)
    .await
    .map_err(is_taken)?;
    changes::made(&mut tx, now, ("depot", &id, "name", new.name.trim()), (&caller.name, "added"))
        .await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// What is changed about a depot; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DepotChange {
    name: Option<String>,
    /// Of a van: who drives it from now on.
    technician_id: Option<String>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<f64>)]
    latitude: Option<Option<f64>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<f64>)]
    longitude: Option<Option<f64>>,
    #[schema(min_length = 1)]
    why: String,
}

impl DepotChange {
    fn check(&self, before: &Depot) -> Result<(), Problem> {
        check_text("why", &self.why, TEXT_CHARS)?;
        if let Some(name) = &self.name {
            check_text("name", name, TEXT_CHARS)?;
        }
        if self.technician_id.is_some() && before.kind != DepotKind::Van {
            return Err(Problem::Invalid("only a van has a `technician_id`".into()));
        }
        let latitude = self.latitude.unwrap_or(before.latitude);
        check_place(latitude, self.longitude.unwrap_or(before.longitude))
    }

    fn fields(&self, before: &Depot) -> Vec<Field> {
        let technician = self.technician_id.as_deref().map(Some);
        let fields = [
            Field::text("name", &before.name, self.name.as_deref()),
            Field::new("technician_id", before.technician_id.as_deref(), technician),
            Field::new("latitude", before.latitude, self.latitude),
            Field::new("longitude", before.longitude, self.longitude),
        ];
        fields.into_iter().flatten().collect()
    }
}

/// Changes a depot.
#[utoipa::path(
    patch,
    path = "/api/v1/depots/{id}",
    operation_id = "change_depot",
    tag = "stock",
    responses((status = 200, body = Depot), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<DepotChange>,
) -> Result<Shown, Problem> {
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let before = find(&mut *tx, &id).await?;
    wanted.check(&before)?;
    if_match.check(before.version)?;
    let fields = wanted.fields(&before);
    if fields.is_empty() {
        return Ok((etag(before.version), Json(before)));
    }
    if let Some(technician) = &wanted.technician_id {
        check_technician(&mut tx, technician).await?;
    }
    let technician = wanted.technician_id.as_deref().or(before.technician_id.as_deref());
    let changed = sqlx::query(
        "UPDATE depots SET name = $3, technician_id = $4, latitude = $5, longitude = $6, \
         version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(&id)
    .bind(before.version)
    .bind(wanted.name.as_deref().unwrap_or(&before.name).trim())
    .bind(technician)
    .bind(Double(wanted.latitude.unwrap_or(before.latitude)))
    .bind(Double(wanted.longitude.unwrap_or(before.longitude)))
    .execute(&mut *tx)
    .await
    .map_err(is_taken)?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: before.version + 1 });
    }
    let change = NewChange {
        kind: "depot",
        id: &id,
        who: &who,
        why: wanted.why.trim(),
        version: Some(before.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(&mut tx, now, change, &fields).await?;
    tx.commit().await?;
    shown(&app, &id).await
}
