//! The customer hears of every step of a return.

use sqlx::{Any, Transaction};

use super::rma::find;
use crate::customers::Addressee;
use crate::http::Problem;
use crate::notifications::{About, Event, What, notify};

/// Tells the contact of a return how it stands.
pub(super) async fn tell(
    tx: &mut Transaction<'_, Any>,
    return_id: &str,
    rule: &str,
    now: i64,
) -> Result<(), Problem> {
    let rma = find(&mut **tx, return_id, now).await?;
    let named = (rma.contact_id.as_deref(), rma.site_id.as_deref());
    let Some(addressee) = Addressee::of(tx, &rma.customer_id, named).await? else {
        return Ok(());
    };
    let audience = [addressee.recipient()];
    // Templates have words for each of these.
    let step = format!("return_{}", rma.state.as_str());
    let what = What::ReturnStep { number: &rma.number, item: &rma.item, step: &step };
    let key = format!("return:{return_id}:{}", rma.version);
    let path = format!("/track/returns/{}", rma.secret);
    let about = About { kind: "return", id: return_id, path: &path };
    notify(tx, Event { audience: &audience, ..Event::new(&key, what, about, rule) }, now).await?;
    Ok(())
}
