//! Customers whom nobody has asked for long are asked about the whole service, by the policy.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::making::NewSurvey;
use super::policy::SurveyPolicy;
use crate::app::App;
use crate::customers::Addressee;
use crate::database::take_turn;
use crate::http::Problem;
use crate::limits::SURVEYS_AT_ONCE;
use crate::notifications::What;

/// Customers, or the one with id `$2`, who have had a machine since `$1` and were asked nothing after it.
/// Whoever cannot be written to is not asked: a survey that nobody has heard of would count as unanswered.
const DUE: &str = "SELECT c.id FROM customers c WHERE ($2 = '' OR c.id = $2) AND c.created_at <= $1 \
     AND EXISTS (SELECT 1 FROM sites s JOIN assets a ON a.site_id = s.id \
       WHERE s.customer_id = c.id AND a.created_at <= $1) \
     AND EXISTS (SELECT 1 FROM contacts p WHERE p.customer_id = c.id AND p.email IS NOT NULL) \
     AND NOT EXISTS (SELECT 1 FROM surveys q WHERE q.customer_id = c.id AND q.created_at > $1) \
     ORDER BY c.id LIMIT $3";

/// So many months before, by the calendar in UTC.
fn months_before(at: i64, months: i64) -> Result<i64, Problem> {
    let out_of_range = |e| Problem::Internal(Box::new(e));
    let at = Timestamp::from_microsecond(at).map_err(out_of_range)?.to_zoned(TimeZone::UTC);
    let before = at.checked_sub(months.months()).map_err(out_of_range)?;
    Ok(before.timestamp().as_microsecond())
}

/// Asks those whose time has come, so many in a round.
pub(super) async fn ask_due(
    app: &App,
    (version, policy): (i64, &SurveyPolicy),
    now: i64,
) -> Result<(), Problem> {
    if policy.every_months == 0 {
        return Ok(());
    }
    let since = months_before(now, policy.every_months)?;
    let due: Vec<String> = sqlx::query_scalar(DUE)
        .bind(since)
        .bind("")
        .bind(SURVEYS_AT_ONCE)
        .fetch_all(&app.database)
        .await?;
    for customer_id in due {
        ask(app, &customer_id, (version, policy), (since, now)).await?;
    }
    Ok(())
}

/// Asks a customer, once, however many servers look.
async fn ask(
    app: &App,
    customer_id: &str,
    (version, policy): (i64, &SurveyPolicy),
    (since, now): (i64, i64),
) -> Result<(), Problem> {
    let mut tx = app.begin().await?;
    // Whoever waits here sees below whom the one before has asked.
    take_turn(&mut tx, "scheduled surveys").await?;
    let due: Option<String> = sqlx::query_scalar(DUE)
        .bind(since)
        .bind(customer_id)
        .bind(1_i64)
        .fetch_optional(&mut *tx)
        .await?;
    let addressee = Addressee::of(&mut tx, customer_id, (None, None)).await?;
    if due.is_none() || addressee.is_none() {
        return Ok(());
    }
    let months = policy.every_months;
    let rule = format!("survey policy version {version}: nothing was asked for {months} months");
    let what = What::SurveyInvitation { number: None, machine: None };
    let survey = NewSurvey { customer_id, ticket: None, version, policy, rule: &rule, at: now };
    survey.make(&mut tx, addressee.as_ref(), what).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        let before = |text, months| months_before(at(text), months).unwrap();
        assert_eq!(before("2026-08-31T12:00:00Z", 6), at("2026-02-28T12:00:00Z"));
        assert_eq!(before("2026-03-01T00:00:00Z", 12), at("2025-03-01T00:00:00Z"));
    }
}
