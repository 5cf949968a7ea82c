//! Notices: a promise is due soon, or was broken. Each is given once, however many servers look.

use serde::Serialize;
use sqlx::{Any, Transaction};

use super::clock::Clock;
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

impl Clock {
    /// Gives a notice, in the transaction that holds the clock: nobody else gives it meanwhile.
    pub(super) async fn notice(
        &mut self,
        tx: &mut Transaction<'_, Any>,
        what: Notice,
        now: i64,
    ) -> Result<(), Problem> {
        match what {
            Notice::DueSoon => self.due_soon_noticed_at = Some(now),
            Notice::Breached => self.breach_noticed_at = Some(now),
        }
        self.save(tx).await?;
        notice(tx, &self.id, what, now).await
    }
}

/// Writes a notice down; `sla_notices_once` lets there be one of a kind.
async fn notice(
    tx: &mut Transaction<'_, Any>,
    clock_id: &str,
    what: Notice,
    now: i64,
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO sla_notices (clock_id, kind, at) VALUES ($1, $2, $3) \
         ON CONFLICT (clock_id, kind) DO NOTHING",
    )
    .bind(clock_id)
    .bind(what.as_str())
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
