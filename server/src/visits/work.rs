//! A repair session tells its visit, and so its work order, that work begins and ends.

use sqlx::{Any, Transaction};

use super::moving::{Step, take};
use super::state::VisitState;
use super::visit::find;
use crate::app::App;
use crate::http::Problem;
use crate::work_orders::{self, Advance, WorkOrderState};

/// Of the steps that follow here.
const RULE: &str = "repair session moves visit and work order";

/// Work begins beside the machine: the technician is on site. A visit that is over stays so.
pub(crate) async fn begin_work(
    tx: &mut Transaction<'_, Any>,
    visit_id: &str,
    now: i64,
    who: &str,
) -> Result<(), Problem> {
    let visit = find(&mut **tx, visit_id).await?;
    let why = "work began beside the machine";
    if visit.state.next().contains(&VisitState::OnSite) {
        let step = Step { to: VisitState::OnSite, who, why, rule: Some(RULE), device_at: None };
        take(tx, &visit, now, step).await?;
    }
    follow(tx, &visit.work_order_id, &[WorkOrderState::InProgress], now, (who, why)).await
}

/// The repair is verified: the work is done, and its effect was looked at.
pub(crate) async fn end_work(
    tx: &mut Transaction<'_, Any>,
    visit_id: &str,
    now: i64,
    who: &str,
) -> Result<(), Problem> {
    let visit = find(&mut **tx, visit_id).await?;
    let why = "the repair session was verified";
    if visit.state.next().contains(&VisitState::Done) {
        let step = Step { to: VisitState::Done, who, why, rule: Some(RULE), device_at: None };
        take(tx, &visit, now, step).await?;
    }
    let done = [WorkOrderState::Completed, WorkOrderState::Verifying];
    follow(tx, &visit.work_order_id, &done, now, (who, why)).await
}

/// Takes those of the steps that are possible: somebody may have moved the work order by hand.
async fn follow(
    tx: &mut Transaction<'_, Any>,
    order_id: &str,
    steps: &[WorkOrderState],
    now: i64,
    (who, why): (&str, &str),
) -> Result<(), Problem> {
    for &to in steps {
        let order = work_orders::find(&mut **tx, order_id).await?;
        if order.state.next().contains(&to) {
            let step = Advance { to, who, why, rule: Some(RULE), device_at: None };
            work_orders::advance(tx, order_id, now, step).await?;
        }
    }
    Ok(())
}

/// Tells watchers of a visit and its work order.
pub(crate) async fn announce_work(app: &App, visit_id: &str) -> Result<(), Problem> {
    let visit = find(&app.database, visit_id).await?;
    app.announce("visit", &visit);
    work_orders::announce(app, &visit.work_order_id).await
}
