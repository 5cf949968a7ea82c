//! Notices: a promise is due soon, or was broken. Each is given once, however many servers look.

use serde::Serialize;
use sqlx::{Any, Transaction};

use crate::http::Problem;

/// What is noticed about a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Most of its time is used up.
    DueSoon,
    /// All of it is.
    Breached,
}

impl Notice {
    fn as_str(self) -> &'static str {
        match self {
            Self::DueSoon => "due_soon",
            Self::Breached => "breached",
        }
    }
}

/// Writes a notice down, and says whether it is the first of its kind.
pub(super) async fn notice(
    tx: &mut Transaction<'_, Any>,
    clock_id: &str,
    notice: Notice,
    now: i64,
) -> Result<bool, Problem> {
    let first = sqlx::query(
        "INSERT INTO sla_notices (clock_id, kind, at) VALUES ($1, $2, $3) \
         ON CONFLICT (clock_id, kind) DO NOTHING",
    )
    .bind(clock_id)
    .bind(notice.as_str())
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(first.rows_affected() > 0)
}
