//! How a session moves from state to state, and what follows: alarms that the work causes are
//! shelved while it runs, and the ticket is resolved when the repair is verified.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::acceptance;
use super::gate;
use super::session::{self, RepairSession, Step};
use super::state::SessionState;
use super::{text, to_json};
use crate::alarms::{self, Suspend, SuspensionKind};
use crate::app::App;
use crate::http::{By, Problem};
use crate::limits::{DEVICE_CLOCK_ERROR_US, SESSION_LONGEST_US};
use crate::time::Time;
use crate::{tickets, visits};

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SessionTransition {
    to: SessionState,
    why: String,
    /// When it happened, where that was not now: at most now, and not before the last step. A device's
    /// clock may be wrong by five minutes.
    at: Option<Time>,
}

/// A transition that is allowed by its state.
struct Move<'a> {
    session: &'a RepairSession,
    to: SessionState,
    who: &'a str,
    why: &'a str,
    /// When it happened.
    at: i64,
    now: i64,
}

/// Moves a repair session to its next state.
///
/// A step that is not allowed is a 409 whose `next_states` are those that are; `verified` needs an
/// open leave-site gate, otherwise it is a 409 whose `missing` says what to do first.
#[utoipa::path(
    post,
    path = "/api/v1/repair-sessions/{id}/transition",
    operation_id = "move_repair_session",
    tag = "repair sessions",
    responses((status = 200, body = RepairSession), Problem)
)]
pub(crate) async fn transition(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<SessionTransition>,
) -> Result<Json<RepairSession>, Problem> {
    let why = text("why", &wanted.why)?;
    let session = session::find(&app, &id).await?;
    let to = session.state.step(wanted.to)?;
    let now = app.clock.now_us();
    let at = took_effect(&app, &session, wanted.at, now).await?;
    let step = Move { session: &session, to, who: &who, why, at, now };
    match to {
        SessionState::Running => step.start_work(&app).await?,
        SessionState::AcceptanceTest => step.begin_test(&app).await?,
        SessionState::Verified | SessionState::Rejected => step.decide(&app).await?,
        SessionState::Draft | SessionState::Abandoned => step.only(&app).await?,
    }
    session::announce(&app, &id).await?;
    if let Some(visit) = &session.visit_id {
        visits::announce_work(&app, visit).await?;
    }
    Ok(Json(session::find(&app, &id).await?))
}

/// Sessions can be written down afterwards, but not in another order than they happened.
async fn took_effect(
    app: &App,
    session: &RepairSession,
    at: Option<Time>,
    now: i64,
) -> Result<i64, Problem> {
    let Some(Time(at)) = at else { return Ok(now) };
    // A draft may be written down when the work is under way already.
    let last: Option<i64> = sqlx::query_scalar(
        "SELECT max(at) FROM repair_session_steps WHERE session_id = $1 AND to_state <> 'draft'",
    )
    .bind(&session.id)
    .fetch_one(&app.database)
    .await?;
    let possible = at.clamp(last.unwrap_or(i64::MIN).min(now), now);
    if (possible - at).abs() > DEVICE_CLOCK_ERROR_US {
        return Err(Problem::Invalid(
            "`at` has to lie between the last step of the session and now".into(),
        ));
    }
    Ok(possible)
}

impl Move<'_> {
    fn step(&self) -> Step<'_> {
        Step {
            at: self.at,
            from: Some(self.session.state),
            to: self.to,
            who: self.who,
            why: self.why,
            ..Step::EMPTY
        }
    }

    /// Changes the state, when nobody else has changed it meanwhile.
    async fn change(&self, tx: &mut sqlx::Transaction<'_, sqlx::Any>) -> Result<(), Problem> {
        let changed = sqlx::query(
            "UPDATE repair_sessions SET state = $2, phase = phase + $4 \
             WHERE id = $1 AND state = $3 AND phase = $5",
        )
        .bind(&self.session.id)
        .bind(self.to.as_str())
        .bind(self.session.state.as_str())
        .bind(i64::from(self.to.begins_phase()))
        .bind(self.session.phase)
        .execute(&mut **tx)
        .await
        .map_err(one_under_way)?;
        match changed.rows_affected() {
            0 => Err(Problem::Conflict("somebody else has just moved this session".into())),
            _ => Ok(()),
        }
    }

    async fn only(&self, app: &App) -> Result<(), Problem> {
        let mut tx = app.database.begin().await?;
        self.change(&mut tx).await?;
        session::record(&mut tx, &self.session.id, self.now, self.step()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Work begins: what it causes is shelved until its planned end, safety alarms are not.
    async fn start_work(&self, app: &App) -> Result<(), Problem> {
        let until = self.at.saturating_add(self.session.planned_us);
        let mut tx = app.database.begin().await?;
        alarms::hold(&mut tx, &self.session.asset_id).await?;
        self.change(&mut tx).await?;
        let suspend = shelve(self.session, (self.at, until), self.who, self.why, self.now);
        let suspension_id = alarms::suspend(&mut tx, &suspend).await?;
        sqlx::query(
            "UPDATE repair_sessions SET planned_end_at = $2, acceptance_version_id = NULL \
             WHERE id = $1",
        )
        .bind(&self.session.id)
        .bind(until)
        .execute(&mut *tx)
        .await?;
        let step =
            Step { planned_end: Some(until), suspension_id: Some(&suspension_id), ..self.step() };
        session::record(&mut tx, &self.session.id, self.now, step).await?;
        if let Some(visit) = &self.session.visit_id {
            visits::begin_work(&mut tx, visit, self.now, self.who).await?;
        }
        tx.commit().await?;
        alarms::suspended(app, &suspension_id).await
    }

    /// Work ends: alarms count again, and the machine has to show what its test asks for. The
    /// test is held to the version that it begins with.
    async fn begin_test(&self, app: &App) -> Result<(), Problem> {
        let test = acceptance::applying_to(app, &self.session.asset_id, None).await?;
        // First: when this is cut short, the session still runs and the step can be repeated.
        self.resume_alarms(app).await?;
        let mut tx = app.database.begin().await?;
        self.change(&mut tx).await?;
        sqlx::query("UPDATE repair_sessions SET acceptance_version_id = $2 WHERE id = $1")
            .bind(&self.session.id)
            .bind(test.map(|t| t.version_id))
            .execute(&mut *tx)
            .await?;
        session::record(&mut tx, &self.session.id, self.now, self.step()).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn resume_alarms(&self, app: &App) -> Result<(), Problem> {
        if let Some(id) = suspensions(app, &self.session.id).await?.last() {
            alarms::resume(app, id, self.at, self.who, self.why).await?;
        }
        Ok(())
    }

    /// The test ends: how every check stood is kept. Verified needs an open gate.
    async fn decide(&self, app: &App) -> Result<(), Problem> {
        let (gate, standing) = gate::of(app, self.session).await?;
        if self.to == SessionState::Verified {
            gate::pass(&gate)?;
        }
        let standing = to_json(&standing)?;
        let mut tx = app.database.begin().await?;
        self.change(&mut tx).await?;
        let step = Step { acceptance: Some(&standing), ..self.step() };
        session::record(&mut tx, &self.session.id, self.now, step).await?;
        let resolved = match (&self.session.ticket_id, self.to) {
            (Some(ticket), SessionState::Verified) => {
                let why = "repair session verified";
                tickets::resolve(&mut tx, ticket, self.now, self.who, why).await?.then_some(ticket)
            }
            _ => None,
        };
        if let (Some(visit), SessionState::Verified) = (&self.session.visit_id, self.to) {
            visits::end_work(&mut tx, visit, self.now, self.who).await?;
        }
        tx.commit().await?;
        match resolved {
            Some(ticket) => tickets::announce(app, ticket).await,
            None => Ok(()),
        }
    }
}

fn one_under_way(error: sqlx::Error) -> Problem {
    match error.as_database_error() {
        Some(e) if e.is_unique_violation() => {
            Problem::Conflict("another repair session of this asset is under way".into())
        }
        _ => error.into(),
    }
}

/// What work shelves, by rule: every alarm of the machine but those that keep people safe.
fn shelve<'a>(
    session: &'a RepairSession,
    (from_at, until): (i64, i64),
    who: &'a str,
    reason: &'a str,
    now: i64,
) -> Suspend<'a> {
    Suspend {
        asset_id: &session.asset_id,
        tag: None,
        kind: SuspensionKind::RepairSession,
        keep_safety: true,
        from_at,
        until_at: Some(until),
        reason,
        who,
        now,
    }
}

/// What shelved alarms of a session, in order of time; an extended one is named again.
pub(super) async fn suspensions(app: &App, session_id: &str) -> Result<Vec<String>, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT suspension_id FROM repair_session_steps WHERE session_id = $1 \
         AND suspension_id IS NOT NULL ORDER BY id",
    )
    .bind(session_id)
    .fetch_all(&app.database)
    .await?)
}

/// Body of an extension.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Extension {
    /// The new planned end: later than the old one, and at most a day from now.
    until: Time,
    why: String,
}

/// Extends a running session, with a reason: alarms that the work causes are shelved for longer.
#[utoipa::path(
    post,
    path = "/api/v1/repair-sessions/{id}/extension",
    operation_id = "extend_repair_session",
    tag = "repair sessions",
    responses((status = 200, body = RepairSession), Problem)
)]
pub(crate) async fn extend(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<Extension>,
) -> Result<Json<RepairSession>, Problem> {
    let why = text("why", &wanted.why)?;
    let session = session::find(&app, &id).await?;
    let now = app.clock.now_us();
    if session.state != SessionState::Running {
        return Err(Problem::Conflict("only a running session can be extended".into()));
    }
    let until = wanted.until.0;
    if session.planned_end.is_none_or(|Time(end)| until <= end) || until <= now {
        return Err(Problem::Invalid("`until` has to lie after the planned end and now".into()));
    }
    if until > now.saturating_add(SESSION_LONGEST_US) {
        return Err(Problem::Invalid("`until` may be at most a day from now".into()));
    }
    let last = suspensions(&app, &id).await?.pop();
    let mut tx = app.database.begin().await?;
    let suspend = shelve(&session, (now, until), &who, why, now);
    let suspension_id = alarms::prolong(&mut tx, last.as_deref(), &suspend).await?;
    let extended = sqlx::query(
        "UPDATE repair_sessions SET planned_end_at = $2 WHERE id = $1 AND state = 'running'",
    )
    .bind(&id)
    .bind(until)
    .execute(&mut *tx)
    .await?;
    if extended.rows_affected() == 0 {
        return Err(Problem::Conflict("somebody else has just moved this session".into()));
    }
    let step = Step {
        at: now,
        from: Some(SessionState::Running),
        to: SessionState::Running,
        who: &who,
        why,
        planned_end: Some(until),
        suspension_id: Some(&suspension_id),
        ..Step::EMPTY
    };
    session::record(&mut tx, &id, now, step).await?;
    tx.commit().await?;
    alarms::suspended(&app, &suspension_id).await?;
    session::announce(&app, &id).await?;
    Ok(Json(session::find(&app, &id).await?))
}
