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

/// Gives a customer the points for something with an id, once, where the policy gives any.
pub(crate) async fn earn(
    tx: &mut Transaction<'_, Any>,
    (earned, subject_id): (Earned, &str),
    customer_id: &str,
    now: i64,
) -> Result<(), Problem> {
    let (version, policy): (i64, LoyaltyPolicy) = policies::newest(&mut **tx).await?;
    let delta = policy.points(earned);
    if delta <= 0 {
        return Ok(());
    }
    let rule = format!("loyalty policy version {version}");
    let entry = NewEntry {
        delta,
        reason: earned.as_str(),
        subject_id,
        rule: Some(&rule),
        why: earned.as_str(),
        who: "loyalty policy",
    };
    enter(tx, customer_id, entry, now).await
}
