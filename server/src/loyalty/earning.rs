//! Customers earn points by what they do, by the policy.

use sqlx::{Any, Transaction};

use super::ledger::{NewEntry, enter};
use super::policy::LoyaltyPolicy;
use crate::http::Problem;
use crate::policies;

/// What a customer gets points for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Earned {
    SurveyAnswered,
    SuggestionAdopted,
}

impl Earned {
    fn as_str(self) -> &'static str {
        match self {
            Self::SurveyAnswered => "survey_answered",
            Self::SuggestionAdopted => "suggestion_adopted",
        }
    }
}

/// Gives the customer of a machine the points for something with an id, once. Nobody gets any where the
/// machine belongs to nobody, or the policy gives none.
pub(crate) async fn earn(
    tx: &mut Transaction<'_, Any>,
    (earned, subject_id): (Earned, &str),
    asset_id: &str,
    now: i64,
) -> Result<(), Problem> {
    let (version, policy): (i64, LoyaltyPolicy) = policies::newest(&mut **tx).await?;
    let delta = policy.points(earned);
    let customer: Option<String> = sqlx::query_scalar(
        "SELECT s.customer_id FROM assets a JOIN sites s ON s.id = a.site_id WHERE a.id = $1",
    )
    .bind(asset_id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(customer) = customer.filter(|_| delta > 0) else { return Ok(()) };
    let rule = format!("loyalty policy version {version}");
    let entry = NewEntry {
        delta,
        reason: earned.as_str(),
        subject_id,
        rule: Some(&rule),
        why: earned.as_str(),
        who: "loyalty policy",
    };
    enter(tx, &customer, entry, now).await
}
