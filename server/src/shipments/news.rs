//! While a shipment is on its way, the customer hears where it is every so often: each news keeps what was
//! promised, and promises the next.

use sqlx::{Any, Transaction};

use super::shipment::Shipment;
use super::state::ShipmentState;
use crate::alarms::Priority;
use crate::http::Problem;
use crate::service_levels::{self, About, Act, Start, SubjectKind, TargetKind, Whose};

const NEWS: TargetKind = TargetKind::ShipmentUpdate;

fn about(shipment_id: &str) -> About<'_> {
    About { kind: SubjectKind::Shipment, id: shipment_id }
}

/// Moves the clock of a shipment that moves.
pub(super) async fn follow(
    tx: &mut Transaction<'_, Any>,
    shipment: &Shipment,
    to: ShipmentState,
    act: Act<'_>,
) -> Result<(), Problem> {
    let about = about(&shipment.id);
    match to {
        ShipmentState::Shipped => promise(tx, shipment, act).await,
        ShipmentState::Delivered | ShipmentState::Failed => {
            service_levels::meet(tx, about, NEWS, act).await
        }
        ShipmentState::Closed | ShipmentState::Cancelled => {
            service_levels::cancel(tx, about, act).await
        }
        ShipmentState::Draft | ShipmentState::Confirmed | ShipmentState::Packed => Ok(()),
    }
}

/// The customer has heard of a shipment.
pub(super) async fn heard(
    tx: &mut Transaction<'_, Any>,
    shipment: &Shipment,
    act: Act<'_>,
) -> Result<(), Problem> {
    service_levels::meet(tx, about(&shipment.id), NEWS, act).await?;
    match shipment.state {
        ShipmentState::Shipped => promise(tx, shipment, act).await,
        _ => Ok(()),
    }
}

async fn promise(
    tx: &mut Transaction<'_, Any>,
    shipment: &Shipment,
    act: Act<'_>,
) -> Result<(), Problem> {
    let whose = Whose {
        asset_id: None,
        site_id: shipment.site_id.as_deref(),
        customer_id: Some(&shipment.customer_id),
    };
    let (about, priority) = (about(&shipment.id), Priority::Medium);
    service_levels::start(tx, Start { about, whose, kinds: &[NEWS], priority, act }).await
}
