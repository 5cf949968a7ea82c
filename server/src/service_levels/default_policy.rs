//! Which policy holds where nothing else was chosen.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::named::Named as _;
use super::policy::SlaPolicy;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{By, Problem, check_text};
use crate::limits::TEXT_CHARS;

/// The policy that holds where nothing else was chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct DefaultPolicy {
    name: String,
}

/// Why another policy is to be the default one.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DefaultChoice {
    why: String,
}

/// Makes a policy the default one, for promises that are made from now on.
#[utoipa::path(
    post,
    path = "/api/v1/sla-policies/{name}/default",
    operation_id = "choose_default_sla_policy",
    tag = "service levels",
    responses((status = 200, body = DefaultPolicy), Problem)
)]
pub(crate) async fn choose(
    By(who): By,
    State(app): State<App>,
    Path(name): Path<String>,
    Json(choice): Json<DefaultChoice>,
) -> Result<Json<DefaultPolicy>, Problem> {
    let why = choice.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let mut tx = app.begin().await?;
    let before: Option<String> = sqlx::query_scalar(
        "UPDATE sla_policies SET is_default = NULL WHERE is_default = 1 RETURNING name",
    )
    .fetch_optional(&mut *tx)
    .await?;
    let chosen = sqlx::query("UPDATE sla_policies SET is_default = 1 WHERE name = $1")
        .bind(&name)
        .execute(&mut *tx)
        .await?;
    if chosen.rows_affected() == 0 {
        return Err(Problem::NotFound(SlaPolicy::SUBJECT));
    }
    let change = NewChange {
        kind: "sla_policy",
        id: "default",
        who: &who,
        field: "name",
        from: before.as_deref(),
        to: Some(&name),
        why,
        ..NewChange::default()
    };
    changes::record(&mut tx, app.clock.now_us(), change).await?;
    tx.commit().await?;
    Ok(Json(DefaultPolicy { name }))
}
