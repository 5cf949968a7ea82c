//! What is kept about a technician.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sla::{Calendar, Schedule};
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use super::absences::{self, Absence};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::{Double, from_json, to_json};
use crate::http::{By, IfMatch, Page, Problem, check_text, etag};
use crate::limits::{SKILLS, TECHNICIANS, TEXT_CHARS, WORD_CHARS};
use crate::training;
use crate::work_orders::words;

/// Hours in a time zone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Hours {
    /// IANA name, such as `Asia/Shanghai`.
    time_zone: String,
    schedule: Schedule,
}

impl Hours {
    fn calendar(&self) -> Result<Calendar, Problem> {
        Calendar::new(&self.schedule, &self.time_zone)
            .map_err(|e| Problem::Invalid(format!("`hours`: {e}")))
    }
}

/// What a technician can do, where they go, and when they work.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TechnicianFile {
    /// Such as `refrigeration`.
    #[serde(default)]
    skills: Vec<String>,
    /// Planning areas of sites; empty: everywhere.
    #[serde(default)]
    areas: Vec<String>,
    /// Working hours.
    hours: Hours,
    /// Where the day begins, degrees.
    latitude: Option<f64>,
    /// See `latitude`.
    longitude: Option<f64>,
}

impl TechnicianFile {
    fn check(&self) -> Result<(), Problem> {
        for (name, words) in [("skills", &self.skills), ("areas", &self.areas)] {
            if words.len() > SKILLS {
                return Err(Problem::Invalid(format!("`{name}` may have {SKILLS} words")));
            }
            for word in words {
                check_text(name, word, WORD_CHARS)?;
            }
        }
        self.hours.calendar()?;
        match (self.latitude, self.longitude) {
            (None, None) => Ok(()),
            (Some(lat), Some(long)) if lat.abs() <= 90.0 && long.abs() <= 180.0 => Ok(()),
            _ => Err(Problem::Invalid(
                "`latitude` has to be from -90 to 90 and `longitude` from -180 to 180, or neither"
                    .into(),
            )),
        }
    }
}

/// A technician.
#[derive(Debug, Serialize, ToSchema)]
pub struct Technician {
    account_id: String,
    name: String,
    #[serde(flatten)]
    file: TechnicianFile,
    /// What training proves that is good now; planning goes by `skills`.
    proven_skills: BTreeSet<String>,
    /// Those that are not over.
    absences: Vec<Absence>,
    /// Also the `ETag`.
    version: i64,
}

#[derive(FromRow)]
struct Row {
    account_id: String,
    name: String,
    skills: String,
    areas: String,
    hours: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    version: i64,
}

impl Row {
    fn file(&self) -> Result<TechnicianFile, Problem> {
        Ok(TechnicianFile {
            skills: from_json(&self.skills)?,
            areas: from_json(&self.areas)?,
            hours: from_json(&self.hours)?,
            latitude: self.latitude,
            longitude: self.longitude,
        })
    }
}

const SELECT: &str = "SELECT t.account_id, a.name, t.skills, t.areas, t.hours, t.latitude, \
     t.longitude, t.version FROM technicians t JOIN accounts a ON a.id = t.account_id";

/// Somebody who can be planned.
pub(crate) struct Active {
    pub account_id: String,
    pub name: String,
    pub skills: Vec<String>,
    pub areas: Vec<String>,
    pub hours: Calendar,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

/// Everybody whose account is not disabled.
pub(crate) async fn active(tx: &mut Transaction<'_, Any>) -> Result<Vec<Active>, Problem> {
    let sql = format!("{SELECT} WHERE a.state <> 'disabled' ORDER BY t.account_id");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **tx).await?;
    let active = |row: Row| {
        let file = row.file()?;
        Ok(Active {
            hours: file.hours.calendar()?,
            account_id: row.account_id,
            name: row.name,
            skills: file.skills,
            areas: file.areas,
            latitude: row.latitude,
            longitude: row.longitude,
        })
    };
    rows.into_iter().map(active).collect()
}

/// All technicians by name.
#[utoipa::path(
    get,
    path = "/api/v1/technicians",
    operation_id = "list_technicians",
    tag = "visits",
    responses((status = 200, body = Page<Technician>), Problem)
)]
pub(crate) async fn list(State(app): State<App>) -> Result<Json<Page<Technician>>, Problem> {
    let sql =
        format!("{SELECT} WHERE a.state <> 'disabled' ORDER BY a.name, t.account_id LIMIT $1");
    let rows: Vec<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(TECHNICIANS).fetch_all(&app.database).await?;
    let mut away = absences::ahead(&app).await?;
    let mut proven = training::proven(&app).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(Technician {
            file: row.file()?,
            proven_skills: proven.remove(&row.account_id).unwrap_or_default(),
            absences: away.remove(&row.account_id).unwrap_or_default(),
            account_id: row.account_id,
            name: row.name,
            version: row.version,
        });
    }
    Ok(Json(Page { items, next_cursor: None }))
}

async fn shown(app: &App, account_id: &str) -> Result<Shown, Problem> {
    let sql = format!("{SELECT} WHERE t.account_id = $1");
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(account_id)
        .fetch_optional(&app.database)
        .await?;
    let row = row.ok_or(Problem::NotFound("technician"))?;
    let technician = Technician {
        file: row.file()?,
        proven_skills: training::proven(app).await?.remove(account_id).unwrap_or_default(),
        absences: absences::ahead(app).await?.remove(account_id).unwrap_or_default(),
        account_id: row.account_id,
        name: row.name,
        version: row.version,
    };
    Ok((etag(technician.version), Json(technician)))
}

type Shown = ([(HeaderName, String); 1], Json<Technician>);

/// What is kept about a technician from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTechnicianFile {
    #[serde(flatten)]
    file: TechnicianFile,
    #[schema(min_length = 1)]
    why: String,
}

/// Makes the owner of an account a technician, or changes what is kept about one. Visits that are
/// planned stay.
#[utoipa::path(
    put,
    path = "/api/v1/technicians/{account_id}",
    operation_id = "keep_technician",
    tag = "visits",
    responses((status = 200, body = Technician), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(account_id): Path<String>,
    Json(new): Json<NewTechnicianFile>,
) -> Result<Shown, Problem> {
    check_text("why", &new.why, TEXT_CHARS)?;
    new.file.check()?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let role: Option<String> = sqlx::query_scalar("SELECT role FROM accounts WHERE id = $1")
        .bind(&account_id)
        .fetch_optional(&mut *tx)
        .await?;
    if role.ok_or(Problem::NotFound("account"))? == "customer" {
        return Err(Problem::Invalid("a customer is no technician".into()));
    }
    let before: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE t.account_id = $1")))
            .bind(&account_id)
            .fetch_optional(&mut *tx)
            .await?;
    let version = before.as_ref().map_or(0, |row| row.version);
    if_match.check(version)?;
    let from = before.map(|row| row.file()).transpose()?;
    let from = from.as_ref().map(to_json).transpose()?;
    write(&mut tx, &account_id, &new.file).await?;
    let to = to_json(&new.file)?;
    let change = NewChange {
        kind: "technician",
        id: &account_id,
        who: &who,
        field: "file",
        from: from.as_deref(),
        to: Some(&to),
        why: new.why.trim(),
        version: Some(version + 1),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    shown(&app, &account_id).await
}

async fn write(
    tx: &mut Transaction<'_, Any>,
    account_id: &str,
    file: &TechnicianFile,
) -> Result<(), Problem> {
    let hours = to_json(&file.hours)?;
    sqlx::query(
        "INSERT INTO technicians (account_id, skills, areas, hours, latitude, longitude, turn, version) \
         VALUES ($1, $2, $3, $4, $5, $6, 0, 1) ON CONFLICT (account_id) DO UPDATE SET skills = $2, \
         areas = $3, hours = $4, latitude = $5, longitude = $6, version = technicians.version + 1",
    )
    .bind(account_id)
    .bind(words(&file.skills)?)
    .bind(words(&file.areas)?)
    .bind(hours)
    .bind(Double(file.latitude))
    .bind(Double(file.longitude))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
