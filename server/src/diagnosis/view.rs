//! What is known about a ticket's fault.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use super::state::CauseState;
use super::triage::{self, Triage};
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::http::{By, IfMatch, Problem, check_text, etag};
use crate::limits::{INSTRUCTIONS_CHARS, TEXT_CHARS};
use crate::time::{Time, rfc3339};

/// A cause that was thought of.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateCause {
    /// Code of the cause, as in findings.
    cause: String,
    state: CauseState,
    /// What speaks for or against it.
    evidence: String,
    by: String,
    at: Time,
    #[schema(value_type = Vec<CauseState>)]
    next_states: &'static [CauseState],
}

/// What is known about a ticket's fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct Diagnosis {
    /// How it is handled; the newest decision first.
    triage: Vec<Triage>,
    /// What was noticed.
    phenomena: String,
    #[schema(required)]
    noticed_at: Option<Time>,
    /// What was being done when it was noticed.
    doing: String,
    /// The component that it was located at.
    location: String,
    candidates: Vec<CandidateCause>,
    /// The cause that was confirmed first; never changed.
    #[schema(required)]
    first_cause: Option<String>,
    /// The cause of the newest finding.
    #[schema(required)]
    final_cause: Option<String>,
    /// Whether the first cause was the right one; null until both are known.
    #[schema(required)]
    right_at_first: Option<bool>,
    version: i64,
}

#[derive(Default, FromRow)]
struct Row {
    phenomena: String,
    noticed_at: Option<i64>,
    doing: String,
    location: String,
    first_cause: Option<String>,
    version: i64,
}

#[derive(FromRow)]
struct CauseRow {
    cause: String,
    state: String,
    evidence: String,
    who: String,
    at: i64,
}

/// The diagnosis of a ticket; an empty one before anybody has written something.
pub(super) async fn find(app: &App, ticket_id: &str) -> Result<Diagnosis, Problem> {
    let known: Option<String> = sqlx::query_scalar("SELECT id FROM tickets WHERE id = $1")
        .bind(ticket_id)
        .fetch_optional(&app.database)
        .await?;
    known.ok_or(Problem::NotFound("ticket"))?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT phenomena, noticed_at, doing, location, first_cause, version FROM diagnoses \
         WHERE ticket_id = $1",
    )
    .bind(ticket_id)
    .fetch_optional(&app.database)
    .await?;
    let causes: Vec<CauseRow> = sqlx::query_as(
        "SELECT cause, state, evidence, who, at FROM candidate_causes WHERE ticket_id = $1 ORDER BY id",
    )
    .bind(ticket_id)
    .fetch_all(&app.database)
    .await?;
    let final_cause: Option<String> = sqlx::query_scalar(
        "SELECT cause FROM ticket_findings WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1",
    )
    .bind(ticket_id)
    .fetch_optional(&app.database)
    .await?;
    let candidate = |r: CauseRow| {
        let state = CauseState::parse(&r.state)?;
        Ok(CandidateCause {
            cause: r.cause,
            state,
            next_states: state.next(),
            evidence: r.evidence,
            by: r.who,
            at: Time(r.at),
        })
    };
    let row = row.unwrap_or_default();
    Ok(Diagnosis {
        triage: triage::of(app, ticket_id).await?,
        candidates: causes.into_iter().map(candidate).collect::<Result<_, Problem>>()?,
        right_at_first: row.first_cause.as_ref().zip(final_cause.as_ref()).map(|(a, b)| a == b),
        phenomena: row.phenomena,
        noticed_at: row.noticed_at.map(Time),
        doing: row.doing,
        location: row.location,
        first_cause: row.first_cause,
        final_cause,
        version: row.version,
    })
}

/// Makes sure that there is a diagnosis to write into.
pub(super) async fn begin(tx: &mut Transaction<'_, Any>, ticket_id: &str) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO diagnoses (ticket_id, phenomena, doing, location, version) \
         SELECT id, '', '', '', 0 FROM tickets WHERE id = $1 ON CONFLICT DO NOTHING",
    )
    .bind(ticket_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

type Shown = ([(HeaderName, String); 1], Json<Diagnosis>);

/// What is known about a ticket's fault.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{id}/diagnosis",
    operation_id = "show_diagnosis",
    tag = "diagnosis",
    responses((status = 200, body = Diagnosis), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    let diagnosis = find(&app, &id).await?;
    Ok((etag(diagnosis.version), Json(diagnosis)))
}

/// What is changed about a diagnosis; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DiagnosisChange {
    phenomena: Option<String>,
    noticed_at: Option<Time>,
    doing: Option<String>,
    location: Option<String>,
    /// When the author's device says that it was written, if it was offline then.
    device_at: Option<Time>,
}

/// Writes down what was noticed, when, what was being done, and where the fault was located. Merged by
/// field, as an edit of a work order is.
#[utoipa::path(
    patch,
    path = "/api/v1/tickets/{id}/diagnosis",
    operation_id = "change_diagnosis",
    tag = "diagnosis",
    responses((status = 200, body = Diagnosis), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    IfMatch(seen): IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<DiagnosisChange>,
) -> Result<Shown, Problem> {
    for (name, text, most) in [
        ("phenomena", &wanted.phenomena, INSTRUCTIONS_CHARS),
        ("doing", &wanted.doing, TEXT_CHARS),
        ("location", &wanted.location, TEXT_CHARS),
    ] {
        if let Some(text) = text {
            check_text(name, text, most)?;
        }
    }
    let now = app.clock.now_us();
    let before = find(&app, &id).await?;
    let trimmed = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned());
    let fields = [
        Field::text("phenomena", &before.phenomena, wanted.phenomena.as_deref()),
        Field::text("doing", &before.doing, wanted.doing.as_deref()),
        Field::text("location", &before.location, wanted.location.as_deref()),
        Field::new(
            "noticed_at",
            before.noticed_at.map(|t| rfc3339(t.0)),
            wanted.noticed_at.map(|t| Some(rfc3339(t.0))),
        ),
    ];
    let fields: Vec<Field> = fields.into_iter().flatten().collect();
    let mut tx = app.begin().await?;
    begin(&mut tx, &id).await?;
    changes::merge(&mut tx, ("diagnosis", &id), (seen, before.version), &fields).await?;
    let written = sqlx::query(
        "UPDATE diagnoses SET phenomena = coalesce($3, phenomena), doing = coalesce($4, doing), \
         location = coalesce($5, location), noticed_at = coalesce($6, noticed_at), \
         version = version + 1 WHERE ticket_id = $1 AND version = $2",
    )
    .bind(&id)
    .bind(before.version)
    .bind(trimmed(&wanted.phenomena))
    .bind(trimmed(&wanted.doing))
    .bind(trimmed(&wanted.location))
    .bind(wanted.noticed_at.map(|t| t.0))
    .execute(&mut *tx)
    .await?;
    if written.rows_affected() == 0 {
        return Err(Problem::Stale { version: before.version + 1 });
    }
    let change = NewChange {
        kind: "diagnosis",
        id: &id,
        who: &who,
        why: "diagnosis",
        device_at: wanted.device_at.map(|t| t.0),
        version: Some(before.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(&mut tx, now, change, &fields).await?;
    tx.commit().await?;
    let diagnosis = find(&app, &id).await?;
    Ok((etag(diagnosis.version), Json(diagnosis)))
}
