//! Open tickets of another system, each by what it is called there. A ticket that was imported goes its
//! own way from then on.

use super::rows::Row;
use super::running::{Did, Import};
use crate::alarms::{self, Priority};
use crate::http::Problem;
use crate::limits::TEXT_CHARS;
use crate::tickets::{self, Opening};

pub(super) async fn take(
    import: &mut Import<'_, '_>,
    row: &mut Row<'_>,
) -> Result<Option<Did>, Problem> {
    let reference = row.needed("reference", TEXT_CHARS);
    let asset = row.needed("asset", TEXT_CHARS);
    let title = row.needed("title", TEXT_CHARS);
    let priority = priority(row);
    let since_at = row.time("since");
    if since_at.is_some_and(|at| at > import.now) {
        row.wrong("since", "it is in the future");
    }
    let (Some(reference), Some(asset), Some(title)) = (reference, asset, title) else {
        return Ok(None);
    };
    import.once(row, "reference", reference);
    let asset_id: Option<String> = sqlx::query_scalar("SELECT id FROM assets WHERE name = $1")
        .bind(asset)
        .fetch_optional(&mut **import.tx)
        .await?;
    let Some(asset_id) = asset_id else {
        row.wrong("asset", format!("there is no machine {asset:?}: import assets first"));
        return Ok(None);
    };
    if row.is_wrong() {
        return Ok(None);
    }
    let signature = format!("import:{reference}");
    let known: Option<String> =
        sqlx::query_scalar("SELECT id FROM tickets WHERE asset_id = $1 AND signature = $2 LIMIT 1")
            .bind(&asset_id)
            .bind(&signature)
            .fetch_optional(&mut **import.tx)
            .await?;
    if known.is_some() {
        return Ok(Some(Did::changed(reference, Vec::new())));
    }
    alarms::hold(import.tx, &asset_id).await?;
    let opening = Opening {
        asset_id: &asset_id,
        signature: &signature,
        title,
        priority: priority.as_str(),
        since_at: since_at.unwrap_or(import.now),
        deviations: "[]",
        who: import.who,
        // Hundreds of tickets that everybody knows of are no news.
        told: false,
    };
    let id = tickets::open_or_join(import.tx, opening, import.now).await?.id;
    Ok(Some(Did::made(reference, id)))
}

fn priority(row: &mut Row<'_>) -> Priority {
    let Some(word) = row.text("priority", TEXT_CHARS) else { return Priority::Medium };
    Priority::parse(&word.to_lowercase()).unwrap_or_else(|_| {
        row.wrong("priority", "it has to be low, medium, high or critical");
        Priority::Medium
    })
}
