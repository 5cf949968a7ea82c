//! Technicians and customers hear of visits.

use sqlx::{Any, Transaction};

use super::visit::Visit;
use crate::http::Problem;
use crate::notifications::{self, About, Event, Kind, Part, Person, Recipient, What, notify};
use crate::tickets;

/// Something about a visit that people have to hear of.
#[derive(Clone, Copy)]
pub(super) enum News<'a> {
    /// It is in the calendar.
    Planned,
    /// Its time or technician is another one.
    Changed {
        /// What people said.
        reason: &'a str,
    },
    /// It is called off.
    CalledOff {
        /// What people said.
        reason: &'a str,
    },
    /// It begins in so many hours, or less.
    Near { hours: i64, planned_at: i64 },
    /// The technician has it now.
    Assigned,
}

impl<'a> News<'a> {
    fn what(self, visit: &'a Visit) -> What<'a> {
        let (number, machine, technician) =
            (&visit.work_order_number, &visit.asset_name, &visit.technician_name);
        let (from_at, until_at) = (visit.starts_at.0, visit.ends_at.0);
        let changed = |reason, cancelled| What::VisitChanged {
            number,
            machine,
            technician,
            from_at,
            until_at,
            reason,
            cancelled,
        };
        match self {
            Self::Planned => What::VisitPlanned { number, machine, technician, from_at, until_at },
            Self::Changed { reason } => changed(reason, false),
            Self::CalledOff { reason } => changed(reason, true),
            Self::Near { .. } => {
                What::VisitReminder { number, machine, technician, from_at, until_at }
            }
            Self::Assigned => {
                What::WorkOrderAssigned { number, machine, summary: &visit.title, from_at }
            }
        }
    }

    /// Each version of a visit is an event of its own, and each reminder of it.
    fn key(self, visit: &Visit) -> String {
        match self {
            Self::Near { hours, planned_at } => {
                format!("visit-reminder:{}:{planned_at}:{hours}", visit.id)
            }
            Self::Assigned => format!("visit-assigned:{}:{}", visit.id, visit.version),
            _ => format!("visit:{}:{}", visit.id, visit.version),
        }
    }
}

/// Tells the technician of a visit, as it is now.
pub(super) async fn tell_technician(
    tx: &mut Transaction<'_, Any>,
    visit: &Visit,
    news: News<'_>,
    rule: &str,
    now: i64,
) -> Result<(), Problem> {
    let person = Person::Account(&visit.technician_id);
    let audience = [Recipient { part: Part::Technician, person, mailbox: None }];
    let key = format!("{}:{}", news.key(visit), visit.technician_id);
    let path = format!("/visits/{}", visit.id);
    let about = About { kind: "visit", id: &visit.id, path: &path };
    let event = Event::new(&key, news.what(visit), about, rule);
    notify(tx, Event { audience: &audience, ..event }, now).await?;
    Ok(())
}

/// Tells the customer, with the way to what they follow.
pub(super) async fn tell_customer(
    tx: &mut Transaction<'_, Any>,
    visit: &Visit,
    news: News<'_>,
    rule: &str,
    now: i64,
) -> Result<(), Problem> {
    let ticket_id: String = sqlx::query_scalar("SELECT ticket_id FROM work_orders WHERE id = $1")
        .bind(&visit.work_order_id)
        .fetch_one(&mut **tx)
        .await?;
    let Some(customer) = tickets::customer(tx, &ticket_id).await? else { return Ok(()) };
    let audience = [customer.addressee.recipient()];
    let key = format!("{}:customer", news.key(visit));
    let about = About { kind: "visit", id: &visit.id, path: &customer.path };
    let event = Event::new(&key, news.what(visit), about, rule);
    notify(tx, Event { audience: &audience, ..event }, now).await?;
    Ok(())
}

/// Tells both.
pub(super) async fn tell(
    tx: &mut Transaction<'_, Any>,
    visit: &Visit,
    news: News<'_>,
    rule: &str,
    now: i64,
) -> Result<(), Problem> {
    tell_technician(tx, visit, news, rule, now).await?;
    tell_customer(tx, visit, news, rule, now).await
}

/// The technician has a work order now.
pub(crate) async fn tell_assigned(
    tx: &mut Transaction<'_, Any>,
    visit: &Visit,
    rule: &str,
    now: i64,
) -> Result<(), Problem> {
    tell_technician(tx, visit, News::Assigned, rule, now).await
}

/// Takes back what is no longer true of a visit and was not sent yet.
pub(super) async fn untell(
    tx: &mut Transaction<'_, Any>,
    visit_id: &str,
    by: (&str, &str),
    now: i64,
) -> Result<(), Problem> {
    let events = [Kind::VisitReminder, Kind::WorkOrderAssigned];
    notifications::take_back_news(tx, ("visit", visit_id), &events, by, now).await?;
    Ok(())
}
