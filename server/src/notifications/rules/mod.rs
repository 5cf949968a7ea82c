//! Who hears of what: policy data with versions.

mod audience;
mod policy;

pub(super) use audience::Audience;
pub(crate) use policy::{__path_change, __path_versions, change, versions};

use sqlx::{Any, AnyPool, Transaction};

use super::addresses::AddressKind;
use super::kind::Kind;
use super::retry::Patience;
use crate::http::Problem;

/// A rule that holds for an event.
pub(super) struct Holding {
    pub version: i64,
    pub audience: Audience,
    pub channels: Vec<AddressKind>,
    pub urgent: bool,
}

/// The rules of the newest version for a kind of event.
pub(super) async fn holding(
    tx: &mut Transaction<'_, Any>,
    kind: Kind,
) -> Result<Vec<Holding>, Problem> {
    let rows: Vec<(i64, String, String, i64)> = sqlx::query_as(
        "SELECT version, audience, channels, urgent FROM notification_rules WHERE event = $1 \
         AND version = (SELECT max(v.version) FROM notification_rule_versions v) ORDER BY audience",
    )
    .bind(kind.as_str())
    .fetch_all(&mut **tx)
    .await?;
    let read = |(version, audience, channels, urgent): (i64, String, String, i64)| {
        let audience = Audience::parse(&audience).ok_or_else(|| {
            Problem::Internal(format!("audience {audience:?} of a notification rule").into())
        })?;
        let channels = channels.split(' ').map(AddressKind::parse).collect::<Result<_, _>>()?;
        Ok(Holding { version, audience, channels, urgent: urgent != 0 })
    };
    rows.into_iter().map(read).collect()
}

/// How patient the outbox is now.
pub(super) async fn patience(database: &AnyPool) -> Result<Patience, Problem> {
    let (first_s, longest_s, give_up_after_s): (i64, i64, i64) = sqlx::query_as(
        "SELECT retry_first_s, retry_longest_s, give_up_after_s FROM notification_rule_versions \
         ORDER BY version DESC LIMIT 1",
    )
    .fetch_one(database)
    .await?;
    Ok(Patience { first_s, longest_s, give_up_after_s })
}
