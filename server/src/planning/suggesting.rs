//! What is known about a work order and everybody who could go, put together for the scoring.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use super::policy::PlanningPolicy;
use super::scoring::{Booked, Choice, Place, Technician, Work, choose, horizon, without};
use crate::alarms::Priority;
use crate::app::App;
use crate::http::Problem;
use crate::limits::SUGGESTIONS;
use crate::time::{Time, rfc3339};
use crate::{policies, stock, technicians, work_orders};

/// A technician and a time, with reasons.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggested {
    pub(super) technician_id: String,
    technician_name: String,
    pub(super) starts_at: Time,
    pub(super) ends_at: Time,
    /// In minutes, by the weights of the policy; less is better.
    weight: f64,
    pub(super) reasons: Vec<String>,
    /// Visits of less urgent work that would have to make room.
    pub(super) displaces: Vec<String>,
}

impl Suggested {
    /// As a dispatcher reads it.
    pub(super) fn in_words(&self) -> String {
        let (who, from) = (&self.technician_name, rfc3339(self.starts_at.0));
        format!("{who} could go at {from}: {}", self.reasons.join("; "))
    }
}

impl From<Choice> for Suggested {
    fn from(c: Choice) -> Self {
        Self {
            technician_id: c.technician_id,
            technician_name: c.technician_name,
            starts_at: Time(c.starts_at),
            ends_at: Time(c.ends_at),
            weight: (c.weight * 10.0).round() / 10.0,
            reasons: c.reasons,
            displaces: c.displaces,
        }
    }
}

/// Somebody who cannot go, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refusal {
    technician_name: String,
    why: String,
}

/// Who could go and when, the best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// Version of the planning policy that weighed.
    pub(super) policy_version: i64,
    pub(super) suggestions: Vec<Suggested>,
    pub(super) refused: Vec<Refusal>,
}

impl Suggestions {
    /// Why nobody can go, in words.
    pub(super) fn nobody(&self) -> String {
        let each = self.refused.iter().map(|r| format!("{} {}", r.technician_name, r.why));
        let each: Vec<_> = each.collect();
        match each.is_empty() {
            true => "there are no technicians: make some first".to_owned(),
            false => format!("nobody can go: {}", each.join("; ")),
        }
    }
}

/// Who could go to a work order and when, with reasons, and why the others cannot.
#[utoipa::path(
    get,
    path = "/api/v1/work-orders/{id}/suggestions",
    operation_id = "suggest_visits",
    tag = "visits",
    responses((status = 200, body = Suggestions), Problem)
)]
pub(crate) async fn suggest(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Suggestions>, Problem> {
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    Ok(Json(suggestions(&mut tx, &id, now).await?))
}

/// The same, inside a transaction.
pub(super) async fn suggestions(
    tx: &mut Transaction<'_, Any>,
    order_id: &str,
    now: i64,
) -> Result<Suggestions, Problem> {
    let (policy_version, policy) = policies::newest(&mut **tx).await?;
    let work = work(tx, order_id, now).await?;
    let technicians = who_could(tx, &policy, now).await?;
    let missing = stock::missing(tx, order_id).await?;
    let (choices, refused) = match missing.is_empty() {
        true => choose(&work, &technicians, &policy, now),
        false => {
            let why = format!("cannot begin, parts are missing: {}", missing.join(", "));
            (Vec::new(), technicians.into_iter().map(|t| (t.name, why.clone())).collect())
        }
    };
    let refusal = |(technician_name, why)| Refusal { technician_name, why };
    Ok(Suggestions {
        policy_version,
        suggestions: choices.into_iter().take(SUGGESTIONS).map(Suggested::from).collect(),
        refused: refused.into_iter().map(refusal).collect(),
    })
}

#[derive(FromRow)]
struct SiteRow {
    area: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

async fn work(tx: &mut Transaction<'_, Any>, order_id: &str, now: i64) -> Result<Work, Problem> {
    let order = work_orders::find(&mut **tx, order_id).await?;
    let site: SiteRow = sqlx::query_as(
        "SELECT s.area, s.latitude, s.longitude FROM assets a LEFT JOIN sites s ON s.id = a.site_id \
         WHERE a.id = $1",
    )
    .bind(&order.asset_id)
    .fetch_one(&mut **tx)
    .await?;
    Ok(Work {
        area: site.area.unwrap_or_default(),
        place: place(site.latitude, site.longitude),
        minutes: order.planned_minutes,
        priority: order.priority,
        earliest_at: order.earliest_at.map_or(now, |at| at.0),
        latest_at: order.latest_at.map(|at| at.0),
        skills: order.skills,
    })
}

fn place(latitude: Option<f64>, longitude: Option<f64>) -> Option<Place> {
    latitude.zip(longitude).map(|(latitude, longitude)| Place { latitude, longitude })
}

#[derive(FromRow)]
struct BookedRow {
    technician_id: String,
    id: String,
    number: i64,
    starts_at: i64,
    ends_at: i64,
    state: String,
    priority: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

async fn who_could(
    tx: &mut Transaction<'_, Any>,
    policy: &PlanningPolicy,
    now: i64,
) -> Result<Vec<Technician>, Problem> {
    let until = horizon(policy, now);
    let absences: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT account_id, from_at, to_at FROM absences WHERE to_at > $1 AND from_at < $2",
    )
    .bind(now)
    .bind(until)
    .fetch_all(&mut **tx)
    .await?;
    let booked: Vec<BookedRow> = sqlx::query_as(
        "SELECT v.technician_id, v.id, w.number, v.starts_at, v.ends_at, v.state, w.priority, \
         s.latitude, s.longitude FROM visits v JOIN work_orders w ON w.id = v.work_order_id \
         JOIN assets a ON a.id = w.asset_id LEFT JOIN sites s ON s.id = a.site_id \
         WHERE v.ends_at > $1 AND v.starts_at < $2 AND v.state NOT IN ('done', 'missed', 'cancelled') \
         ORDER BY v.starts_at",
    )
    .bind(now)
    .bind(until)
    .fetch_all(&mut **tx)
    .await?;
    let mut technicians = Vec::new();
    for known in technicians::active(tx).await? {
        let away: Vec<_> =
            absences.iter().filter(|a| a.0 == known.account_id).map(|a| (a.1, a.2)).collect();
        let open: Vec<_> = joined(known.hours.open(now..until));
        let theirs = booked.iter().filter(|b| b.technician_id == known.account_id);
        technicians.push(Technician {
            booked: theirs.map(booked_as).collect::<Result<_, _>>()?,
            open: without(&open, &away),
            home: place(known.latitude, known.longitude),
            id: known.account_id,
            name: known.name,
            skills: known.skills,
            areas: known.areas,
        });
    }
    Ok(technicians)
}

/// Joins pieces that touch.
fn joined(pieces: impl Iterator<Item = std::ops::Range<i64>>) -> Vec<(i64, i64)> {
    let mut open: Vec<(i64, i64)> = Vec::new();
    for piece in pieces {
        match open.last_mut() {
            Some((_, until)) if *until == piece.start => *until = piece.end,
            _ => open.push((piece.start, piece.end)),
        }
    }
    open
}

fn booked_as(row: &BookedRow) -> Result<Booked, Problem> {
    let priority = Priority::parse(&row.priority)?;
    Ok(Booked {
        visit_id: row.id.clone(),
        number: format!("W-{}", row.number),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        place: place(row.latitude, row.longitude),
        movable_below: (row.state == "planned").then_some(priority),
    })
}
