//! Policies over HTTP: looking at them and changing them.

use axum::Json;
use axum::extract::{Path, Query, State};

use super::clock::Act;
use super::named::{self, NamedQuery, NamedVersion, NewVersion};
use super::policy::SlaPolicy;
use super::recomputing::recompute;
use crate::app::App;
use crate::http::{By, IfMatch, Page, Problem};

/// Policies by name, each as it holds now.
#[utoipa::path(
    get,
    path = "/api/v1/sla-policies",
    operation_id = "list_sla_policies",
    tag = "service levels",
    params(NamedQuery),
    responses((status = 200, body = Page<NamedVersion<SlaPolicy>>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<NamedQuery>,
) -> Result<Json<Page<NamedVersion<SlaPolicy>>>, Problem> {
    Ok(Json(named::list(&app, &query).await?))
}

/// All versions of a policy, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/sla-policies/{name}",
    operation_id = "show_sla_policy",
    tag = "service levels",
    params(NamedQuery),
    responses((status = 200, body = Page<NamedVersion<SlaPolicy>>), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<NamedQuery>,
) -> Result<Json<Page<NamedVersion<SlaPolicy>>>, Problem> {
    Ok(Json(named::versions(&app, &name, &query).await?))
}

/// Makes a policy, or a new version of one. What is due under it is found out anew, also for what is
/// under way; the promises stay on record, and so does what is late already.
#[utoipa::path(
    put,
    path = "/api/v1/sla-policies/{name}",
    operation_id = "change_sla_policy",
    tag = "service levels",
    request_body = NewVersion<SlaPolicy>,
    responses((status = 200, body = NamedVersion<SlaPolicy>), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(name): Path<String>,
    Json(new): Json<NewVersion<SlaPolicy>>,
) -> Result<Json<NamedVersion<SlaPolicy>>, Problem> {
    let at = app.clock.now_us();
    let why = format!("policy {name}: {}", new.why.trim());
    let mut tx = app.begin().await?;
    let changed = named::change(&mut tx, &name, new, if_match, (who.clone(), at)).await?;
    changed.content.check_calendars(&mut tx).await?;
    recompute(&mut tx, i64::MAX, Act { who: &who, why: &why, at }).await?;
    tx.commit().await?;
    Ok(Json(changed))
}
