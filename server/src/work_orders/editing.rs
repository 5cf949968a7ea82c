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
use crate::changes::{self, NewChange};
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
    why: String,
    /// When the author's device says that it was edited, if it was offline then.
    device_at: Option<Time>,
}

/// A field with its column, and its values before and after as text.
struct Field {
    name: &'static str,
    before: Option<String>,
    after: Option<String>,
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
        let text = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned());
        let time = |time: Option<Time>| time.map(|Time(us)| rfc3339(us));
        let skills = self.skills.as_deref().map(words).transpose()?;
        let both = [
            ("title", Some(order.title.clone()), text(&self.title).map(Some)),
            ("instructions", Some(order.instructions.clone()), text(&self.instructions).map(Some)),
            (
                "priority",
                Some(order.priority.as_str().to_owned()),
                self.priority.map(|p| Some(p.as_str().to_owned())),
            ),
            ("skills", Some(words(&order.skills)?), skills.map(Some)),
            (
                "planned_minutes",
                Some(order.planned_minutes.to_string()),
                self.planned_minutes.map(|m| Some(m.to_string())),
            ),
            ("earliest_at", time(order.earliest_at), self.earliest_at.map(time)),
            ("latest_at", time(order.latest_at), self.latest_at.map(time)),
        ];
        let fields = both.into_iter().filter_map(|(name, before, after)| {
            let after = after?;
            (before != after).then_some(Field { name, before, after })
        });
        Ok(fields.collect())
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
    if let Some(seen) = seen.filter(|seen| *seen < order.version) {
        let ours: Vec<_> = fields.iter().map(|f| (f.name, f.after.as_deref())).collect();
        let conflicts = changes::conflicts(&mut tx, ("work_order", &id), seen, &ours).await?;
        if !conflicts.is_empty() {
            return Err(Problem::Clash { conflicts });
        }
    }
    if !fields.is_empty() {
        write(&mut tx, &order, &wanted).await?;
        for field in &fields {
            let change = NewChange {
                kind: "work_order",
                id: &id,
                who: &who,
                field: field.name,
                from: field.before.as_deref(),
                to: field.after.as_deref(),
                why: wanted.why.trim(),
                device_at: wanted.device_at.map(|at| at.0),
                version: Some(order.version + 1),
                rule: None,
            };
            changes::record(&mut tx, now, change).await?;
        }
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
