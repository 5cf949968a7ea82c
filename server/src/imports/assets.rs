//! Machines, by their names.

use super::rows::Row;
use super::running::{Did, Import};
use crate::assets::{self, AssetChange, NewAsset};
use crate::http::{IfMatch, Problem};
use crate::limits::TEXT_CHARS;
use crate::time::Time;

pub(super) async fn take(
    import: &mut Import<'_, '_>,
    row: &mut Row<'_>,
) -> Result<Option<Did>, Problem> {
    let name = row.needed("name", TEXT_CHARS);
    let kind = row.needed("kind", TEXT_CHARS);
    let model = row.text("model", TEXT_CHARS).map(str::to_owned);
    let serial = row.text("serial", TEXT_CHARS).map(str::to_owned);
    let warranty_until = row.time("warranty_until").map(Time);
    let site_id = site(import, row).await?;
    let (Some(name), Some(kind)) = (name, kind) else { return Ok(None) };
    import.once(row, "name", name);
    let known: Option<(String, String)> =
        sqlx::query_as("SELECT id, kind FROM assets WHERE name = $1")
            .bind(name)
            .fetch_optional(&mut **import.tx)
            .await?;
    if let Some((_, before)) = &known
        && before != kind
    {
        row.wrong("kind", format!("the machine is a {before:?}; rules go by it, so it stays"));
    }
    if row.is_wrong() {
        return Ok(None);
    }
    if let Some((id, _)) = known {
        let wanted = AssetChange {
            model: model.map(Some),
            serial: serial.map(Some),
            site_id: site_id.map(Some),
            warranty_until: warranty_until.map(Some),
            why: import.why.to_owned(),
            ..AssetChange::default()
        };
        let at = (id.as_str(), IfMatch(None));
        let fields = assets::apply(import.tx, at, &wanted, import.who, import.now).await?;
        return Ok(Some(Did::changed(name, fields)));
    }
    let new = NewAsset {
        name: name.to_owned(),
        kind: kind.to_owned(),
        model,
        serial,
        site_id,
        purchased_at: None,
        warranty_until,
    };
    let id = assets::add(import.tx, &new, (import.who, import.why), import.now).await?;
    Ok(Some(Did::made(name, id)))
}

/// The site that customer and site name together; none where the row names none.
async fn site(import: &mut Import<'_, '_>, row: &mut Row<'_>) -> Result<Option<String>, Problem> {
    let customer = row.text("customer", TEXT_CHARS);
    let site = row.text("site", TEXT_CHARS);
    let (customer, site) = match (customer, site) {
        (None, None) => return Ok(None),
        (Some(customer), Some(site)) => (customer, site),
        (Some(_), None) => {
            row.wrong("site", "say at which site of the customer it stands");
            return Ok(None);
        }
        (None, Some(_)) => {
            row.wrong("customer", "say whose site it is");
            return Ok(None);
        }
    };
    let Some(customer_id) = import.customer(row, "customer", customer).await? else {
        return Ok(None);
    };
    let known: Option<String> =
        sqlx::query_scalar("SELECT id FROM sites WHERE customer_id = $1 AND name = $2")
            .bind(customer_id)
            .bind(site)
            .fetch_optional(&mut **import.tx)
            .await?;
    if known.is_none() {
        row.wrong("site", format!("{customer} has no site {site:?}: import sites first"));
    }
    Ok(known)
}
