//! Two people edit one work order: what they changed is merged by field, and where both changed the
//! same field differently, the second is shown both and nothing is written.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::creating::{check, words};
use super::order::{Shown, WorkOrder, announce, find, shown};
use crate::alarms::Priority;
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::http::{By, IfMatch, Problem, check_text, said};
use crate::limits::TEXT_CHARS;
use crate::time::{Time, rfc3339};

/// What is changed about a work order; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WorkOrderEdit {
    title: Option<String>,
    instructions: Option<String>,
    priority: Option<Priority>,
    skills: Option<Vec<String>>,
    planned_minutes: Option<i64>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Time>)]
    earliest_at: Option<Option<Time>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Time>)]
    latest_at: Option<Option<Time>>,
    #[schema(min_length = 1)]
    why: String,
    /// When the author's device says that it was edited, if it was offline then.
    device_at: Option<Time>,
}

impl WorkOrderEdit {
    fn check(&self) -> Result<(), Problem> {
        check_text("why", &self.why, TEXT_CHARS)?;
        if let Some(title) = &self.title {
            check_text("title", title, TEXT_CHARS)?;
        }
        let times = (self.earliest_at.flatten(), self.latest_at.flatten());
        check(self.instructions.as_deref(), self.skills.as_deref(), self.planned_minutes, times)
    }

    /// What it changes.
    fn fields(&self, order: &WorkOrder) -> Result<Vec<Field>, Problem> {
        let time = |time: Option<Time>| time.map(|Time(us)| rfc3339(us));
        let skills = self.skills.as_deref().map(words).transpose()?;
        let fields = [
            Field::text("title", &order.title, self.title.as_deref()),
            Field::text("instructions", &order.instructions, self.instructions.as_deref()),
            Field::text("priority", order.priority.as_str(), self.priority.map(Priority::as_str)),
            Field::text("skills", &words(&order.skills)?, skills.as_deref()),
            Field::new(
                "planned_minutes",
                Some(order.planned_minutes),
                self.planned_minutes.map(Some),
            ),
            Field::new("earliest_at", time(order.earliest_at), self.earliest_at.map(time)),
            Field::new("latest_at", time(order.latest_at), self.latest_at.map(time)),
        ];
        Ok(fields.into_iter().flatten().collect())
    }
}

/// Edits a work order.
///
/// With `If-Match` it may be older than the version that is there: fields that nobody else has changed
/// since are taken over. Where somebody has, nothing is written, and the 409 names both values.
#[utoipa::path(
    patch,
    path = "/api/v1/work-orders/{id}",
    operation_id = "edit_work_order",
    tag = "work orders",
    responses((status = 200, body = WorkOrder), Problem)
)]
pub(crate) async fn edit(
    By(who): By,
    IfMatch(seen): IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<WorkOrderEdit>,
) -> Result<Shown, Problem> {
    wanted.check()?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let order = find(&mut *tx, &id).await?;
    let fields = wanted.fields(&order)?;
    changes::merge(&mut tx, ("work_order", &id), (seen, order.version), &fields).await?;
    if !fields.is_empty() {
        write(&mut tx, &order, &wanted).await?;
        let change = NewChange {
            kind: "work_order",
            id: &id,
            who: &who,
            why: wanted.why.trim(),
            device_at: wanted.device_at.map(|at| at.0),
            version: Some(order.version + 1),
            ..NewChange::default()
        };
        changes::record_fields(&mut tx, now, change, &fields).await?;
    }
    tx.commit().await?;
    announce(&app, &id).await?;
    shown(&app, &id).await
}

async fn write(
    tx: &mut Transaction<'_, Any>,
    order: &WorkOrder,
    wanted: &WorkOrderEdit,
) -> Result<(), Problem> {
    let time = |wanted: Option<Option<Time>>, kept: Option<Time>| {
        wanted.unwrap_or(kept).map(|Time(us)| us)
    };
    let earliest = time(wanted.earliest_at, order.earliest_at);
    let latest = time(wanted.latest_at, order.latest_at);
    if earliest.zip(latest).is_some_and(|(earliest, latest)| earliest >= latest) {
        return Err(Problem::Invalid("`earliest_at` has to be before `latest_at`".into()));
    }
    let written = sqlx::query(
        "UPDATE work_orders SET title = $3, instructions = $4, priority = $5, skills = $6, \
         planned_minutes = $7, earliest_at = $8, latest_at = $9, version = version + 1 \
         WHERE id = $1 AND version = $2",
    )
    .bind(&order.id)
    .bind(order.version)
    .bind(wanted.title.as_deref().unwrap_or(&order.title).trim())
    .bind(wanted.instructions.as_deref().unwrap_or(&order.instructions).trim())
    .bind(wanted.priority.unwrap_or(order.priority).as_str())
    .bind(words(wanted.skills.as_deref().unwrap_or(&order.skills))?)
    .bind(wanted.planned_minutes.unwrap_or(order.planned_minutes))
    .bind(earliest)
    .bind(latest)
    .execute(&mut **tx)
    .await?;
    match written.rows_affected() {
        0 => Err(Problem::Stale { version: order.version + 1 }),
        _ => Ok(()),
    }
}
