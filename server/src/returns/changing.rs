//! What is known of a return changes: who has it, and how it comes.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::policy::ReturnPolicy;
use super::rma::{Return, Shown, announce, hold, shown};
use super::state::ReturnMethod;
use super::steps::{check_owner, give};
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::http::{By, IfMatch, Problem, check_length, check_text};
use crate::limits::{MESSAGE_CHARS, TEXT_CHARS};
use crate::policies;
use crate::time::{Time, rfc3339};

/// What is changed about a return; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReturnChange {
    /// Account of whoever has to take the next step.
    owner_id: Option<String>,
    method: Option<ReturnMethod>,
    place: Option<String>,
    note: Option<String>,
    /// When it was bought or delivered: the policy says anew until when it may come back.
    bought_at: Option<Time>,
    #[schema(min_length = 1)]
    why: String,
}

impl ReturnChange {
    fn check(&self) -> Result<(), Problem> {
        check_text("why", &self.why, TEXT_CHARS)?;
        check_length("place", self.place.as_deref().unwrap_or_default(), TEXT_CHARS)?;
        check_length("note", self.note.as_deref().unwrap_or_default(), MESSAGE_CHARS)
    }

    fn fields(&self, before: &Return) -> Vec<Field> {
        let time = |at: Time| rfc3339(at.0);
        let fields = [
            Field::new("owner_id", before.owner_id.as_deref(), self.owner_id.as_deref().map(Some)),
            Field::text("method", before.method.as_str(), self.method.map(ReturnMethod::as_str)),
            Field::text("place", &before.place, self.place.as_deref()),
            Field::text("note", &before.note, self.note.as_deref()),
            Field::new(
                "bought_at",
                before.bought_at.map(time),
                self.bought_at.map(|t| Some(time(t))),
            ),
        ];
        fields.into_iter().flatten().collect()
    }
}

/// Changes a return.
#[utoipa::path(
    patch,
    path = "/api/v1/returns/{id}",
    operation_id = "change_return",
    tag = "returns",
    responses((status = 200, body = Return), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<ReturnChange>,
) -> Result<Shown, Problem> {
    wanted.check()?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let before = hold(&mut tx, &id, now).await?;
    if_match.check(before.version)?;
    if before.state.next().is_empty() {
        return Err(Problem::Conflict(format!("the return is {}", before.state.as_str())));
    }
    let fields = wanted.fields(&before);
    if fields.is_empty() {
        return shown(&app, &id).await;
    }
    if let Some(owner) = &wanted.owner_id {
        check_owner(&mut tx, owner).await?;
        give(&mut tx, &before, owner).await?;
    }
    let (_, policy): (i64, ReturnPolicy) = policies::newest(&mut *tx).await?;
    let bought_at = wanted.bought_at.or(before.bought_at).map(|at| at.0);
    let allowed_until = match wanted.bought_at {
        Some(at) => Some(policy.allowed_until(before.kind, at.0)),
        None => before.allowed_until.map(|at| at.0),
    };
    sqlx::query(
        "UPDATE returns SET method = $2, place = $3, note = $4, bought_at = $5, allowed_until = $6, \
         version = version + 1 WHERE id = $1",
    )
    .bind(&id)
    .bind(wanted.method.unwrap_or(before.method).as_str())
    .bind(wanted.place.as_deref().unwrap_or(&before.place).trim())
    .bind(wanted.note.as_deref().unwrap_or(&before.note).trim())
    .bind(bought_at)
    .bind(allowed_until)
    .execute(&mut *tx)
    .await?;
    let change = NewChange {
        kind: "return",
        id: &id,
        who: &who,
        why: wanted.why.trim(),
        version: Some(before.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(&mut tx, now, change, &fields).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &id).await
}
