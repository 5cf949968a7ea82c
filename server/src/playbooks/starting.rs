//! A playbook is started: on a ticket, or as a drill.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::playbook::{self, Playbook};
use super::run::{PlaybookRun, announce, shown};
use super::state::{PlaybookRunState, PlaybookStepMark};
use super::telling::{self, Started};
use crate::access::{Reach, Subject};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::{new_id, to_json};
use crate::http::{By, Caller, Problem, check_text, taken};
use crate::limits::{INSTRUCTIONS_CHARS, PARTICIPANTS, TEXT_CHARS};
use crate::tickets;
use crate::time::Time;

const MINUTE_US: i64 = 60 * 1_000_000;

/// What a run is started with.
#[derive(Default)]
struct Start<'a> {
    ticket_id: Option<&'a str>,
    asset_id: Option<&'a str>,
    drill: bool,
    scenario: &'a str,
    /// What people are told that it is about.
    case: &'a str,
    recorded: (Option<i64>, Option<i64>),
    participants: &'a [String],
    who: &'a str,
    why: &'a str,
}

async fn start(
    tx: &mut Transaction<'_, Any>,
    (playbook_id, playbook): (&str, &Playbook),
    start: Start<'_>,
    now: i64,
) -> Result<String, Problem> {
    if playbook.retired {
        return Err(Problem::Conflict("this playbook is retired".into()));
    }
    let (id, participants) = (new_id(), to_json(start.participants)?);
    sqlx::query(
        "INSERT INTO playbook_runs (id, playbook_id, playbook_version, ticket_id, asset_id, drill, \
         scenario, recorded_from, recorded_to, state, findings, participants, started_at, started_by, \
         version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12, $13, 1)",
    )
    .bind(&id)
    .bind(playbook_id)
    .bind(playbook.version)
    .bind(start.ticket_id)
    .bind(start.asset_id)
    .bind(i64::from(start.drill))
    .bind(start.scenario)
    .bind(start.recorded.0)
    .bind(start.recorded.1)
    .bind(PlaybookRunState::Running.as_str())
    .bind(participants)
    .bind(now)
    .bind(start.who)
    .execute(&mut **tx)
    .await
    .map_err(|e| taken(e, || format!("{:?} is under way for this ticket", playbook.name)))?;
    for (position, step) in (0_i64..).zip(&playbook.content.steps) {
        sqlx::query(
            "INSERT INTO playbook_run_steps (id, run_id, position, text, role, team, due_at, mark, \
             note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')",
        )
        .bind(new_id())
        .bind(&id)
        .bind(position)
        .bind(step.text.trim())
        .bind(step.role.as_str())
        .bind(step.team.trim())
        .bind(now + step.minutes * MINUTE_US)
        .bind(PlaybookStepMark::Open.as_str())
        .execute(&mut **tx)
        .await?;
    }
    let change = NewChange {
        kind: "playbook_run",
        id: &id,
        who: start.who,
        field: "state",
        to: Some(PlaybookRunState::Running.as_str()),
        why: start.why,
        ..NewChange::default()
    };
    changes::record(tx, now, change).await?;
    let started = Started {
        id: &id,
        playbook: &playbook.name,
        case: start.case,
        drill: start.drill,
        asset_id: start.asset_id,
        by: start.who,
    };
    telling::tell(tx, started, now).await?;
    Ok(id)
}

/// A playbook that is to be started on a ticket.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPlaybookRun {
    playbook_id: String,
    why: String,
}

/// Starts a playbook on a ticket, in its newest version. It can run once at a time there.
#[utoipa::path(
    post,
    path = "/api/v1/tickets/{id}/playbook-runs",
    operation_id = "start_playbook",
    tag = "playbooks",
    responses((status = 201, body = PlaybookRun), Problem)
)]
pub(crate) async fn on_ticket(
    By(who): By,
    State(app): State<App>,
    Path(ticket_id): Path<String>,
    Json(new): Json<NewPlaybookRun>,
) -> Result<(StatusCode, Json<PlaybookRun>), Problem> {
    let why = new.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let ticket: Option<(String, String, i64, String)> = sqlx::query_as(
        "SELECT t.asset_id, t.state, t.number, a.name FROM tickets t \
         JOIN assets a ON a.id = t.asset_id WHERE t.id = $1",
    )
    .bind(&ticket_id)
    .fetch_optional(&mut *tx)
    .await?;
    let (asset_id, state, number, machine) = ticket.ok_or(Problem::NotFound("ticket"))?;
    if matches!(state.as_str(), "closed" | "cancelled") {
        return Err(Problem::Conflict(format!("the ticket is {state}")));
    }
    let playbook = playbook::find(&mut *tx, &new.playbook_id).await?;
    let case = format!("{}, {machine}", tickets::number(number));
    let with = Start {
        ticket_id: Some(&ticket_id),
        asset_id: Some(&asset_id),
        case: &case,
        who: &who,
        why,
        ..Start::default()
    };
    let id = start(&mut tx, (&new.playbook_id, &playbook), with, now).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// A drill that is to be started.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDrill {
    playbook_id: String,
    /// What is supposed to have happened.
    #[schema(min_length = 1)]
    scenario: String,
    /// The machine of a recorded fault; without it the fault is only told. Whoever sees only what was
    /// granted has to say it.
    asset_id: Option<String>,
    /// Where the readings of the recorded fault begin.
    recorded_from: Option<Time>,
    /// Where they end.
    recorded_to: Option<Time>,
    /// Names of who takes part; whoever marks a step does in any case.
    #[serde(default)]
    participants: Vec<String>,
}

impl NewDrill {
    fn check(&self, reach: &Reach) -> Result<(), Problem> {
        check_text("scenario", &self.scenario, INSTRUCTIONS_CHARS)?;
        check_participants(&self.participants)?;
        if self.asset_id.is_none() && *reach != Reach::Everything {
            return Err(Problem::Invalid("`asset_id` has to be given".into()));
        }
        match (self.recorded_from, self.recorded_to) {
            (None, None) => Ok(()),
            (Some(from), Some(to)) if from.0 < to.0 && self.asset_id.is_some() => Ok(()),
            _ => Err(Problem::Invalid(
                "a recorded fault has an `asset_id`, a `recorded_from`, and a `recorded_to` after it"
                    .into(),
            )),
        }
    }
}

/// Refuses what are no names.
pub(super) fn check_participants(names: &[String]) -> Result<(), Problem> {
    if names.len() > PARTICIPANTS {
        return Err(Problem::Invalid(format!("`participants` may have {PARTICIPANTS} names")));
    }
    names.iter().try_for_each(|name| check_text("participants", name, TEXT_CHARS))
}

/// Starts a drill of a playbook, on a fault that is told or that was recorded.
#[utoipa::path(
    post,
    path = "/api/v1/drills",
    operation_id = "start_drill",
    tag = "playbooks",
    responses((status = 201, body = PlaybookRun), Problem)
)]
pub(crate) async fn drill(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewDrill>,
) -> Result<(StatusCode, Json<PlaybookRun>), Problem> {
    new.check(&caller.reach)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    if let Some(asset_id) = &new.asset_id {
        caller.reach.check(&mut *tx, Subject::Asset, asset_id).await?;
        let known: Option<String> = sqlx::query_scalar("SELECT id FROM assets WHERE id = $1")
            .bind(asset_id)
            .fetch_optional(&mut *tx)
            .await?;
        known.ok_or(Problem::NotFound("asset"))?;
    }
    let playbook = playbook::find(&mut *tx, &new.playbook_id).await?;
    let with = Start {
        asset_id: new.asset_id.as_deref(),
        drill: true,
        scenario: new.scenario.trim(),
        case: new.scenario.trim(),
        recorded: (new.recorded_from.map(|at| at.0), new.recorded_to.map(|at| at.0)),
        participants: &new.participants,
        who: &caller.name,
        why: "a drill",
        ..Start::default()
    };
    let id = start(&mut tx, (&new.playbook_id, &playbook), with, now).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}
