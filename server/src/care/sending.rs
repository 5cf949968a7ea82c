//! A reminder whose time has come goes to the customer's contact, through the outbox.

use sqlx::{Any, FromRow, Transaction};

use super::attending::{drop_planned, record};
use super::policy::CarePolicy;
use super::state::CareReminderState;
use crate::app::App;
use crate::http::{Language, Problem};
use crate::notifications::{About, Event, Mailbox, Part, Person, Recipient, What, notify};

#[derive(FromRow)]
struct Reminder {
    rule: String,
    policy_version: i64,
    machine: String,
    customer_id: String,
    time_zone: String,
}

#[derive(FromRow)]
struct Contact {
    id: String,
    email: Option<String>,
    language: String,
}

/// What names the message of a reminder in the outbox.
pub(super) fn event_key(id: &str) -> String {
    format!("care:{id}")
}

/// Sends a reminder that is planned, or drops it when nobody wants or can get it.
pub(super) async fn send(
    app: &App,
    id: &str,
    policy: &CarePolicy,
    now: i64,
) -> Result<(), Problem> {
    let mut tx = app.begin().await?;
    let (from, to) =
        (CareReminderState::Planned, CareReminderState::Planned.step(CareReminderState::Sent)?);
    let taken = sqlx::query(
        "UPDATE care_reminders SET state = $3, sent_at = $4 WHERE id = $1 AND state = $2",
    )
    .bind(id)
    .bind(from.as_str())
    .bind(to.as_str())
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if taken.rows_affected() == 0 {
        return Ok(());
    }
    match tell(&mut tx, id, policy, now).await? {
        Told::Queued { contact_id, advice } => {
            sqlx::query("UPDATE care_reminders SET contact_id = $2, advice = $3 WHERE id = $1")
                .bind(id)
                .bind(contact_id)
                .bind(advice)
                .execute(&mut *tx)
                .await?;
            record(&mut tx, id, (Some(from), to), "it is due", now).await?;
            tx.commit().await?;
        }
        Told::Nobody(why) => {
            tx.rollback().await?;
            let mut tx = app.begin().await?;
            drop_planned(&mut tx, id, why, now).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

enum Told {
    Queued { contact_id: String, advice: String },
    Nobody(&'static str),
}

async fn tell(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    policy: &CarePolicy,
    now: i64,
) -> Result<Told, Problem> {
    let reminder: Option<Reminder> = sqlx::query_as(
        "SELECT r.rule, r.policy_version, a.name AS machine, s.customer_id, s.time_zone \
         FROM care_reminders r JOIN assets a ON a.id = r.asset_id JOIN sites s ON s.id = a.site_id \
         WHERE r.id = $1",
    )
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(reminder) = reminder else {
        return Ok(Told::Nobody("the machine belongs to no customer any more"));
    };
    let Some(rule) = policy.rules.iter().find(|rule| rule.key == reminder.rule) else {
        return Ok(Told::Nobody("its rule is not there any more"));
    };
    let Some(contact) = contact(tx, &reminder.customer_id).await? else {
        return Ok(Told::Nobody("the customer has no contact who wants reminders"));
    };
    let language = Language::parse(&contact.language)?;
    let advice = rule.advice.in_language(language);
    let (address, time_zone) = (contact.email.as_deref(), reminder.time_zone.as_str());
    let audience = [Recipient {
        part: Part::Customer,
        person: Person::Contact(&contact.id),
        mailbox: address.map(|address| Mailbox { address, language, time_zone }),
    }];
    let what = What::CareReminder { machine: &reminder.machine, advice };
    let about = About { kind: "care_reminder", id, path: "/report" };
    let by = format!("care policy version {}: {}", reminder.policy_version, reminder.rule);
    let key = event_key(id);
    let event = Event { audience: &audience, ..Event::new(&key, what, about, &by) };
    let notified = notify(tx, event, now).await?;
    Ok(match notified.queued {
        0 => Told::Nobody("no rule of notifications reaches the contact"),
        _ => Told::Queued { contact_id: contact.id.clone(), advice: advice.to_owned() },
    })
}

/// The customer's contact that has been known for longest and wants reminders; one with an e-mail
/// address before others.
async fn contact(
    tx: &mut Transaction<'_, Any>,
    customer_id: &str,
) -> Result<Option<Contact>, Problem> {
    Ok(sqlx::query_as(
        "SELECT id, email, language FROM contacts WHERE customer_id = $1 AND no_care = 0 \
         ORDER BY CASE WHEN email IS NULL THEN 1 ELSE 0 END, id LIMIT 1",
    )
    .bind(customer_id)
    .fetch_optional(&mut **tx)
    .await?)
}
