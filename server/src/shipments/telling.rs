//! The customer hears where a shipment is, and when it is late.

use sqlx::{Any, Transaction};

use super::shipment::find;
use super::state::ShipmentState;
use crate::customers::Addressee;
use crate::http::Problem;
use crate::notifications::{About, Event, What, notify};

/// Something about a shipment that people have to hear of.
#[derive(Clone, Copy)]
pub(super) enum News<'a> {
    /// It is in another state.
    Moved,
    /// Somebody said something about it; `key` names what.
    Said { key: &'a str, text: &'a str },
    /// The promise that holds is broken.
    Late,
}

/// Tells the contact of a shipment, as it is now; of a delay also those who have to act.
pub(super) async fn tell(
    tx: &mut Transaction<'_, Any>,
    shipment_id: &str,
    news: News<'_>,
    now: i64,
) -> Result<(), Problem> {
    let shipment = find(&mut **tx, shipment_id).await?;
    let named = (shipment.contact_id.as_deref(), shipment.site_id.as_deref());
    let addressee = Addressee::of(tx, &shipment.customer_id, named).await?;
    let audience: Vec<_> = addressee.iter().map(Addressee::recipient).collect();
    let (number, item) = (shipment.number.as_str(), shipment.item.as_str());
    // Templates have words for each of these.
    let state = format!("shipment_{}", shipment.state.as_str());
    let (key, what, rule) = match news {
        // The order is not news to whoever ordered, and a closed one is over.
        News::Moved if matches!(shipment.state, ShipmentState::Draft | ShipmentState::Closed) => {
            return Ok(());
        }
        News::Moved => (
            format!("shipment:{shipment_id}:{}", shipment.version),
            What::ShipmentUpdate { number, item, status: &state },
            "a shipment goes a step further",
        ),
        News::Said { key, text } => (
            key.to_owned(),
            What::ShipmentUpdate { number, item, status: text },
            "there is news of a shipment",
        ),
        News::Late => (
            format!("shipment-late:{shipment_id}:{}", shipment.promise_number.unwrap_or_default()),
            What::ShipmentLate {
                number,
                item,
                promised_at: shipment.promised_at.map_or(now, |at| at.0),
            },
            "a promise of a shipment is broken",
        ),
    };
    let path = format!("/track/shipments/{}", shipment.secret);
    let about = About { kind: "shipment", id: shipment_id, path: &path };
    notify(tx, Event { audience: &audience, ..Event::new(&key, what, about, rule) }, now).await?;
    Ok(())
}
