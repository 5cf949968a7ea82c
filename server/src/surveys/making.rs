//! A survey comes to be, and its link goes to whoever is asked.

use sqlx::{Any, Transaction};

use super::policy::SurveyPolicy;
use crate::customers::Addressee;
use crate::database::{new_id, to_json};
use crate::http::Problem;
use crate::notifications::{About, Event, What, notify};
use crate::time::DAY_US;
use crate::tokens::new_secret;

/// A survey that is wanted.
pub(super) struct NewSurvey<'a> {
    pub customer_id: &'a str,
    /// Ids of the ticket and its machine; without them it is about the whole service.
    pub ticket: Option<(&'a str, &'a str)>,
    /// The version of the policy.
    pub version: i64,
    pub policy: &'a SurveyPolicy,
    /// Which rule asks.
    pub rule: &'a str,
    /// Microseconds since the Unix epoch.
    pub at: i64,
}

impl NewSurvey<'_> {
    /// Makes it and sends the link, where there is somebody to send it to.
    pub async fn make(
        self,
        tx: &mut Transaction<'_, Any>,
        addressee: Option<&Addressee>,
        what: What<'_>,
    ) -> Result<(), Problem> {
        let (id, secret) = (new_id(), new_secret());
        let criteria = to_json(&self.policy.criteria)?;
        sqlx::query(
            "INSERT INTO surveys (id, customer_id, ticket_id, asset_id, secret, policy_version, criteria, \
             state, rule, created_at, expires_at, comment, tags) VALUES ($1, $2, $3, $4, $5, $6, $7, \
             'open', $8, $9, $10, '', '[]')",
        )
        .bind(&id)
        .bind(self.customer_id)
        .bind(self.ticket.map(|(ticket_id, _)| ticket_id))
        .bind(self.ticket.map(|(_, asset_id)| asset_id))
        .bind(&secret)
        .bind(self.version)
        .bind(criteria)
        .bind(self.rule)
        .bind(self.at)
        .bind(self.at + self.policy.open_days * DAY_US)
        .execute(&mut **tx)
        .await?;
        let Some(addressee) = addressee else { return Ok(()) };
        let audience = [addressee.recipient()];
        let (key, path) = (format!("survey:{id}"), format!("/survey/{secret}"));
        let about = About { kind: "survey", id: &id, path: &path };
        let event = Event { audience: &audience, ..Event::new(&key, what, about, self.rule) };
        notify(tx, event, self.at).await?;
        Ok(())
    }
}
