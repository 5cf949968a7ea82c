//! Notices: a promise is due soon, or was broken. Each is given once, however many servers look.

use serde::Serialize;
use sqlx::{Any, Transaction};

use super::SubjectKind;
use super::clock::{self, Clock};
use super::subjects::Named;
use crate::http::Problem;
use crate::notifications::{About, Event, Part, Person, Recipient, What, notify};

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
        notice(tx, &self.id, what, now).await?;
        self.tell(tx, what, now).await
    }

    /// Tells those who have to know.
    async fn tell(
        &self,
        tx: &mut Transaction<'_, Any>,
        notice: Notice,
        now: i64,
    ) -> Result<(), Problem> {
        let Some(due_at) = self.due_at else { return Ok(()) };
        let (kind, id): (String, String) =
            sqlx::query_as("SELECT subject_kind, subject_id FROM sla_clocks WHERE id = $1")
                .bind(&self.id)
                .fetch_one(&mut **tx)
                .await?;
        let subject = clock::About { kind: SubjectKind::parse(&kind)?, id: &id };
        let Some(named) = Named::of(tx, subject).await? else { return Ok(()) };
        let (number, promise) = (named.number.as_str(), self.kind.as_str());
        let what = match notice {
            Notice::DueSoon => What::SlaDueSoon { number, promise, due_at },
            Notice::Breached => What::SlaBreached { number, promise, due_at },
        };
        let key = format!("sla-{}:{}", notice.as_str(), self.id);
        let about = About { kind: &kind, id: &id, path: &named.path };
        let rule = format!("service level {}, version {}", self.policy, self.policy_version);
        let technician =
            |id| Recipient { part: Part::Technician, person: Person::Account(id), mailbox: None };
        let audience: Vec<_> = named.technicians.iter().map(|id| technician(id)).collect();
        let event = Event { audience: &audience, ..Event::new(&key, what, about, &rule) };
        notify(tx, event, now).await?;
        Ok(())
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
