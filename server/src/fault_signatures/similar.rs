//! What the past says of a ticket, and how often it was right.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::hits::Hits;
use super::memory::{self, PastRow};
use super::nearest::{Near, Pattern, nearest};
use crate::app::App;
use crate::database::from_json;
use crate::http::{Page, Problem};
use crate::limits::{LIST_ROWS, NEAREST_CASES};
use crate::tickets;
use crate::time::Time;

/// A closed ticket that was like this one.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastCase {
    ticket_id: String,
    number: String,
    asset_id: String,
    asset_name: String,
    /// Whether its machine is of the same model; those come first.
    same_model: bool,
    /// From 0, the same pattern, to 0.25, the farthest that counts as near.
    distance: f64,
    cause: String,
    /// The cause in words.
    note: String,
    /// What mended it.
    remedy: String,
    /// Part numbers that mended it.
    parts: Vec<String>,
    closed_at: Time,
}

/// A cause, and how far to believe it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LikelyCause {
    cause: String,
    /// Near cases with this cause.
    cases: usize,
    /// Of the tickets of such machines for which this cause was named first when they were opened.
    how_often_right: Hits,
}

/// What was said when the ticket was opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaidThen {
    cause: String,
    case_id: String,
    distance: f64,
    at: Time,
}

/// What the past says of a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Similar {
    ticket_id: String,
    /// By quantity and position: robust standard deviations with their sign, at most 8.
    #[schema(value_type = BTreeMap<String, f64>)]
    pattern: BTreeMap<String, f64>,
    /// What found it: `deviation`, `limit`, …
    levels: Vec<String>,
    /// Why nothing is said; null when there are cases.
    #[schema(required)]
    silent_because: Option<String>,
    /// In the order of the cases.
    causes: Vec<LikelyCause>,
    /// Those of the same model first, then the nearest; at most ten.
    cases: Vec<PastCase>,
    /// Null: nothing was said then.
    #[schema(required)]
    said_when_opened: Option<SaidThen>,
}

/// Past tickets that deviated in the same way, with what was found, and how often that was right.
///
/// It says nothing, and why, when nothing near is known (docs/fault-signatures.md).
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{id}/similar",
    operation_id = "show_similar_tickets",
    tag = "tickets",
    responses((status = 200, body = Similar), Problem)
)]
pub(crate) async fn similar(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Similar>, Problem> {
    let mut tx = app.database.begin().await?;
    let shown = memory::shown(&mut tx, &id).await?.ok_or(Problem::NotFound("ticket"))?;
    let cases = memory::cases(&mut tx, &shown.kind, &id).await?;
    let hits = hits(&mut tx, &shown.kind).await?;
    let said_when_opened = said_then(&mut tx, &id).await?;
    tx.commit().await?;
    let (near, silence) = match nearest(&shown.pattern, shown.model.as_deref(), &cases) {
        Ok(near) => (near, None),
        Err(silence) => (Vec::new(), Some(silence.to_string())),
    };
    let Pattern { levels, scores } = shown.pattern;
    Ok(Json(Similar {
        ticket_id: id,
        pattern: scores,
        levels: levels.into_iter().collect(),
        silent_because: silence,
        causes: likely(&near, &hits),
        cases: near.iter().take(NEAREST_CASES).map(past_case).collect::<Result<_, _>>()?,
        said_when_opened,
    }))
}

fn past_case(near: &Near<'_, PastRow>) -> Result<PastCase, Problem> {
    let of = &near.case.of;
    Ok(PastCase {
        ticket_id: of.ticket_id.clone(),
        number: tickets::number(of.number),
        asset_id: of.asset_id.clone(),
        asset_name: of.asset_name.clone(),
        same_model: near.same_model,
        distance: near.distance,
        cause: of.cause.clone(),
        note: of.note.clone(),
        remedy: of.remedy.clone(),
        parts: from_json(&of.parts)?,
        closed_at: Time(of.closed_at),
    })
}

/// The causes of the near cases, each once, in the order of its first case.
fn likely(near: &[Near<'_, PastRow>], hits: &BTreeMap<String, Hits>) -> Vec<LikelyCause> {
    let mut causes: Vec<LikelyCause> = Vec::new();
    for n in near {
        let cause = &n.case.of.cause;
        match causes.iter_mut().find(|c| c.cause == *cause) {
            Some(known) => known.cases += 1,
            None => causes.push(LikelyCause {
                cause: cause.clone(),
                cases: 1,
                how_often_right: hits.get(cause).copied().unwrap_or(Hits::new(0, 0)),
            }),
        }
    }
    causes
}

/// Of every cause that was named at an opening: how often it was what was found in the end.
async fn hits(
    tx: &mut Transaction<'_, Any>,
    kind: &str,
) -> Result<BTreeMap<String, Hits>, sqlx::Error> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT r.cause, CAST(sum(CASE WHEN f.cause = r.cause THEN 1 ELSE 0 END) AS BIGINT), \
         count(*) FROM fault_predictions r JOIN tickets t ON t.id = r.ticket_id \
         JOIN ticket_findings f ON f.id = (SELECT max(n.id) FROM ticket_findings n \
         WHERE n.ticket_id = t.id) WHERE r.kind = $1 AND t.state = 'closed' GROUP BY r.cause",
    )
    .bind(kind)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(cause, right, of)| (cause, Hits::new(right, of))).collect())
}

async fn said_then(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
) -> Result<Option<SaidThen>, sqlx::Error> {
    let row: Option<(String, String, f64, i64)> = sqlx::query_as(
        "SELECT cause, case_id, distance, at FROM fault_predictions WHERE ticket_id = $1",
    )
    .bind(ticket_id)
    .fetch_optional(&mut **tx)
    .await?;
    let said = |(cause, case_id, distance, at)| SaidThen { cause, case_id, distance, at: Time(at) };
    Ok(row.map(said))
}

/// Query of the causes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CausesQuery {
    cursor: Option<String>,
}

/// A cause that was found before.
#[derive(Debug, Serialize, ToSchema)]
pub struct KnownCause {
    cause: String,
    /// Tickets whose newest finding it is.
    tickets: i64,
}

/// Causes that were found before, by code: so that the same cause gets the same code.
#[utoipa::path(
    get,
    path = "/api/v1/fault-causes",
    operation_id = "list_fault_causes",
    tag = "tickets",
    params(CausesQuery),
    responses((status = 200, body = Page<KnownCause>), Problem)
)]
pub(crate) async fn causes(
    State(app): State<App>,
    Query(query): Query<CausesQuery>,
) -> Result<Json<Page<KnownCause>>, Problem> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT f.cause, count(*) FROM ticket_findings f WHERE f.cause > $1 \
         AND f.superseded IS NULL GROUP BY f.cause ORDER BY f.cause LIMIT $2",
    )
    .bind(query.cursor.unwrap_or_default())
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let items = rows.into_iter().map(|(cause, tickets)| KnownCause { cause, tickets }).collect();
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |c| c.cause.clone())))
}
