//! Triage: by phone, remotely or on site, and by whom.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;

use super::view::{Diagnosis, find};
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Problem, check_text};
use crate::limits::{TEXT_CHARS, TIERS};
use crate::states;
use crate::time::Time;

/// How a ticket is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriageMode {
    /// The customer is told what to do.
    Phone,
    /// Somebody looks at readings and settings from afar.
    Remote,
    /// Somebody goes there.
    OnSite,
}

impl TriageMode {
    fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Remote => "remote",
            Self::OnSite => "on_site",
        }
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        let all = [Self::Phone, Self::Remote, Self::OnSite];
        states::read("triage mode", &all, Self::as_str, text)
    }
}

/// A decision about how a ticket is handled.
#[derive(Debug, Serialize, ToSchema)]
pub struct Triage {
    mode: TriageMode,
    /// 1: whoever took it; 2: technical support; 3: the maker.
    tier: i64,
    at: Time,
    by: String,
    why: String,
}

#[derive(FromRow)]
struct Row {
    mode: String,
    tier: i64,
    at: i64,
    who: String,
    why: String,
}

/// All decisions about a ticket, the newest first.
pub(super) async fn of(app: &App, ticket_id: &str) -> Result<Vec<Triage>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT mode, tier, at, who, why FROM triages WHERE ticket_id = $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(ticket_id)
    .bind(crate::limits::LIST_ROWS)
    .fetch_all(&app.database)
    .await?;
    let triage = |r: Row| {
        let mode = TriageMode::parse(&r.mode)?;
        Ok(Triage { mode, tier: r.tier, at: Time(r.at), by: r.who, why: r.why })
    };
    rows.into_iter().map(triage).collect()
}

/// A decision about how a ticket is handled.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTriage {
    mode: TriageMode,
    /// 1: whoever took it; 2: technical support; 3: the maker.
    tier: i64,
    #[schema(min_length = 1)]
    why: String,
}

/// Decides how a ticket is handled; earlier decisions stay on record.
#[utoipa::path(
    post,
    path = "/api/v1/tickets/{id}/triage",
    operation_id = "triage_ticket",
    tag = "diagnosis",
    responses((status = 201, body = Diagnosis), Problem)
)]
pub(crate) async fn triage(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewTriage>,
) -> Result<(StatusCode, Json<Diagnosis>), Problem> {
    check_text("why", &new.why, TEXT_CHARS)?;
    if !(1..=TIERS).contains(&new.tier) {
        return Err(Problem::Invalid(format!("`tier` has to be from 1 to {TIERS}")));
    }
    let made = sqlx::query(
        "INSERT INTO triages (id, ticket_id, mode, tier, who, why, at) \
         SELECT $1, id, $3, $4, $5, $6, $7 FROM tickets WHERE id = $2",
    )
    .bind(new_id())
    .bind(&id)
    .bind(new.mode.as_str())
    .bind(new.tier)
    .bind(who)
    .bind(new.why.trim())
    .bind(app.clock.now_us())
    .execute(&app.database)
    .await?;
    if made.rows_affected() == 0 {
        return Err(Problem::NotFound("ticket"));
    }
    Ok((StatusCode::CREATED, Json(find(&app, &id).await?)))
}
