//! What people say in an acceptance test: confirmations and exceptions.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::checks::Ask;
use super::standing::{self, Standing};
use super::test;
use crate::app::App;
use crate::http::{By, Problem};
use crate::repair_sessions::content::Act;
use crate::repair_sessions::entries::{self, Writing};
use crate::repair_sessions::session::{self, RepairSession};
use crate::repair_sessions::state::SessionState;
use crate::repair_sessions::text;

/// Body of a confirmation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Confirmation {
    /// Id of the check.
    check: String,
    /// Who saw it.
    name: String,
}

/// Confirms a check of the acceptance test that asks for a person's word.
#[utoipa::path(
    post,
    path = "/api/v1/repair-sessions/{id}/acceptance/confirmations",
    operation_id = "confirm_acceptance_check",
    tag = "repair sessions",
    responses((status = 200, body = Standing), Problem)
)]
pub(crate) async fn confirm(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(said): Json<Confirmation>,
) -> Result<Json<Standing>, Problem> {
    let name = text("name", &said.name)?.to_owned();
    let session = session::find(&app, &id).await?;
    if session.state != SessionState::AcceptanceTest {
        return Err(Problem::Conflict("the acceptance test is not running".into()));
    }
    let asked = asks(&app, &session, &said.check).await?;
    if !matches!(asked, Ask::Confirmed { .. }) {
        return Err(Problem::Invalid(
            "this check is decided by readings; an exception can be signed for it".into(),
        ));
    }
    let act = Act::Confirmed { check: said.check, name };
    entries::keep(&app, &session, Writing::act(act, &who)).await?;
    Ok(Json(standing::now(&app, &session).await?))
}

async fn asks(app: &App, session: &RepairSession, check: &str) -> Result<Ask, Problem> {
    let pinned = session.acceptance_version_id.as_deref();
    let test = test::applying_to(app, &session.asset_id, pinned).await?;
    let found = test.and_then(|t| t.checks.into_iter().find(|c| c.id == check));
    found.map(|c| c.ask).ok_or(Problem::NotFound("check of this acceptance test"))
}

/// Body of an exception.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Exception {
    /// Id of the check; without it, for the whole test: also where there is none, or where somebody
    /// has to leave before the work is done.
    check: Option<String>,
    /// Who answers for it.
    name: String,
    why: String,
}

/// Signs an exception: somebody answers for what the acceptance test did not show.
///
/// It counts until work or another acceptance test begins.
#[utoipa::path(
    post,
    path = "/api/v1/repair-sessions/{id}/acceptance/exceptions",
    operation_id = "sign_acceptance_exception",
    tag = "repair sessions",
    responses((status = 200, body = Standing), Problem)
)]
pub(crate) async fn sign_exception(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(said): Json<Exception>,
) -> Result<Json<Standing>, Problem> {
    let name = text("name", &said.name)?.to_owned();
    let why = text("why", &said.why)?.to_owned();
    let session = session::find(&app, &id).await?;
    let fits = match session.state {
        SessionState::AcceptanceTest => true,
        SessionState::Running | SessionState::Rejected => said.check.is_none(),
        SessionState::Draft | SessionState::Verified | SessionState::Abandoned => false,
    };
    if !fits {
        return Err(Problem::Conflict(
            "an exception is signed in the acceptance test, or, for the whole of it, while the \
             session is running or rejected"
                .into(),
        ));
    }
    if let Some(check) = &said.check {
        asks(&app, &session, check).await?;
    }
    let act = Act::ExceptionSigned { check: said.check, name, why };
    entries::keep(&app, &session, Writing::act(act, &who)).await?;
    Ok(Json(standing::now(&app, &session).await?))
}
