//! A ticket becomes work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, FromRow, Transaction};
use utoipa::ToSchema;

use super::order::{WorkOrder, announce, shown};
use super::state::WorkOrderState;
use crate::access::Subject;
use crate::app::App;
use crate::changes;
use crate::database::{new_id, take_turn, to_json};
use crate::http::{Caller, Problem, check_text};
use crate::limits::{
    INSTRUCTIONS_CHARS, PLANNED_MINUTES, SKILLS, TEXT_CHARS, WORD_CHARS, WORK_ORDER_STEPS,
};
use crate::proposals;
use crate::time::Time;

/// A work order that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewWorkOrder {
    /// The ticket; not needed with a proposal.
    ticket_id: Option<String>,
    /// An approved proposal: ticket, title and steps are its own where they are not given.
    proposal_id: Option<String>,
    title: Option<String>,
    #[serde(default)]
    instructions: String,
    /// What the technician has to be able to do, such as `refrigeration`.
    #[serde(default)]
    skills: Vec<String>,
    /// Work beside the machine, without the way; two hours when nothing is said.
    planned_minutes: Option<i64>,
    earliest_at: Option<Time>,
    latest_at: Option<Time>,
    /// What is to be done, point by point.
    #[serde(default)]
    steps: Vec<String>,
    /// `true`: not to be planned yet.
    #[serde(default)]
    draft: bool,
}

/// Refuses what no work order can have.
pub(super) fn check(
    instructions: Option<&str>,
    skills: Option<&[String]>,
    planned_minutes: Option<i64>,
    (earliest, latest): (Option<Time>, Option<Time>),
) -> Result<(), Problem> {
    let invalid = |text: String| Err(Problem::Invalid(text));
    if instructions.is_some_and(|text| text.chars().count() > INSTRUCTIONS_CHARS) {
        return invalid(format!("`instructions` may have {INSTRUCTIONS_CHARS} characters"));
    }
    let skills = skills.unwrap_or_default();
    if skills.len() > SKILLS {
        return invalid(format!("`skills` may have {SKILLS} words"));
    }
    for skill in skills {
        check_text("skills", skill, WORD_CHARS)?;
    }
    if planned_minutes.is_some_and(|minutes| !(1..=PLANNED_MINUTES).contains(&minutes)) {
        return invalid(format!("`planned_minutes` has to be from 1 to {PLANNED_MINUTES}"));
    }
    if let (Some(Time(earliest)), Some(Time(latest))) = (earliest, latest)
        && earliest >= latest
    {
        return invalid("`earliest_at` has to be before `latest_at`".into());
    }
    Ok(())
}

/// Makes a work order for a ticket.
#[utoipa::path(
    post,
    path = "/api/v1/work-orders",
    operation_id = "make_work_order",
    tag = "work orders",
    responses((status = 201, body = WorkOrder), Problem)
)]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    Json(new): Json<NewWorkOrder>,
) -> Result<(StatusCode, super::order::Shown), Problem> {
    if let Some(proposal_id) = &new.proposal_id {
        caller.reach.check(&app.database, Subject::Proposal, proposal_id).await?;
    }
    if let Some(ticket_id) = &new.ticket_id {
        caller.reach.check(&app.database, Subject::Ticket, ticket_id).await?;
    }
    if let Some(title) = &new.title {
        check_text("title", title, TEXT_CHARS)?;
    }
    let times = (new.earliest_at, new.latest_at);
    check(Some(&new.instructions), Some(&new.skills), new.planned_minutes, times)?;
    if new.steps.len() > WORK_ORDER_STEPS {
        return Err(Problem::Invalid(format!("`steps` may have {WORK_ORDER_STEPS} lines")));
    }
    for step in &new.steps {
        check_text("steps", step, TEXT_CHARS)?;
    }
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let work = Work::of(&mut tx, &new).await?;
    let id = insert(&mut tx, &new, &work, &caller.name, now).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// What is to be done for which ticket: as it is given, or as an approved proposal says.
struct Work {
    ticket_id: String,
    title: String,
    steps: Vec<String>,
}

impl Work {
    async fn of(tx: &mut Transaction<'_, Any>, new: &NewWorkOrder) -> Result<Self, Problem> {
        let missing = |name: &str| Problem::Invalid(format!("`{name}` is missing"));
        let Some(proposal_id) = &new.proposal_id else {
            return Ok(Self {
                ticket_id: new.ticket_id.clone().ok_or_else(|| missing("ticket_id"))?,
                title: new.title.clone().ok_or_else(|| missing("title"))?,
                steps: new.steps.clone(),
            });
        };
        let (ticket_id, title, steps) = proposals::approved(tx, proposal_id).await?;
        if new.ticket_id.as_ref().is_some_and(|given| *given != ticket_id) {
            return Err(Problem::Invalid("the proposal is for another ticket".into()));
        }
        Ok(Self {
            ticket_id,
            title: new.title.clone().unwrap_or(title),
            steps: if new.steps.is_empty() { steps } else { new.steps.clone() },
        })
    }
}

#[derive(FromRow)]
struct Ticket {
    asset_id: String,
    priority: String,
    state: String,
}

async fn insert(
    tx: &mut Transaction<'_, Any>,
    new: &NewWorkOrder,
    work: &Work,
    who: &str,
    now: i64,
) -> Result<String, Problem> {
    take_turn(tx, "work order numbers").await?;
    let ticket: Option<Ticket> =
        sqlx::query_as("SELECT asset_id, priority, state FROM tickets WHERE id = $1")
            .bind(&work.ticket_id)
            .fetch_optional(&mut **tx)
            .await?;
    let ticket = ticket.ok_or(Problem::NotFound("ticket"))?;
    if ticket.state == "closed" || ticket.state == "cancelled" {
        return Err(Problem::Conflict(format!("the ticket is {}", ticket.state)));
    }
    let state = if new.draft { WorkOrderState::Draft } else { WorkOrderState::Unscheduled };
    let id = new_id();
    sqlx::query(
        "INSERT INTO work_orders (id, number, ticket_id, asset_id, state, title, instructions, \
         priority, skills, planned_minutes, earliest_at, latest_at, created_at, created_by, version, \
         proposal_id) SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         1, $14 FROM work_orders",
    )
    .bind(&id)
    .bind(&work.ticket_id)
    .bind(&ticket.asset_id)
    .bind(state.as_str())
    .bind(work.title.trim())
    .bind(new.instructions.trim())
    .bind(&ticket.priority)
    .bind(words(&new.skills)?)
    .bind(new.planned_minutes.unwrap_or(crate::limits::PLANNED_MINUTES_USUAL))
    .bind(new.earliest_at.map(|at| at.0))
    .bind(new.latest_at.map(|at| at.0))
    .bind(now)
    .bind(who)
    .bind(new.proposal_id.as_deref())
    .execute(&mut **tx)
    .await?;
    for (position, text) in (0_i64..).zip(&work.steps) {
        sqlx::query(
            "INSERT INTO work_order_steps (id, work_order_id, position, text) VALUES ($1, $2, $3, $4)",
        )
        .bind(new_id())
        .bind(&id)
        .bind(position)
        .bind(text.trim())
        .execute(&mut **tx)
        .await?;
    }
    changes::made(tx, now, ("work_order", &id, "state", state.as_str()), (who, "made")).await?;
    Ok(id)
}

/// Words as they are kept: trimmed, each once, in order.
pub(crate) fn words(words: &[String]) -> Result<String, Problem> {
    let words: std::collections::BTreeSet<&str> = words.iter().map(|word| word.trim()).collect();
    to_json(&words)
}
