//! Who has to approve hears of it, and who wrote it hears how it went.

use sqlx::{Any, Transaction};

use super::view::Proposal;
use crate::http::Problem;
use crate::limits::LIST_ROWS;
use crate::notifications::{About, Event, Part, Person, Recipient, What, notify};

async fn tell(
    tx: &mut Transaction<'_, Any>,
    proposal: &Proposal,
    (key, what, rule): (&str, What<'_>, &str),
    accounts: &[String],
    now: i64,
) -> Result<(), Problem> {
    let people = accounts.iter().map(|id| Person::Account(id));
    let audience: Vec<_> =
        people.map(|person| Recipient { part: Part::Addressee, person, mailbox: None }).collect();
    let path = format!("/proposals/{}", proposal.id);
    let about = About { kind: "proposal", id: &proposal.id, path: &path };
    notify(tx, Event { audience: &audience, ..Event::new(key, what, about, rule) }, now).await?;
    Ok(())
}

/// Tells everybody of the role whose turn it is, but for the author.
pub(super) async fn wanted(
    tx: &mut Transaction<'_, Any>,
    proposal: &Proposal,
    now: i64,
) -> Result<(), Problem> {
    let people: Vec<String> = sqlx::query_scalar(
        "SELECT a.id FROM accounts a WHERE a.state = 'active' AND a.id <> $3 \
         AND a.role = (SELECT l.role FROM approvals l WHERE l.proposal_id = $1 AND l.version = $2 \
         AND l.state = 'waiting' ORDER BY l.position LIMIT 1) ORDER BY a.id LIMIT $4",
    )
    .bind(&proposal.id)
    .bind(proposal.version)
    .bind(proposal.author_account.as_deref().unwrap_or_default())
    .bind(LIST_ROWS)
    .fetch_all(&mut **tx)
    .await?;
    let turn: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM approvals WHERE proposal_id = $1 AND version = $2 \
         AND state = 'approved'",
    )
    .bind(&proposal.id)
    .bind(proposal.version)
    .fetch_one(&mut **tx)
    .await?;
    let cost = &proposal.content.cost;
    let amount = format!("{}.{:02} {}", cost.minor / 100, cost.minor % 100, cost.currency);
    let what = What::ApprovalWanted {
        number: &proposal.number,
        proposal: &proposal.content.title,
        amount: &amount,
        requested_by: &proposal.author,
    };
    let key = format!("approval-wanted:{}:{}:{turn}", proposal.id, proposal.version);
    tell(tx, proposal, (&key, what, "approval policy"), &people, now).await
}

/// Tells the author that a version was approved by everybody, or sent back.
pub(super) async fn decided(
    tx: &mut Transaction<'_, Any>,
    proposal: &Proposal,
    approved: bool,
    (by, reason): (&str, &str),
    now: i64,
) -> Result<(), Problem> {
    let author: Vec<String> = proposal.author_account.iter().cloned().collect();
    let (number, title) = (&proposal.number, &proposal.content.title);
    let what = What::ApprovalDecided { number, proposal: title, approved, decided_by: by, reason };
    let key = format!("approval-decided:{}:{}", proposal.id, proposal.version);
    tell(tx, proposal, (&key, what, "approval policy"), &author, now).await
}
