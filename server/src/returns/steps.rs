//! The steps of a return: who has to take the next one, and until when.

use serde::Serialize;
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::ToSchema;

use super::policy::ReturnPolicy;
use super::rma::Return;
use super::state::ReturnState;
use crate::database::new_id;
use crate::http::Problem;
use crate::policies;
use crate::time::Time;

/// A state that a return is or was in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnStep {
    pub(super) state: ReturnState,
    /// Who has to take the next step.
    #[schema(required)]
    owner_id: Option<String>,
    #[schema(required)]
    owner_name: Option<String>,
    pub(super) at: Time,
    /// Until when.
    #[schema(required)]
    due_at: Option<Time>,
    #[schema(required)]
    left_at: Option<Time>,
}

#[derive(FromRow)]
struct Row {
    state: String,
    owner_id: Option<String>,
    owner_name: Option<String>,
    at: i64,
    due_at: Option<i64>,
    left_at: Option<i64>,
}

/// All steps of a return, the oldest first.
pub(super) async fn of<'e>(
    db: impl Executor<'e, Database = Any>,
    return_id: &str,
) -> Result<Vec<ReturnStep>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT s.state, s.owner_id, a.name AS owner_name, s.at, s.due_at, s.left_at \
         FROM return_steps s LEFT JOIN accounts a ON a.id = s.owner_id WHERE s.return_id = $1 \
         ORDER BY s.id",
    )
    .bind(return_id)
    .fetch_all(db)
    .await?;
    let step = |r: Row| {
        Ok(ReturnStep {
            state: ReturnState::parse(&r.state)?,
            owner_id: r.owner_id,
            owner_name: r.owner_name,
            at: Time(r.at),
            due_at: r.due_at.map(Time),
            left_at: r.left_at.map(Time),
        })
    };
    rows.into_iter().map(step).collect()
}

/// Leaves the step that a return is in, if any, and enters the next one, due by the policy that holds.
pub(super) async fn enter(
    tx: &mut Transaction<'_, Any>,
    (return_id, state, lane): (&str, ReturnState, bool),
    owner_id: Option<&str>,
    now: i64,
) -> Result<(), Problem> {
    let (_, policy): (i64, ReturnPolicy) = policies::newest(&mut **tx).await?;
    sqlx::query("UPDATE return_steps SET left_at = $2 WHERE return_id = $1 AND left_at IS NULL")
        .bind(return_id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "INSERT INTO return_steps (id, return_id, state, owner_id, due_at, at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new_id())
    .bind(return_id)
    .bind(state.as_str())
    .bind(owner_id)
    .bind(policy.due_at(state, lane, now))
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives the step that a return is in to somebody else.
pub(super) async fn give(
    tx: &mut Transaction<'_, Any>,
    rma: &Return,
    owner_id: &str,
) -> Result<(), Problem> {
    sqlx::query("UPDATE return_steps SET owner_id = $2 WHERE return_id = $1 AND left_at IS NULL")
        .bind(&rma.id)
        .bind(owner_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Refuses an owner who is no active account of ours.
pub(super) async fn check_owner(
    tx: &mut Transaction<'_, Any>,
    owner_id: &str,
) -> Result<(), Problem> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT id FROM accounts WHERE id = $1 AND state = 'active' AND role <> 'customer'",
    )
    .bind(owner_id)
    .fetch_optional(&mut **tx)
    .await?;
    found.map(|_| ()).ok_or(Problem::NotFound("account of ours"))
}
