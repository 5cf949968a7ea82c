//! Whoever has a step in a playbook hears that it was started.

use sqlx::{Any, Transaction};

use crate::http::Problem;
use crate::limits::LIST_ROWS;
use crate::notifications::{About, Event, Part, Person, Recipient, What, notify};

/// A run that people are told of.
pub(super) struct Started<'a> {
    pub id: &'a str,
    pub playbook: &'a str,
    pub case: &'a str,
    pub drill: bool,
    pub asset_id: Option<&'a str>,
    pub by: &'a str,
}

/// Tells everybody of the roles that have a step, as far as they may see the machine.
pub(super) async fn tell(
    tx: &mut Transaction<'_, Any>,
    run: Started<'_>,
    now: i64,
) -> Result<(), Problem> {
    let people: Vec<String> = sqlx::query_scalar(
        "SELECT a.id FROM accounts a WHERE a.state = 'active' AND a.role IN (SELECT s.role \
         FROM playbook_run_steps s WHERE s.run_id = $1) AND (a.limited = 0 OR EXISTS (SELECT 1 \
         FROM visible_sites v JOIN assets m ON m.site_id = v.site_id WHERE v.account_id = a.id \
         AND m.id = $2)) ORDER BY a.id LIMIT $3",
    )
    .bind(run.id)
    .bind(run.asset_id.unwrap_or_default())
    .bind(LIST_ROWS)
    .fetch_all(&mut **tx)
    .await?;
    let people = people.iter().map(|id| Person::Account(id));
    let audience: Vec<_> =
        people.map(|person| Recipient { part: Part::Addressee, person, mailbox: None }).collect();
    let Started { playbook, case, drill, by: started_by, .. } = run;
    let what = What::PlaybookStarted { playbook, case, drill, started_by };
    let (key, path) =
        (format!("playbook-started:{}", run.id), format!("/playbook-runs/{}", run.id));
    let about = About { kind: "playbook_run", id: run.id, path: &path };
    let event = Event::new(&key, what, about, "a playbook is started");
    notify(tx, Event { audience: &audience, ..event }, now).await?;
    Ok(())
}
