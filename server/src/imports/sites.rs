//! Sites, by customer and name.

use super::rows::Row;
use super::running::{Did, Import};
use crate::customers::{NewSite, SiteChange, add_site, apply_to_site};
use crate::http::{IfMatch, Problem};
use crate::limits::{NOTES_CHARS, TEXT_CHARS, WORD_CHARS};

pub(super) async fn take(
    import: &mut Import<'_, '_>,
    row: &mut Row<'_>,
) -> Result<Option<Did>, Problem> {
    let customer = row.needed("customer", TEXT_CHARS);
    let name = row.needed("name", TEXT_CHARS);
    let time_zone = row.text("time_zone", TEXT_CHARS).map(str::to_owned);
    if let Some(zone) = &time_zone
        && sla::Calendar::time_zone(zone).is_err()
    {
        row.wrong("time_zone", "it has to be an IANA name such as Asia/Shanghai");
    }
    let address = row.text("address", TEXT_CHARS).map(str::to_owned);
    let area = row.text("area", WORD_CHARS).map(str::to_owned);
    let latitude = row.number("latitude", -90.0..=90.0);
    let longitude = row.number("longitude", -180.0..=180.0);
    let access_notes = row.text("access_notes", NOTES_CHARS).map(str::to_owned);
    let (Some(customer), Some(name)) = (customer, name) else { return Ok(None) };
    import.once(row, "name", &format!("{customer} / {name}"));
    let Some(customer_id) = import.customer(row, "customer", customer).await? else {
        return Ok(None);
    };
    let known: Option<String> =
        sqlx::query_scalar("SELECT id FROM sites WHERE customer_id = $1 AND name = $2")
            .bind(&customer_id)
            .bind(name)
            .fetch_optional(&mut **import.tx)
            .await?;
    if known.is_none() && time_zone.is_none() {
        row.wrong("time_zone", "a new site has to have one");
    }
    if row.is_wrong() {
        return Ok(None);
    }
    if let Some(id) = known {
        let wanted = SiteChange {
            time_zone,
            address,
            area,
            latitude: latitude.map(Some),
            longitude: longitude.map(Some),
            access_notes,
            why: import.why.to_owned(),
            ..SiteChange::default()
        };
        let at = (id.as_str(), IfMatch(None));
        let fields = apply_to_site(import.tx, at, &wanted, import.who, import.now).await?;
        return Ok(Some(Did::changed(name, fields)));
    }
    let new = NewSite {
        customer_id,
        name: name.to_owned(),
        address: address.unwrap_or_default(),
        area: area.unwrap_or_default(),
        time_zone: time_zone.unwrap_or_default(),
        latitude,
        longitude,
        access_notes: access_notes.unwrap_or_default(),
    };
    let id = add_site(import.tx, &new, (import.who, import.why), import.now).await?;
    Ok(Some(Did::made(name, id)))
}
