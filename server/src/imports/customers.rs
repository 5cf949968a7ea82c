//! Customers, by their names.

use super::rows::Row;
use super::running::{Did, Import};
use crate::customers::{CustomerChange, NewCustomer, add_customer, apply_to_customer};
use crate::http::{IfMatch, Problem};
use crate::limits::{NOTES_CHARS, TEXT_CHARS, WORD_CHARS};

pub(super) async fn take(
    import: &mut Import<'_, '_>,
    row: &mut Row<'_>,
) -> Result<Option<Did>, Problem> {
    let name = row.needed("name", TEXT_CHARS);
    let segment = row.text("segment", WORD_CHARS).map(str::to_owned);
    let language = row.language("language");
    let high_risk = row.flag("high_risk");
    let priority_lane = row.flag("priority_lane");
    let notes = row.text("notes", NOTES_CHARS).map(str::to_owned);
    let Some(name) = name else { return Ok(None) };
    import.once(row, "name", name);
    if row.is_wrong() {
        return Ok(None);
    }
    let known: Option<String> = sqlx::query_scalar("SELECT id FROM customers WHERE name = $1")
        .bind(name)
        .fetch_optional(&mut **import.tx)
        .await?;
    if let Some(id) = known {
        let why = import.why.to_owned();
        let wanted = CustomerChange {
            segment,
            language,
            high_risk,
            priority_lane,
            notes,
            why,
            ..CustomerChange::default()
        };
        let at = (id.as_str(), IfMatch(None));
        let fields = apply_to_customer(import.tx, at, &wanted, import.who, import.now).await?;
        return Ok(Some(Did::changed(name, fields)));
    }
    let new = NewCustomer {
        name: name.to_owned(),
        segment: segment.unwrap_or_default(),
        language: language.unwrap_or_default(),
        high_risk: high_risk.unwrap_or_default(),
        priority_lane: priority_lane.unwrap_or_default(),
        notes: notes.unwrap_or_default(),
    };
    let id = add_customer(import.tx, &new, (import.who, import.why), import.now).await?;
    Ok(Some(Did::made(name, id)))
}
