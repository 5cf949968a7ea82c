//! Suppressed by design: while one alarm of an asset is active, another one that it explains is
//! suppressed. The rules are data.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::{Ledger, Suspend, SuspensionKind};
use crate::access::{Reach, Subject};
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Caller, Page, Problem, check_text};
use crate::limits::{LIST_ROWS, TAG_CHARS, TEXT_CHARS};
use crate::time::Time;

const BY_DESIGN: &str = "design";

#[derive(Debug, FromRow)]
struct Rule {
    id: String,
    asset_id: String,
    while_tag: String,
    tag: String,
    why: String,
    who: String,
    created_at: i64,
}

const SELECT: &str = "SELECT id, asset_id, while_tag, tag, why, who, created_at \
     FROM alarm_suppressions WHERE deleted_at IS NULL";

/// A rule: while `while_tag` is active on the asset, `tag` is suppressed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suppression {
    id: String,
    asset_id: String,
    while_tag: String,
    tag: String,
    why: String,
    by: String,
    created_at: Time,
}

impl From<Rule> for Suppression {
    fn from(r: Rule) -> Self {
        Self {
            id: r.id,
            asset_id: r.asset_id,
            while_tag: r.while_tag,
            tag: r.tag,
            why: r.why,
            by: r.who,
            created_at: Time(r.created_at),
        }
    }
}

impl Ledger<'_, '_> {
    /// An alarm is active: what it explains is suppressed.
    pub(in crate::alarms) async fn suppress_explained(&mut self, tag: &str) -> Result<(), Problem> {
        let sql = format!("{SELECT} AND asset_id = $1 AND while_tag = $2 ORDER BY id");
        let rules: Vec<Rule> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(&self.asset_id)
            .bind(tag)
            .fetch_all(&mut **self.tx)
            .await?;
        for rule in rules {
            self.apply(&rule).await?;
        }
        Ok(())
    }

    async fn apply(&mut self, rule: &Rule) -> Result<(), Problem> {
        let suspend = Suspend {
            asset_id: &rule.asset_id,
            tag: Some(&rule.tag),
            kind: SuspensionKind::ByDesign,
            keep_safety: true,
            from_at: self.now,
            until_at: None,
            reason: &rule.why,
            who: BY_DESIGN,
            now: self.now,
        };
        match self.suspend(&suspend, Some(&rule.id)).await {
            // The rule is at work already.
            Ok(_) | Err(Problem::Conflict(_)) => Ok(()),
            Err(problem) => Err(problem),
        }
    }

    /// An alarm is over: what it explained comes out, unless another alarm of its tag is active.
    pub(in crate::alarms) async fn release_explained(&mut self, tag: &str) -> Result<(), Problem> {
        if self.newest("l.cleared_at IS NULL", tag).await?.is_some() {
            return Ok(());
        }
        let suspensions: Vec<String> = sqlx::query_scalar(
            "SELECT s.id FROM alarm_suspensions s JOIN alarm_suppressions r ON r.id = s.rule_id \
             WHERE s.asset_id = $1 AND s.ended_at IS NULL AND r.while_tag = $2 ORDER BY s.id",
        )
        .bind(&self.asset_id)
        .bind(tag)
        .fetch_all(&mut **self.tx)
        .await?;
        for id in suspensions {
            let why = format!("{tag} is over");
            self.end(&id, self.now, BY_DESIGN, &why).await?;
        }
        Ok(())
    }
}

/// Query of the list of rules.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuppressionsQuery {
    asset: Option<String>,
    cursor: Option<String>,
}

/// Rules that suppress alarms by design, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/alarm-suppressions",
    operation_id = "list_alarm_suppressions",
    tag = "alarms",
    params(SuppressionsQuery),
    responses((status = 200, body = Page<Suppression>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<SuppressionsQuery>,
) -> Result<Json<Page<Suppression>>, Problem> {
    let mine = reach.assets("asset_id", "$3");
    let sql = format!(
        "{SELECT} AND ($1 = '' OR asset_id = $1) AND id < $2 AND {mine} ORDER BY id DESC LIMIT $4"
    );
    let rows: Vec<Rule> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.asset.unwrap_or_default())
        .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Suppression::from).collect();
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |r: &Suppression| r.id.clone())))
}

/// A new rule.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSuppression {
    asset_id: String,
    /// The alarm that explains the other one.
    while_tag: String,
    /// The alarm that is suppressed meanwhile. One of the class safety never is.
    tag: String,
    why: String,
}

impl NewSuppression {
    fn check(&self) -> Result<(), Problem> {
        check_text("while_tag", &self.while_tag, TAG_CHARS)?;
        check_text("tag", &self.tag, TAG_CHARS)?;
        check_text("why", &self.why, TEXT_CHARS)?;
        if self.while_tag == self.tag {
            return Err(Problem::Invalid("an alarm cannot suppress itself".into()));
        }
        Ok(())
    }
}

/// Suppresses one alarm of an asset while another is active, from now on.
#[utoipa::path(
    post,
    path = "/api/v1/alarm-suppressions",
    operation_id = "add_alarm_suppression",
    tag = "alarms",
    responses((status = 201, body = Suppression), Problem)
)]
pub(crate) async fn add(
    caller: Caller,
    State(app): State<App>,
    Json(wanted): Json<NewSuppression>,
) -> Result<(StatusCode, Json<Suppression>), Problem> {
    caller.reach.check(&app.database, Subject::Asset, &wanted.asset_id).await?;
    wanted.check()?;
    let rule = Rule {
        id: new_id(),
        asset_id: wanted.asset_id,
        while_tag: wanted.while_tag,
        tag: wanted.tag,
        why: wanted.why.trim().to_owned(),
        who: caller.name,
        created_at: app.clock.now_us(),
    };
    let mut tx = app.database.begin().await?;
    let mut ledger = Ledger::hold(&mut tx, &rule.asset_id, rule.created_at).await?;
    ledger.keep_rule(&rule).await?;
    if ledger.newest("l.cleared_at IS NULL", &rule.while_tag).await?.is_some() {
        ledger.apply(&rule).await?;
    }
    let changes = ledger.changes;
    tx.commit().await?;
    changes.announce(&app).await?;
    Ok((StatusCode::CREATED, Json(rule.into())))
}

impl Ledger<'_, '_> {
    async fn keep_rule(&mut self, rule: &Rule) -> Result<(), Problem> {
        let new = sqlx::query(
            "INSERT INTO alarm_suppressions (id, asset_id, while_tag, tag, why, who, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(&rule.id)
        .bind(&rule.asset_id)
        .bind(&rule.while_tag)
        .bind(&rule.tag)
        .bind(&rule.why)
        .bind(&rule.who)
        .bind(rule.created_at)
        .execute(&mut **self.tx)
        .await?;
        match new.rows_affected() {
            0 => Err(Problem::Conflict("there is such a rule already".into())),
            _ => Ok(()),
        }
    }
}

/// Deletes a rule. What it suppresses now comes out.
#[utoipa::path(
    delete,
    path = "/api/v1/alarm-suppressions/{id}",
    operation_id = "delete_alarm_suppression",
    tag = "alarms",
    responses((status = 204), Problem)
)]
pub(crate) async fn delete(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let missing = || Problem::NotFound("rule");
    let asset: Option<String> =
        sqlx::query_scalar("SELECT asset_id FROM alarm_suppressions WHERE id = $1")
            .bind(&id)
            .fetch_optional(&app.database)
            .await?;
    let now = app.clock.now_us();
    let mut tx = app.database.begin().await?;
    let mut ledger = Ledger::hold(&mut tx, &asset.ok_or_else(missing)?, now).await?;
    let deleted = sqlx::query(
        "UPDATE alarm_suppressions SET deleted_at = $2, deleted_by = $3 WHERE id = $1 \
         AND deleted_at IS NULL",
    )
    .bind(&id)
    .bind(now)
    .bind(&who)
    .execute(&mut **ledger.tx)
    .await?;
    if deleted.rows_affected() == 0 {
        return Err(missing());
    }
    let at_work: Option<String> = sqlx::query_scalar(
        "SELECT id FROM alarm_suspensions WHERE rule_id = $1 AND ended_at IS NULL",
    )
    .bind(&id)
    .fetch_optional(&mut **ledger.tx)
    .await?;
    if let Some(suspension) = at_work {
        ledger.end(&suspension, now, &who, "the rule was deleted").await?;
    }
    let changes = ledger.changes;
    tx.commit().await?;
    changes.announce(&app).await?;
    Ok(StatusCode::NO_CONTENT)
}
