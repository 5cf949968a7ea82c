//! The steps of a run are marked, and the run ends.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::run::{PlaybookRun, announce, hold, shown};
use super::starting::check_participants;
use super::state::{PlaybookRunState, PlaybookStepMark};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::to_json;
use crate::http::{By, Problem, check_length, check_text};
use crate::limits::{INSTRUCTIONS_CHARS, TEXT_CHARS};
use crate::time::Time;

/// What has become of a step.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPlaybookStepMark {
    mark: PlaybookStepMark,
    /// Needed where a step is skipped: why.
    #[serde(default)]
    note: String,
    /// When the author's device says that it was so, if it was offline then.
    device_at: Option<Time>,
}

/// Marks a step of a run, or takes the mark back. Marking it the same again changes nothing.
#[utoipa::path(
    put,
    path = "/api/v1/playbook-runs/{id}/steps/{step}",
    operation_id = "mark_playbook_step",
    tag = "playbooks",
    responses((status = 200, body = PlaybookRun), Problem)
)]
pub(crate) async fn mark(
    By(who): By,
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    Json(wanted): Json<NewPlaybookStepMark>,
) -> Result<Json<PlaybookRun>, Problem> {
    let note = wanted.note.trim();
    match wanted.mark {
        PlaybookStepMark::Skipped => check_text("note", note, TEXT_CHARS)?,
        _ => check_length("note", note, TEXT_CHARS)?,
    }
    let (now, device_at) = (app.clock.now_us(), wanted.device_at.map(|at| at.0));
    let mut tx = app.begin().await?;
    let run = hold(&mut tx, &id, now).await?;
    if run.state != PlaybookRunState::Running {
        return Err(Problem::Conflict("the run is over".into()));
    }
    let step_row: Option<(String, String)> =
        sqlx::query_as("SELECT text, mark FROM playbook_run_steps WHERE id = $1 AND run_id = $2")
            .bind(&step)
            .bind(&id)
            .fetch_optional(&mut *tx)
            .await?;
    let (text, from) = step_row.ok_or(Problem::NotFound("step"))?;
    let from = PlaybookStepMark::parse(&from)?;
    if from == wanted.mark {
        tx.commit().await?;
        return shown(&app, &id).await;
    }
    let to = from.step(wanted.mark)?;
    let marked = to != PlaybookStepMark::Open;
    sqlx::query(
        "UPDATE playbook_run_steps SET mark = $2, note = $3, marked_at = $4, marked_by = $5 \
         WHERE id = $1",
    )
    .bind(&step)
    .bind(to.as_str())
    .bind(note)
    .bind(marked.then(|| device_at.unwrap_or(now)))
    .bind(marked.then_some(who.as_str()))
    .execute(&mut *tx)
    .await?;
    let (field, from, to) = (format!("step: {text}"), from.as_str(), to.as_str());
    let change = NewChange {
        kind: "playbook_run",
        id: &id,
        who: &who,
        field: &field,
        from: Some(from),
        to: Some(to),
        why: note,
        device_at,
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &id).await
}

/// How a run ends.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PlaybookRunTransition {
    to: PlaybookRunState,
    why: String,
    /// What was learnt; a drill that is done needs it.
    #[serde(default)]
    findings: String,
    /// Names of who took part besides those who are known to have.
    #[serde(default)]
    participants: Vec<String>,
}

/// Ends a run. On a ticket it is done when every step is done or skipped; the steps that a drill leaves
/// open were missed.
#[utoipa::path(
    post,
    path = "/api/v1/playbook-runs/{id}/transition",
    operation_id = "end_playbook_run",
    tag = "playbooks",
    responses((status = 200, body = PlaybookRun), Problem)
)]
pub(crate) async fn transition(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<PlaybookRunTransition>,
) -> Result<Json<PlaybookRun>, Problem> {
    let (why, findings) = (wanted.why.trim(), wanted.findings.trim());
    check_text("why", why, TEXT_CHARS)?;
    check_length("findings", findings, INSTRUCTIONS_CHARS)?;
    check_participants(&wanted.participants)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let run = hold(&mut tx, &id, now).await?;
    let to = run.state.step(wanted.to)?;
    if to == PlaybookRunState::Done && run.drill {
        check_text("findings", findings, INSTRUCTIONS_CHARS)?;
    }
    if to == PlaybookRunState::Done && !run.drill && run.steps_in_all.open > 0 {
        return Err(Problem::Conflict(format!(
            "{} steps are open: do them, skip them with a note, or stop the run",
            run.steps_in_all.open
        )));
    }
    let participants = participants(&mut tx, &run, wanted.participants).await?;
    sqlx::query(
        "UPDATE playbook_runs SET state = $2, findings = $3, participants = $4, ended_at = $5 \
         WHERE id = $1",
    )
    .bind(&id)
    .bind(to.as_str())
    .bind(findings)
    .bind(participants)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    let change = NewChange {
        kind: "playbook_run",
        id: &id,
        who: &who,
        field: "state",
        from: Some(run.state.as_str()),
        to: Some(to.as_str()),
        why,
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &id).await
}

/// Those who were named, and whoever marked a step.
async fn participants(
    tx: &mut Transaction<'_, Any>,
    run: &PlaybookRun,
    more: Vec<String>,
) -> Result<String, Problem> {
    let marked: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT marked_by FROM playbook_run_steps WHERE run_id = $1 \
         AND marked_by IS NOT NULL",
    )
    .bind(&run.id)
    .fetch_all(&mut **tx)
    .await?;
    let named = run.participants.iter().chain(&more).map(|name| name.trim().to_owned());
    let all: BTreeSet<String> = named.chain(marked).collect();
    to_json(&all)
}
