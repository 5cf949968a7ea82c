//! Whom of a customer to tell about something.

use sqlx::{Any, FromRow, Transaction};

use crate::http::{Language, Problem};
use crate::notifications::{Mailbox, Part, Person, Recipient};

/// A contact who may hear of something, with how they read it.
pub(crate) struct Addressee {
    /// The contact.
    pub id: String,
    email: Option<String>,
    /// What they read.
    pub language: Language,
    time_zone: String,
}

#[derive(FromRow)]
struct Row {
    id: String,
    email: Option<String>,
    language: String,
    time_zone: Option<String>,
}

impl Addressee {
    /// The contact who is named, or else the one with an e-mail address who has been known for
    /// longest. Times are those of the site.
    pub async fn of(
        tx: &mut Transaction<'_, Any>,
        customer_id: &str,
        (contact_id, site_id): (Option<&str>, Option<&str>),
    ) -> Result<Option<Self>, Problem> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT c.id, c.email, c.language, (SELECT s.time_zone FROM sites s WHERE s.id = $3) \
             AS time_zone FROM contacts c WHERE c.customer_id = $1 \
             AND (c.id = $2 OR ($2 = '' AND c.email IS NOT NULL)) ORDER BY c.id LIMIT 1",
        )
        .bind(customer_id)
        .bind(contact_id.unwrap_or_default())
        .bind(site_id)
        .fetch_optional(&mut **tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Self {
            id: row.id,
            email: row.email,
            language: Language::parse(&row.language)?,
            time_zone: row.time_zone.unwrap_or_else(|| "UTC".to_owned()),
        }))
    }

    /// As whom they hear of an event.
    pub fn recipient(&self) -> Recipient<'_> {
        let (language, time_zone) = (self.language, self.time_zone.as_str());
        let mailbox = self.email.as_deref();
        let mailbox = mailbox.map(|address| Mailbox { address, language, time_zone });
        Recipient { part: Part::Customer, person: Person::Contact(&self.id), mailbox }
    }
}
