//! A closed ticket asks its customer how it was, and has somebody call them back.

use sqlx::{Any, FromRow, Transaction};

use super::making::NewSurvey;
use super::policy::SurveyPolicy;
use crate::alarms::Priority;
use crate::database::new_id;
use crate::http::Problem;
use crate::notifications::What;
use crate::service_levels::{self, About as SlaAbout, Act, Start, SubjectKind, TargetKind, Whose};
use crate::time::DAY_US;
use crate::{policies, tickets};

#[derive(FromRow)]
struct Ticket {
    number: i64,
    asset_id: String,
    machine: String,
    customer_id: String,
}

/// Asks the customer of a ticket that is closed just now. A machine without a customer asks nobody, and
/// a ticket that is closed again, after a recurrence, asks again. The link goes to the contact who asked for
/// the work, or else to the one who has been known for longest.
pub(crate) async fn ask(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
    now: i64,
) -> Result<(), Problem> {
    let ticket: Option<Ticket> = sqlx::query_as(
        "SELECT t.number, t.asset_id, a.name AS machine, s.customer_id FROM tickets t \
         JOIN assets a ON a.id = t.asset_id JOIN sites s ON s.id = a.site_id WHERE t.id = $1",
    )
    .bind(ticket_id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(ticket) = ticket else { return Ok(()) };
    let (version, policy): (i64, SurveyPolicy) = policies::newest(&mut **tx).await?;
    let rule = format!("survey policy version {version}");
    if policy.call_back_days > 0 {
        let call_back_id = new_id();
        let about = SlaAbout { kind: SubjectKind::CallBack, id: &call_back_id };
        let (whose, kinds) = (Whose::machine(&ticket.asset_id), [TargetKind::CallBack]);
        let priority = Priority::Medium;
        let act = Act { who: "survey policy", why: &rule, at: now };
        let start = Start { about, whose, kinds: &kinds, priority, act };
        service_levels::start(tx, start).await?;
        // What was promised goes before the policy of the house.
        let promised_at = service_levels::due_at(tx, about, TargetKind::CallBack).await?;
        sqlx::query(
            "INSERT INTO call_backs (id, ticket_id, asset_id, state, rule, due_at, created_at) \
             VALUES ($1, $2, $3, 'due', $4, $5, $6)",
        )
        .bind(&call_back_id)
        .bind(ticket_id)
        .bind(&ticket.asset_id)
        .bind(&rule)
        .bind(promised_at.unwrap_or(now + policy.call_back_days * DAY_US))
        .bind(now)
        .execute(&mut **tx)
        .await?;
    }
    let customer = tickets::customer(tx, ticket_id).await?;
    let number = tickets::number(ticket.number);
    let what = What::SurveyInvitation { number: Some(&number), machine: Some(&ticket.machine) };
    let survey = NewSurvey {
        customer_id: &ticket.customer_id,
        ticket: Some((ticket_id, &ticket.asset_id)),
        version,
        policy: &policy,
        rule: &rule,
        at: now,
    };
    survey.make(tx, customer.as_ref().map(|customer| &customer.addressee), what).await
}
