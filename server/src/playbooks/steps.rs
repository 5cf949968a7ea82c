//! The steps of a run as people see them.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::state::PlaybookStepMark;
use crate::access::Role;
use crate::app::App;
use crate::http::Problem;
use crate::time::Time;

/// A step of a run.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaybookRunStep {
    id: String,
    text: String,
    role: Role,
    team: String,
    due_at: Time,
    mark: PlaybookStepMark,
    note: String,
    #[schema(required)]
    marked_at: Option<Time>,
    #[schema(required)]
    marked_by: Option<String>,
    /// Done after its goal time, or not done although that is over.
    late: bool,
}

#[derive(FromRow)]
struct StepRow {
    id: String,
    text: String,
    role: String,
    team: String,
    due_at: i64,
    mark: String,
    note: String,
    marked_at: Option<i64>,
    marked_by: Option<String>,
}

impl StepRow {
    fn step(self, end: i64) -> Result<PlaybookRunStep, Problem> {
        let mark = PlaybookStepMark::parse(&self.mark)?;
        Ok(PlaybookRunStep {
            late: mark != PlaybookStepMark::Skipped && self.marked_at.unwrap_or(end) > self.due_at,
            mark,
            role: Role::parse(&self.role)?,
            id: self.id,
            text: self.text,
            team: self.team,
            due_at: Time(self.due_at),
            note: self.note,
            marked_at: self.marked_at.map(Time),
            marked_by: self.marked_by,
        })
    }
}

/// The steps of a run in order; `end` is when it ended, or now.
pub(super) async fn of(app: &App, run_id: &str, end: i64) -> Result<Vec<PlaybookRunStep>, Problem> {
    let rows: Vec<StepRow> = sqlx::query_as(
        "SELECT id, text, role, team, due_at, mark, note, marked_at, marked_by \
         FROM playbook_run_steps WHERE run_id = $1 ORDER BY position",
    )
    .bind(run_id)
    .fetch_all(&app.database)
    .await?;
    rows.into_iter().map(|row| row.step(end)).collect()
}
