//! Technicians hear of their visits.

use sqlx::{Any, Transaction};

use super::visit::Visit;
use crate::http::Problem;
use crate::notifications::{About, Event, Part, Person, Recipient, What, notify};

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

/// Tells the technician of a visit, as it is now.
pub(super) async fn tell(
    tx: &mut Transaction<'_, Any>,
    visit: &Visit,
    news: News<'_>,
    rule: &str,
    now: i64,
) -> Result<(), Problem> {
    let person = Person::Account(&visit.technician_id);
    let audience = [Recipient { part: Part::Technician, person, mailbox: None }];
    let (number, machine, technician) =
        (&visit.work_order_number, &visit.asset_name, &visit.technician_name);
    let (from_at, until_at) = (visit.starts_at.0, visit.ends_at.0);
    let what = match news {
        News::Planned => What::VisitPlanned { number, machine, technician, from_at, until_at },
        News::Changed { reason } => {
            What::VisitChanged { number, machine, technician, from_at, until_at, reason }
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
