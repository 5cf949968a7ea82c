//! Rules tried on the recorded past: "they would have opened 3 tickets, 2 of them true".

use std::time::Instant;

use axum::Json;
use axum::extract::{Path, State};
use detection::{Slot, Trial, Watch, WouldBe};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::FromRow;
use store::Range;
use utoipa::ToSchema;

use super::versions::check_names;
use super::{in_force, read};
use crate::alarms::{Class, Deviation, Priority, name_points};
use crate::app::App;
use crate::http::Problem;
use crate::limits::{TRIAL_FOR, TRIAL_LISTED, TRIAL_READINGS};
use crate::time::Time;
use crate::watch;

/// Rules to be tried.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTrial {
    /// Missing: the rules that hold now.
    #[schema(value_type = Option<Object>)]
    rules: Option<Value>,
    /// First moment of the recorded past. The machine is learnt from here on.
    from: Time,
    /// First moment after it.
    to: Time,
}

/// Whether a ticket that would have been opened was true, by what people did with the real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// It overlaps a ticket of the asset that was resolved or closed.
    True,
    /// It overlaps one that was cancelled, and none that was resolved or closed.
    False,
    /// Neither: nobody has said.
    Unknown,
}

/// A real ticket of the asset.
#[derive(Debug, Serialize, ToSchema)]
pub struct RealTicket {
    id: String,
    number: String,
    title: String,
    /// In measured time, from the first of its alarms to the end of the last.
    since: Time,
    until: Time,
}

/// A ticket that would have been opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct TriedTicket {
    signature: String,
    summary: String,
    class: Class,
    priority: Priority,
    /// When its condition began.
    since: Time,
    /// When it would have been opened.
    opened_at: Time,
    /// When the last of its conditions was over; null: they held at the end.
    #[schema(required)]
    over_at: Option<Time>,
    /// Tags of the alarms that would have joined it.
    alarms: Vec<String>,
    /// Points of the alarm that would have opened it.
    deviations: Vec<Deviation>,
    truth: Truth,
    /// The real ticket that says so.
    #[schema(required)]
    ticket: Option<RealTicket>,
}

/// A finding about a sensor, which opens no ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TriedSensor {
    tag: String,
    summary: String,
    since: Time,
    raised_at: Time,
}

/// What the rules would have done.
///
/// A ticket is opened by the first alarm of its signature and lasts until none of its alarms holds:
/// what comes after that counts as another one.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleTrial {
    from: Time,
    to: Time,
    /// How many readings were looked at.
    readings: u64,
    /// When the machine had been learnt; null: not within the range, so that only limits and sensors
    /// were judged.
    #[schema(required)]
    learned_at: Option<Time>,
    /// How many tickets would have been opened, and how many of them were true.
    opened: u64,
    opened_true: u64,
    opened_false: u64,
    opened_unknown: u64,
    /// The first 500 of them.
    tickets: Vec<TriedTicket>,
    /// How many findings about sensors there would have been, and the first 500 of them.
    sensor_alarms: u64,
    sensors: Vec<TriedSensor>,
    /// Real tickets that were resolved or closed and that no ticket of these rules overlaps.
    missed: Vec<RealTicket>,
}

/// Tries rules on the recorded past of an asset and changes nothing.
///
/// A field that is wrong is a 400 that names it, and so is a range that holds too many readings.
#[utoipa::path(
    post,
    path = "/api/v1/assets/{id}/rules/try",
    operation_id = "try_rules",
    tag = "rules",
    responses((status = 200, body = RuleTrial), Problem)
)]
pub(crate) async fn run(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewTrial>,
) -> Result<Json<RuleTrial>, Problem> {
    let now = in_force(&app, &id).await?;
    let range = Range { from_us: new.from.0, to_us: new.to.0 };
    if range.is_empty() {
        return Err(Problem::Invalid("`from` has to lie before `to`".into()));
    }
    let points = watch::points(&app, &id).await?;
    let rules = match new.rules {
        Some(json) => read(json)?,
        None => now.rules,
    };
    check_names(&rules, &points)?;
    let busy = || Problem::Conflict("another trial runs; this one can follow it".into());
    let _turn = app.trials.try_acquire().map_err(|_| busy())?;
    let (trial, readings) = replay(&app, &id, Watch::new(rules, points), range).await?;
    answer(&app, &id, range, &trial, readings).await.map(Json)
}

async fn replay(
    app: &App,
    asset_id: &str,
    mut watch: Watch,
    range: Range,
) -> Result<(Trial, u64), Problem> {
    let begun = Instant::now();
    let (mut trial, mut count) = (Trial::default(), 0);
    let mut portions = watch::Portions::of(app, asset_id, range).await;
    while let Some(readings) = portions.next(app).await? {
        count += readings.len() as u64;
        if count > TRIAL_READINGS || begun.elapsed() > TRIAL_FOR {
            return Err(Problem::Invalid(format!(
                "`from` to `to` holds more than a trial may look at ({TRIAL_READINGS} readings, \
                 {} s): choose a shorter range",
                TRIAL_FOR.as_secs()
            )));
        }
        let judge = move || {
            let mut reports = Vec::new();
            for (sample, slot) in readings {
                watch.observe(Slot(slot), sample.measured_at_us, sample.value, &mut reports);
            }
            reports.into_iter().for_each(|report| trial.take(report));
            (watch, trial)
        };
        let judged = tokio::task::spawn_blocking(judge).await;
        (watch, trial) = judged.map_err(|e| Problem::Internal(Box::new(e)))?;
    }
    Ok((trial, count))
}

#[derive(Debug, Clone, FromRow)]
struct Real {
    id: String,
    number: i64,
    title: String,
    state: String,
    since_at: i64,
    until_at: i64,
}

impl Real {
    fn overlaps(&self, from_us: i64, to_us: i64) -> bool {
        self.since_at <= to_us && from_us <= self.until_at
    }

    fn show(&self) -> RealTicket {
        RealTicket {
            id: self.id.clone(),
            number: format!("T-{}", self.number),
            title: self.title.clone(),
            since: Time(self.since_at),
            until: Time(self.until_at),
        }
    }
}

/// Tickets of the asset that people have decided on. An alarm that still held when its ticket was
/// closed counts until its newest occurrence.
async fn decided(app: &App, asset_id: &str) -> Result<Vec<Real>, Problem> {
    Ok(sqlx::query_as(
        "SELECT t.id, t.number, t.title, t.state, min(coalesce(l.since_at, t.since_at)) \
         AS since_at, max(coalesce(l.cleared_at, l.last_raised_at, t.closed_at, t.since_at)) \
         AS until_at FROM tickets t LEFT JOIN alarms l ON l.ticket_id = t.id \
         WHERE t.asset_id = $1 AND t.state IN ('resolved', 'closed', 'cancelled') \
         GROUP BY t.id, t.number, t.title, t.state ORDER BY t.number",
    )
    .bind(asset_id)
    .fetch_all(&app.database)
    .await?)
}

fn truth<'a>(real: &'a [Real], ticket: &WouldBe) -> (Truth, Option<&'a Real>) {
    let over_us = ticket.over_us.unwrap_or(i64::MAX);
    let mut met = real.iter().filter(|real| real.overlaps(ticket.opened_by.since_us, over_us));
    let first = met.clone().next();
    match met.find(|real| real.state != "cancelled") {
        Some(real) => (Truth::True, Some(real)),
        None if first.is_some() => (Truth::False, first),
        None => (Truth::Unknown, None),
    }
}

async fn answer(
    app: &App,
    asset_id: &str,
    range: Range,
    trial: &Trial,
    readings: u64,
) -> Result<RuleTrial, Problem> {
    let real = decided(app, asset_id).await?;
    let judged: Vec<_> = trial.tickets().iter().map(|t| (t, truth(&real, t))).collect();
    let count = |wanted: Truth| judged.iter().filter(|(_, (is, _))| *is == wanted).count() as u64;
    let (opened_true, opened_false) = (count(Truth::True), count(Truth::False));
    let mut tickets = Vec::new();
    for (ticket, (truth, met)) in judged.iter().take(TRIAL_LISTED) {
        let by = &ticket.opened_by;
        tickets.push(TriedTicket {
            signature: ticket.signature.to_owned(),
            summary: by.summary.clone(),
            class: by.class.into(),
            priority: by.priority.into(),
            since: Time(by.since_us),
            opened_at: Time(by.at_us),
            over_at: ticket.over_us.map(Time),
            alarms: ticket.keys.clone(),
            deviations: name_points(app, asset_id, &by.evidence).await?,
            truth: *truth,
            ticket: met.map(Real::show),
        });
    }
    let missed = real.iter().filter(|real| {
        real.state != "cancelled"
            && real.overlaps(range.from_us, range.to_us)
            && !trial.tickets().iter().any(|ticket| {
                real.overlaps(ticket.opened_by.since_us, ticket.over_us.unwrap_or(i64::MAX))
            })
    });
    Ok(RuleTrial {
        from: Time(range.from_us),
        to: Time(range.to_us),
        readings,
        learned_at: trial.learned_us().map(Time),
        opened: judged.len() as u64,
        opened_true,
        opened_false,
        opened_unknown: count(Truth::Unknown),
        tickets,
        sensor_alarms: trial.sensors().len() as u64,
        sensors: trial
            .sensors()
            .iter()
            .take(TRIAL_LISTED)
            .map(|condition| TriedSensor {
                tag: condition.key.clone(),
                summary: condition.summary.clone(),
                since: Time(condition.since_us),
                raised_at: Time(condition.at_us),
            })
            .collect(),
        missed: missed.map(Real::show).collect(),
    })
}
