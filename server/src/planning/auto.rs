//! Auto-dispatch by itself: what waits for a visit is planned or suggested without anybody asking, as the
//! planning policy says. A work order that has ever had a visit is left to people: whoever called one off
//! is not overruled.

use sqlx::{Any, Transaction};

use super::dispatch::dispatch_order;
use super::policy::{AutoDispatch, PlanningPolicy};
use super::suggesting::suggestions;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::Problem;
use crate::limits::{AUTO_DISPATCH_AGAIN_US, LIST_ROWS};
use crate::notifications::{About, Event, What, notify};
use crate::work_orders::{self, WorkOrderState};
use crate::{policies, visits};

/// Who plans where nobody does.
const AUTO: &str = "auto-dispatch";

/// What came of an attempt, where no visit did.
#[derive(Clone, Copy)]
enum Outcome {
    Suggested,
    Failed,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Suggested => "suggested",
            Self::Failed => "failed",
        }
    }
}

/// Plans, or suggests, for every work order that waits for a visit and was not tried lately.
pub(super) async fn auto_dispatch(app: &App) -> Result<(), Problem> {
    let now = app.clock.now_us();
    let (version, policy): (i64, PlanningPolicy) = policies::newest(&app.database).await?;
    // A suggestion is made once; somebody may become free for a visit.
    let again = match policy.auto_dispatch {
        AutoDispatch::Off => return Ok(()),
        AutoDispatch::Suggest => i64::MIN,
        AutoDispatch::Book => now - AUTO_DISPATCH_AGAIN_US,
    };
    let rule = format!("auto-dispatch, planning policy version {version}");
    for id in waiting(app, &policy, again).await? {
        match policy.auto_dispatch {
            AutoDispatch::Book => Box::pin(book(app, &id, &rule, now)).await?,
            _ => Box::pin(suggest(app, &id, &rule, now)).await?,
        }
    }
    Ok(())
}

/// Those whose turn it is, the most urgent first.
async fn waiting(app: &App, policy: &PlanningPolicy, again: i64) -> Result<Vec<String>, Problem> {
    let priorities: Vec<String> =
        policy.auto_dispatch_priorities.iter().map(|p| format!("'{}'", p.as_str())).collect();
    if priorities.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT w.id FROM work_orders w WHERE w.state = 'unscheduled' AND w.priority IN ({}) \
         AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.work_order_id = w.id) \
         AND NOT EXISTS (SELECT 1 FROM auto_dispatches d WHERE d.work_order_id = w.id \
         AND d.tried_at > $1) ORDER BY CASE w.priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 \
         WHEN 'medium' THEN 2 ELSE 3 END, w.number LIMIT $2",
        priorities.join(", ")
    );
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(again)
        .bind(LIST_ROWS)
        .fetch_all(&app.database)
        .await?)
}

async fn book(app: &App, id: &str, rule: &str, now: i64) -> Result<(), Problem> {
    match Box::pin(dispatch_order(app, id, AUTO, false)).await {
        // Somebody was faster.
        Ok(_) | Err(Problem::IllegalStep { .. }) => Ok(()),
        Err(Problem::Conflict(why)) => {
            let mut tx = app.begin().await?;
            note(&mut tx, id, Outcome::Failed, (rule, &why), now).await?;
            tx.commit().await?;
            Ok(())
        }
        Err(problem) => Err(problem),
    }
}

async fn suggest(app: &App, id: &str, rule: &str, now: i64) -> Result<(), Problem> {
    let mut tx = app.begin().await?;
    let weighed = suggestions(&mut tx, id, now).await?;
    let (outcome, why) = match weighed.suggestions.first() {
        Some(best) => (Outcome::Suggested, best.in_words()),
        None => (Outcome::Failed, weighed.nobody()),
    };
    note(&mut tx, id, outcome, (rule, &why), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down that it was tried. The first time also why no visit came of it, for everybody to read,
/// and tells dispatchers; however many servers try.
async fn note(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    outcome: Outcome,
    (rule, why): (&str, &str),
    now: i64,
) -> Result<(), Problem> {
    let first = sqlx::query(
        "INSERT INTO auto_dispatches (work_order_id, outcome, tried_at) VALUES ($1, $2, $3) \
         ON CONFLICT (work_order_id, outcome) DO NOTHING",
    )
    .bind(id)
    .bind(outcome.as_str())
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE auto_dispatches SET tried_at = $2 WHERE work_order_id = $1")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    let order = work_orders::find(&mut **tx, id).await?;
    let planned = visits::ahead(tx, id).await?.is_some();
    if first.rows_affected() == 0 || planned || order.state != WorkOrderState::Unscheduled {
        return Ok(());
    }
    let change = NewChange {
        kind: "work_order",
        id,
        who: AUTO,
        rule: Some(rule),
        field: "auto_dispatch",
        to: Some(outcome.as_str()),
        why,
        version: Some(order.version),
        ..NewChange::default()
    };
    changes::record(tx, now, change).await?;
    let machine: String = sqlx::query_scalar("SELECT name FROM assets WHERE id = $1")
        .bind(&order.asset_id)
        .fetch_one(&mut **tx)
        .await?;
    let what = What::DispatchWanted { number: &order.number, machine: &machine, reason: why };
    let key = format!("dispatch-wanted:{id}:{}", outcome.as_str());
    let path = format!("/work-orders/{id}");
    let about = About { kind: "work_order", id, path: &path };
    notify(tx, Event::new(&key, what, about, rule), now).await?;
    Ok(())
}
