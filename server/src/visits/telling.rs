//! Technicians hear of their visits.

use sqlx::{Any, FromRow, Transaction};

use super::visit::Visit;
use crate::http::{Language, Problem};
use crate::notifications::{About, Event, Mailbox, Part, Person, Recipient, What, notify};

/// Something about a visit that its technician has to hear of.
#[derive(Clone, Copy)]
pub(super) enum News<'a> {
    /// It is in the calendar.
    Planned,
    /// Its time or technician is another one, or it is called off.
    Changed {
        /// What people said.
        reason: &'a str,
    },
}

#[derive(FromRow)]
struct Technician {
    email: String,
    language: String,
    hours: String,
}

/// Time zone of a technician's hours; UTC where none were said.
fn time_zone(hours: &str) -> String {
    let hours: serde_json::Value = serde_json::from_str(hours).unwrap_or_default();
    hours["time_zone"].as_str().unwrap_or("UTC").to_owned()
}

/// Tells the technician of a visit, as it is now.
pub(super) async fn tell(
    tx: &mut Transaction<'_, Any>,
    visit: &Visit,
    news: News<'_>,
    rule: &str,
    now: i64,
) -> Result<(), Problem> {
    let technician: Technician = sqlx::query_as(
        "SELECT a.email, a.language, t.hours FROM technicians t JOIN accounts a \
         ON a.id = t.account_id WHERE t.account_id = $1",
    )
    .bind(&visit.technician_id)
    .fetch_one(&mut **tx)
    .await?;
    let time_zone = time_zone(&technician.hours);
    let audience = [Recipient {
        part: Part::Technician,
        person: Person::Account(&visit.technician_id),
        mailbox: Some(Mailbox {
            address: &technician.email,
            language: Language::parse(&technician.language)?,
            time_zone: &time_zone,
        }),
    }];
    let (number, machine, name) =
        (&visit.work_order_number, &visit.asset_name, &visit.technician_name);
    let (from_at, until_at) = (visit.starts_at.0, visit.ends_at.0);
    let what = match news {
        News::Planned => {
            What::VisitPlanned { number, machine, technician: name, from_at, until_at }
        }
        News::Changed { reason } => {
            What::VisitChanged { number, machine, technician: name, from_at, until_at, reason }
        }
    };
    // Each version of a visit is an event of its own.
    let key = format!("visit:{}:{}:{}", visit.id, visit.version, visit.technician_id);
    let path = format!("/visits/{}", visit.id);
    let about = About { kind: "visit", id: &visit.id, path: &path };
    let event = Event { audience: &audience, ..Event::new(&key, what, about, rule) };
    notify(tx, event, now).await?;
    Ok(())
}
