//! Corrective actions: who does what until when about what customers say, and whether it helped. The
//! effect is the difference of two means of surveys: before the action was made and after it was done.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::figures::{self, CriterionFigures};
use super::policy::SurveyPolicy;
use super::state::ActionState;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::{from_json, new_id, take_turn, to_json};
use crate::http::{By, IfMatch, Page, Problem, check_text, etag};
use crate::limits::{ACTION_STEPS, INSTRUCTIONS_CHARS, LIST_ROWS, SURVEY_DAYS, TEXT_CHARS};
use crate::policies;
use crate::time::{DAY_US, Time};

/// What is done about what customers say.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectiveAction {
    id: String,
    number: String,
    title: String,
    cause: String,
    steps: Vec<String>,
    owner_id: String,
    owner_name: String,
    due_at: Time,
    state: ActionState,
    #[schema(value_type = Vec<ActionState>)]
    next_states: &'static [ActionState],
    /// Criterion of the surveys that it is to better; null: the score.
    #[schema(required)]
    criterion: Option<String>,
    window_days: i64,
    #[schema(required)]
    done_at: Option<Time>,
    created_at: Time,
    /// Also the `ETag`.
    version: i64,
    /// What the surveys say, once it is done.
    #[schema(required)]
    effect: Option<Effect>,
}

/// Two windows of surveys: before an action was made, and after it was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Effect {
    before: CriterionFigures,
    after: CriterionFigures,
    /// Mean after less mean before; null until both have answers.
    #[schema(required)]
    difference: Option<f64>,
    /// The window after is over: the figures will not change any more.
    complete: bool,
}

#[derive(FromRow)]
struct Row {
    id: String,
    number: i64,
    title: String,
    cause: String,
    steps: String,
    owner_id: String,
    owner_name: String,
    due_at: i64,
    state: String,
    criterion: Option<String>,
    window_days: i64,
    done_at: Option<i64>,
    created_at: i64,
    version: i64,
}

impl TryFrom<Row> for CorrectiveAction {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        let state = ActionState::parse(&r.state)?;
        Ok(Self {
            number: format!("C-{}", r.number),
            steps: from_json(&r.steps)?,
            state,
            next_states: state.next(),
            id: r.id,
            title: r.title,
            cause: r.cause,
            owner_id: r.owner_id,
            owner_name: r.owner_name,
            due_at: Time(r.due_at),
            criterion: r.criterion,
            window_days: r.window_days,
            done_at: r.done_at.map(Time),
            created_at: Time(r.created_at),
            version: r.version,
            effect: None,
        })
    }
}

const SELECT: &str = "SELECT c.id, c.number, c.title, c.cause, c.steps, c.owner_id, \
     a.name AS owner_name, c.due_at, c.state, c.criterion, c.window_days, c.done_at, c.created_at, \
     c.version FROM corrective_actions c JOIN accounts a ON a.id = c.owner_id";

async fn find(app: &App, id: &str) -> Result<CorrectiveAction, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE c.id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    let mut action: CorrectiveAction =
        row.ok_or(Problem::NotFound("corrective action"))?.try_into()?;
    action.effect = effect(app, &action).await?;
    Ok(action)
}

async fn effect(app: &App, action: &CorrectiveAction) -> Result<Option<Effect>, Problem> {
    let Some(Time(done_at)) = action.done_at else { return Ok(None) };
    let (_, policy): (i64, SurveyPolicy) = policies::newest(&app.database).await?;
    let criterion = action.criterion.as_deref().unwrap_or("score");
    let window = action.window_days * DAY_US;
    let (made, now) = (action.created_at.0, app.clock.now_us());
    let mut both = Vec::with_capacity(2);
    for span in [(made - window, made), (done_at, done_at + window)] {
        let all = figures::of(&app.database, span, policy.satisfied_from).await?;
        let found = all.into_iter().find(|f| f.is_of(criterion));
        both.push(found.unwrap_or_else(|| CriterionFigures::none(criterion)));
    }
    let (Some(after), Some(before)) = (both.pop(), both.pop()) else { return Ok(None) };
    let difference = after.mean.zip(before.mean).map(|(after, before)| after - before);
    Ok(Some(Effect { before, after, difference, complete: done_at + window <= now }))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ActionsQuery {
    state: Option<ActionState>,
    owner: Option<String>,
    cursor: Option<String>,
}

/// Corrective actions, the newest first, without their effects.
#[utoipa::path(
    get,
    path = "/api/v1/corrective-actions",
    operation_id = "list_corrective_actions",
    tag = "satisfaction",
    params(ActionsQuery),
    responses((status = 200, body = Page<CorrectiveAction>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<ActionsQuery>,
) -> Result<Json<Page<CorrectiveAction>>, Problem> {
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR c.state = $1) AND ($2 = '' OR c.owner_id = $2) AND c.id < $3 \
         ORDER BY c.id DESC LIMIT $4"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.state.map_or("", ActionState::as_str))
        .bind(query.owner.unwrap_or_default())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(CorrectiveAction::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |c| c.id.clone())))
}

/// What was under way within a time, the newest first, [`LIST_ROWS`] at the most: made before its end, and
/// made, done, or still to be done after its start.
pub(crate) async fn within(
    app: &App,
    (from, to): (i64, i64),
) -> Result<Vec<CorrectiveAction>, Problem> {
    let sql = format!(
        "{SELECT} WHERE c.created_at < $2 AND (c.created_at >= $1 OR c.done_at >= $1 \
         OR c.state IN ('open', 'in_progress')) ORDER BY c.id DESC LIMIT $3"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(from)
        .bind(to)
        .bind(LIST_ROWS)
        .fetch_all(&app.database)
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let mut action = CorrectiveAction::try_from(row)?;
        action.effect = effect(app, &action).await?;
        all.push(action);
    }
    Ok(all)
}

type Shown = ([(HeaderName, String); 1], Json<CorrectiveAction>);

async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let action = find(app, id).await?;
    Ok((etag(action.version), Json(action)))
}

/// One corrective action; when it is done, with what the surveys say of its effect.
#[utoipa::path(
    get,
    path = "/api/v1/corrective-actions/{id}",
    operation_id = "show_corrective_action",
    tag = "satisfaction",
    responses((status = 200, body = CorrectiveAction), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}

/// A corrective action that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCorrectiveAction {
    #[schema(min_length = 1)]
    title: String,
    #[schema(min_length = 1)]
    cause: String,
    steps: Vec<String>,
    /// Account of whoever answers for it.
    owner_id: String,
    due_at: Time,
    /// Criterion of the surveys that it is to better; without one the score.
    criterion: Option<String>,
    /// So many days before it was made are compared with so many after it was done; 30 when nothing is
    /// said.
    window_days: Option<i64>,
}

impl NewCorrectiveAction {
    fn check(&self) -> Result<(), Problem> {
        check_text("title", &self.title, TEXT_CHARS)?;
        check_text("cause", &self.cause, INSTRUCTIONS_CHARS)?;
        if !(1..=ACTION_STEPS).contains(&self.steps.len()) {
            return Err(Problem::Invalid(format!("`steps` has to have 1 to {ACTION_STEPS} lines")));
        }
        for step in &self.steps {
            check_text("steps", step, TEXT_CHARS)?;
        }
        if self.window_days.is_some_and(|days| !(1..=SURVEY_DAYS).contains(&days)) {
            return Err(Problem::Invalid(format!("`window_days` has to be 1 to {SURVEY_DAYS}")));
        }
        Ok(())
    }
}

/// Makes a corrective action.
#[utoipa::path(
    post,
    path = "/api/v1/corrective-actions",
    operation_id = "make_corrective_action",
    tag = "satisfaction",
    responses((status = 201, body = CorrectiveAction), Problem)
)]
pub(crate) async fn create(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewCorrectiveAction>,
) -> Result<(StatusCode, Shown), Problem> {
    new.check()?;
    let (id, now) = (new_id(), app.clock.now_us());
    let steps = to_json(&new.steps)?;
    let mut tx = app.begin().await?;
    take_turn(&mut tx, "corrective action numbers").await?;
    let made = sqlx::query(
        "INSERT INTO corrective_actions (id, number, title, cause, steps, owner_id, due_at, state, \
         criterion, window_days, created_at, version) SELECT $1, (SELECT coalesce(max(number), 0) + 1 \
         FROM corrective_actions), $2, $3, $4, a.id, $6, 'open', $7, $8, $9, 1 FROM accounts a \
         WHERE a.id = $5",
    )
    .bind(&id)
    .bind(new.title.trim())
    .bind(new.cause.trim())
    .bind(steps)
    .bind(&new.owner_id)
    .bind(new.due_at.0)
    .bind(new.criterion.as_deref())
    .bind(new.window_days.unwrap_or(30))
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if made.rows_affected() == 0 {
        return Err(Problem::Invalid("`owner_id` is no account".into()));
    }
    changes::made(
        &mut tx,
        now,
        ("corrective_action", &id, "state", ActionState::Open.as_str()),
        (&who, new.cause.trim()),
    )
    .await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// Body of a transition.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ActionTransition {
    to: ActionState,
    why: String,
}

/// Moves a corrective action to its next state. Whether it helped is said by people, with the figures
/// before them.
#[utoipa::path(
    post,
    path = "/api/v1/corrective-actions/{id}/transition",
    operation_id = "move_corrective_action",
    tag = "satisfaction",
    responses((status = 200, body = CorrectiveAction), Problem)
)]
pub(crate) async fn transition(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<ActionTransition>,
) -> Result<Shown, Problem> {
    let why = wanted.why.trim();
    check_text("why", why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let action = find(&app, &id).await?;
    if_match.check(action.version)?;
    let to = action.state.step(wanted.to)?;
    let mut tx = app.begin().await?;
    let changed = sqlx::query(
        "UPDATE corrective_actions SET state = $3, version = version + 1, \
         done_at = CASE WHEN $3 = 'done' THEN $4 ELSE done_at END WHERE id = $1 AND version = $2",
    )
    .bind(&id)
    .bind(action.version)
    .bind(to.as_str())
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: action.version + 1 });
    }
    let change = NewChange {
        kind: "corrective_action",
        id: &id,
        who: &who,
        field: "state",
        from: Some(action.state.as_str()),
        to: Some(to.as_str()),
        why,
        version: Some(action.version + 1),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    shown(&app, &id).await
}
