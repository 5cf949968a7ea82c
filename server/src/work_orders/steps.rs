//! What is done, point by point. Each line has its own history, so that two people can tick at once.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;

use super::order::{Shown, WorkOrder, announce, shown};
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{By, Problem};
use crate::time::Time;

/// A line of a work order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkOrderStep {
    id: String,
    text: String,
    #[schema(required)]
    done_at: Option<Time>,
    #[schema(required)]
    done_by: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    text: String,
    done_at: Option<i64>,
    done_by: Option<String>,
}

pub(super) async fn of(app: &App, order_id: &str) -> Result<Vec<WorkOrderStep>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, text, done_at, done_by FROM work_order_steps WHERE work_order_id = $1 \
         ORDER BY position",
    )
    .bind(order_id)
    .fetch_all(&app.database)
    .await?;
    let step = |r: Row| WorkOrderStep {
        id: r.id,
        text: r.text,
        done_at: r.done_at.map(Time),
        done_by: r.done_by,
    };
    Ok(rows.into_iter().map(step).collect())
}

/// Whether a line is done.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StepDone {
    done: bool,
    /// When the author's device says that it was so, if it was offline then.
    device_at: Option<Time>,
}

/// Ticks a line of a work order, or takes the tick back. Ticking it again changes nothing.
#[utoipa::path(
    put,
    path = "/api/v1/work-orders/{id}/steps/{step}",
    operation_id = "tick_work_order_step",
    tag = "work orders",
    responses((status = 200, body = WorkOrder), Problem)
)]
pub(crate) async fn tick(
    By(who): By,
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    Json(wanted): Json<StepDone>,
) -> Result<Shown, Problem> {
    let now = app.clock.now_us();
    let device_at = wanted.device_at.map(|at| at.0);
    let mut tx = app.begin().await?;
    let text: Option<String> = sqlx::query_scalar(
        "SELECT text FROM work_order_steps WHERE id = $1 AND work_order_id = $2",
    )
    .bind(&step)
    .bind(&id)
    .fetch_optional(&mut *tx)
    .await?;
    let text = text.ok_or(Problem::NotFound("step"))?;
    let changed = sqlx::query(
        "UPDATE work_order_steps SET done_at = $2, done_by = $3 WHERE id = $1 \
         AND (done_at IS NULL) = ($4 = 1)",
    )
    .bind(&step)
    .bind(wanted.done.then(|| device_at.unwrap_or(now)))
    .bind(wanted.done.then_some(who.as_str()))
    .bind(i64::from(wanted.done))
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() > 0 {
        let change = NewChange {
            kind: "work_order",
            id: &id,
            who: &who,
            field: "step",
            from: (!wanted.done).then_some(text.as_str()),
            to: wanted.done.then_some(text.as_str()),
            why: if wanted.done { "done" } else { "not done after all" },
            device_at,
            ..NewChange::default()
        };
        changes::record(&mut tx, now, change).await?;
    }
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &id).await
}
