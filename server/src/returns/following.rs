//! A return for whoever has its link.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use serde::Serialize;
use utoipa::ToSchema;

use super::rma::of_secret;
use super::state::{ReturnKind, ReturnMethod, ReturnState};
use super::steps;
use crate::app::App;
use crate::customers::Addressee;
use crate::http::{KEPT_QUIET, Language, Problem};
use crate::proposals::Money;
use crate::shipments;
use crate::time::Time;

/// A step that is behind or under way.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedReturnStep {
    state: ReturnState,
    at: Time,
}

/// A return for whoever has its link.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowedReturn {
    number: String,
    kind: ReturnKind,
    state: ReturnState,
    item: String,
    /// In the language of the contact.
    reason: String,
    language: Language,
    method: ReturnMethod,
    /// Where it is picked up or dropped off.
    place: String,
    requested_at: Time,
    /// Until when the next step is taken.
    #[schema(required)]
    due_at: Option<Time>,
    #[schema(required)]
    refund: Option<Money>,
    steps: Vec<FollowedReturnStep>,
    /// Where what is sent instead can be followed.
    shipments: Vec<String>,
}

/// A return by its link, without an account.
#[utoipa::path(
    get,
    path = "/api/v1/public/returns/{secret}",
    operation_id = "follow_return",
    tag = "returns",
    security(()),
    responses((status = 200, body = FollowedReturn), Problem)
)]
pub(crate) async fn follow(
    State(app): State<App>,
    Path(secret): Path<String>,
) -> Result<([(HeaderName, &'static str); 2], Json<FollowedReturn>), Problem> {
    let rma = of_secret(&app, &secret).await?;
    let mut tx = app.database.begin().await?;
    let named = (rma.contact_id.as_deref(), rma.site_id.as_deref());
    let addressee = Addressee::of(&mut tx, &rma.customer_id, named).await?;
    let language = addressee.map_or_else(Language::default, |addressee| addressee.language);
    let steps = steps::of(&mut *tx, &rma.id).await?;
    let followed = FollowedReturn {
        reason: rma.reason_words.of(language).to_owned(),
        language,
        shipments: shipments::links_of_return(&mut tx, &rma.id).await?,
        steps: steps.iter().map(|s| FollowedReturnStep { state: s.state, at: s.at }).collect(),
        number: rma.number,
        kind: rma.kind,
        state: rma.state,
        item: rma.item,
        method: rma.method,
        place: rma.place,
        requested_at: rma.created_at,
        due_at: rma.due_at,
        refund: rma.refund,
    };
    Ok((KEPT_QUIET, Json(followed)))
}
