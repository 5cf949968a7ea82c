//! How long a return may take, from the wish to the end of it. While the customer still has what is to
//! come back, nobody can be late with it.

use sqlx::{Any, Transaction};

use super::rma::Return;
use super::state::ReturnState;
use crate::alarms::Priority;
use crate::http::Problem;
use crate::requests::Links;
use crate::service_levels::{self, About, Act, HeldBy, Start, SubjectKind, TargetKind, Whose};

const HANDLED: TargetKind = TargetKind::ReturnHandling;

fn about(return_id: &str) -> About<'_> {
    About { kind: SubjectKind::Return, id: return_id }
}

/// A customer waits until a return is handled. Returns that go first are of high priority.
pub(super) async fn begin(
    tx: &mut Transaction<'_, Any>,
    return_id: &str,
    (links, priority_lane): (&Links, bool),
    act: Act<'_>,
) -> Result<(), Problem> {
    let whose = Whose {
        asset_id: links.asset_id.as_deref(),
        site_id: links.site_id.as_deref(),
        customer_id: links.customer_id.as_deref(),
    };
    let priority = if priority_lane { Priority::High } else { Priority::Medium };
    let start = Start { about: about(return_id), whose, kinds: &[HANDLED], priority, act };
    service_levels::start(tx, start).await
}

/// Moves the clock of a return that moves.
pub(super) async fn follow(
    tx: &mut Transaction<'_, Any>,
    rma: &Return,
    to: ReturnState,
    act: Act<'_>,
) -> Result<(), Problem> {
    let about = about(&rma.id);
    match to {
        ReturnState::Requested => service_levels::take_back(tx, about, HANDLED, act).await,
        ReturnState::Awaiting => {
            service_levels::hold(tx, about, HANDLED, HeldBy::Customer, act).await
        }
        ReturnState::Received => service_levels::resume(tx, about, HeldBy::Customer, act).await,
        ReturnState::Refused
        | ReturnState::Refunded
        | ReturnState::Exchanged
        | ReturnState::Repaired
        | ReturnState::SentBack
        | ReturnState::Closed => service_levels::meet(tx, about, HANDLED, act).await,
        ReturnState::Cancelled => service_levels::cancel(tx, about, act).await,
        ReturnState::Approved | ReturnState::Inspected => Ok(()),
    }
}
