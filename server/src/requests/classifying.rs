//! Urgency, scope and kind are said by a person; the priority table says the priority, and a person
//! may overrule it.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::moving::{Advance, advance};
use super::priority::{PriorityTable, RequestKind, RequestPriority, Scope, Urgency};
use super::promises;
use super::request::{Request, Shown, announce, hold, shown};
use super::state::RequestState;
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::http::{Caller, IfMatch, Problem, check_text};
use crate::limits::TEXT_CHARS;
use crate::policies;
use crate::service_levels::Act;

/// What a request is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Classification {
    pub(super) urgency: Urgency,
    pub(super) scope: Scope,
    pub(super) kind: RequestKind,
    /// Another priority than the table says; `why` says why.
    pub(super) priority: Option<RequestPriority>,
    /// Needed where the table is overruled.
    #[serde(default)]
    #[schema(min_length = 1)]
    pub(super) why: String,
}

/// Classifies a request, or classifies it anew.
#[utoipa::path(
    post,
    path = "/api/v1/requests/{id}/classification",
    operation_id = "classify_request",
    tag = "requests",
    responses((status = 200, body = Request), Problem)
)]
pub(crate) async fn classify(
    caller: Caller,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<Classification>,
) -> Result<Shown, Problem> {
    if wanted.priority.is_some() || !wanted.why.is_empty() {
        check_text("why", &wanted.why, TEXT_CHARS)?;
    }
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let request = hold(&mut tx, &id).await?;
    if_match.check(request.version)?;
    let why = wanted.why.trim();
    let by = Classifier { who: &caller.name, why, rule: None, at: now };
    classify_held(&mut tx, &request, &wanted, by).await?;
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &caller.reach, &id).await
}

/// By whom and why a request is classified.
pub(super) struct Classifier<'a> {
    pub who: &'a str,
    pub why: &'a str,
    /// Where it was not a person: which rule did it.
    pub rule: Option<&'a str>,
    pub at: i64,
}

/// Classifies a request that is held.
pub(super) async fn classify_held(
    tx: &mut Transaction<'_, Any>,
    request: &Request,
    wanted: &Classification,
    by: Classifier<'_>,
) -> Result<(), Problem> {
    let (version, table) = policies::newest::<PriorityTable>(&mut **tx).await?;
    let by_table = table.priority(wanted.urgency, wanted.scope, wanted.kind)?;
    let priority = wanted.priority.unwrap_or(by_table);
    let Classifier { who, why, rule, at: now } = by;
    match request.state {
        RequestState::Classified | RequestState::Ticketed | RequestState::Answered => {}
        // What is over is opened again first.
        RequestState::Closed => {
            return Err(Problem::Conflict("the request is closed: open it again first".into()));
        }
        RequestState::Received | RequestState::Rejected => {
            let to = RequestState::Classified;
            let step = Advance { to, who, why, rule };
            advance(tx, request, now, step).await?;
        }
    }
    sqlx::query(
        "UPDATE requests SET urgency = $2, scope = $3, kind = $4, priority = $5, \
         priority_version = $6, overruled_why = $7, version = $8 WHERE id = $1",
    )
    .bind(&request.id)
    .bind(wanted.urgency.as_str())
    .bind(wanted.scope.as_str())
    .bind(wanted.kind.as_str())
    .bind(priority.as_str())
    .bind(version)
    .bind((priority != by_table).then_some(why))
    .bind(request.version + 1)
    .execute(&mut **tx)
    .await?;
    let before = |word: Option<&'static str>| word;
    let fields = [
        Field::new(
            "urgency",
            before(request.urgency.map(Urgency::as_str)),
            Some(Some(wanted.urgency.as_str())),
        ),
        Field::new(
            "scope",
            before(request.scope.map(Scope::as_str)),
            Some(Some(wanted.scope.as_str())),
        ),
        Field::new(
            "kind",
            before(request.kind.map(RequestKind::as_str)),
            Some(Some(wanted.kind.as_str())),
        ),
        Field::new(
            "priority",
            before(request.priority.map(RequestPriority::as_str)),
            Some(Some(priority.as_str())),
        ),
    ];
    let fields: Vec<Field> = fields.into_iter().flatten().collect();
    let change = NewChange {
        kind: "request",
        id: &request.id,
        who,
        rule,
        why,
        version: Some(request.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(tx, now, change, &fields).await?;
    let act = Act { who, why: "it was classified", at: now };
    promises::classified(tx, &request.id, priority, act).await
}
