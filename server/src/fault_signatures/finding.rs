//! What was wrong with a machine and what mended it, written down by people.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;

use super::memory;
use crate::app::App;
use crate::database::{from_json, new_id, to_json};
use crate::http::{By, Problem};
use crate::limits::{CAUSE_CHARS, FINDING_PARTS, LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// A finding.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Finding {
    /// Code of the cause, the same for the same cause.
    pub cause: String,
    /// The cause in words.
    pub note: String,
    /// What mended it, in words.
    pub remedy: String,
    /// Part numbers that mended it.
    pub parts: Vec<String>,
    /// When it was written down.
    pub at: Time,
    /// Who says so.
    pub by: String,
}

/// The findings of a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Findings {
    /// The newest first; that one counts.
    items: Vec<Finding>,
}

/// Body of a finding.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewFinding {
    /// Code of the cause: lower-case letters, digits and `_`, such as `clogged_strainer`.
    cause: String,
    /// The cause in words.
    #[serde(default)]
    note: String,
    /// What mended it, in words.
    #[serde(default)]
    remedy: String,
    /// Part numbers that mended it; without it those that the ticket's repair sessions used.
    parts: Option<Vec<String>>,
}

#[derive(FromRow)]
struct Row {
    cause: String,
    note: String,
    remedy: String,
    parts: String,
    at: i64,
    who: String,
}

impl TryFrom<Row> for Finding {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            cause: r.cause,
            note: r.note,
            remedy: r.remedy,
            parts: from_json(&r.parts)?,
            at: Time(r.at),
            by: r.who,
        })
    }
}

/// The findings of a ticket, the newest first.
pub(crate) async fn of(app: &App, ticket_id: &str) -> Result<Vec<Finding>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT cause, note, remedy, parts, at, who FROM ticket_findings WHERE ticket_id = $1 \
         ORDER BY id DESC LIMIT $2",
    )
    .bind(ticket_id)
    .bind(LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    rows.into_iter().map(Finding::try_from).collect()
}

async fn state(app: &App, ticket_id: &str) -> Result<String, Problem> {
    let state: Option<String> = sqlx::query_scalar("SELECT state FROM tickets WHERE id = $1")
        .bind(ticket_id)
        .fetch_optional(&app.database)
        .await?;
    state.ok_or(Problem::NotFound("ticket"))
}

/// What was found to be wrong, the newest finding first.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{id}/finding",
    operation_id = "show_finding",
    tag = "tickets",
    responses((status = 200, body = Findings), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Findings>, Problem> {
    state(&app, &id).await?;
    Ok(Json(Findings { items: of(&app, &id).await? }))
}

/// Says what was wrong and what mended it; earlier findings of the ticket stay.
///
/// With the ticket closed it is remembered: later tickets of such machines are held against it.
#[utoipa::path(
    put,
    path = "/api/v1/tickets/{id}/finding",
    operation_id = "set_finding",
    tag = "tickets",
    responses((status = 200, body = Findings), Problem)
)]
pub(crate) async fn set(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewFinding>,
) -> Result<Json<Findings>, Problem> {
    check(&new)?;
    if state(&app, &id).await? == "cancelled" {
        return Err(Problem::Conflict(
            "a cancelled ticket needed no work: nothing was found".into(),
        ));
    }
    let parts = match new.parts {
        Some(parts) => parts,
        None => used(&app, &id).await?,
    };
    let parts = to_json(&parts)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    sqlx::query("UPDATE ticket_findings SET superseded = 1 WHERE ticket_id = $1")
        .bind(&id)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO ticket_findings (id, ticket_id, cause, note, remedy, parts, at, who) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new_id())
    .bind(&id)
    .bind(&new.cause)
    .bind(new.note.trim())
    .bind(new.remedy.trim())
    .bind(parts)
    .bind(now)
    .bind(&who)
    .execute(&mut *tx)
    .await?;
    memory::remember(&mut tx, &id, now).await?;
    tx.commit().await?;
    Ok(Json(Findings { items: of(&app, &id).await? }))
}

/// Refuses what is no code of a cause.
pub(crate) fn check_cause(cause: &str) -> Result<(), Problem> {
    let code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if cause.is_empty() || cause.len() > CAUSE_CHARS || !cause.chars().all(code) {
        return Err(Problem::Invalid(format!(
            "`cause` has to be 1 to {CAUSE_CHARS} lower-case letters, digits and _"
        )));
    }
    Ok(())
}

fn check(new: &NewFinding) -> Result<(), Problem> {
    check_cause(&new.cause)?;
    for (name, words) in [("note", &new.note), ("remedy", &new.remedy)] {
        if words.chars().count() > TEXT_CHARS {
            return Err(Problem::Invalid(format!(
                "`{name}` may have at most {TEXT_CHARS} characters"
            )));
        }
    }
    let parts = new.parts.as_deref().unwrap_or_default();
    let fits = |p: &String| !p.trim().is_empty() && p.chars().count() <= TEXT_CHARS;
    if parts.len() > FINDING_PARTS || !parts.iter().all(fits) {
        return Err(Problem::Invalid(format!(
            "`parts` may hold at most {FINDING_PARTS} part numbers"
        )));
    }
    Ok(())
}

/// Part numbers that the repair sessions of a ticket used, but for entries that were corrected.
async fn used(app: &App, ticket_id: &str) -> Result<Vec<String>, Problem> {
    let contents: Vec<String> = sqlx::query_scalar(
        "SELECT e.content FROM repair_session_entries e JOIN repair_sessions s \
         ON s.id = e.session_id WHERE s.ticket_id = $1 AND e.kind = 'part_used' AND NOT EXISTS \
         (SELECT 1 FROM repair_session_entries c WHERE c.session_id = e.session_id \
         AND c.corrects = e.id) ORDER BY e.id",
    )
    .bind(ticket_id)
    .fetch_all(&app.database)
    .await?;
    #[derive(Deserialize)]
    struct Used {
        part_number: String,
    }
    let mut parts: Vec<String> = Vec::new();
    for content in contents {
        let used: Used = from_json(&content)?;
        if !parts.contains(&used.part_number) && parts.len() < FINDING_PARTS {
            parts.push(used.part_number);
        }
    }
    Ok(parts)
}
