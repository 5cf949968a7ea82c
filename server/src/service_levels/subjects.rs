//! What people call the things that clocks are about, and where they find them.

use sqlx::{Any, Transaction};

use super::SubjectKind;
use super::clock::About;
use crate::http::Problem;
use crate::tickets;

/// What a notice names.
#[derive(Debug)]
pub(super) struct Named {
    /// Such as `T-7`; a call-back has that of its ticket.
    pub number: String,
    /// Where it is, below the public address.
    pub path: String,
    /// Accounts of those who are to do it.
    pub technicians: Vec<String>,
}

impl Named {
    /// `None` when it is not there any more.
    pub async fn of(
        tx: &mut Transaction<'_, Any>,
        about: About<'_>,
    ) -> Result<Option<Self>, Problem> {
        let sql = match about.kind {
            SubjectKind::Request => "SELECT number, id FROM requests WHERE id = $1",
            SubjectKind::Ticket => "SELECT number, id FROM tickets WHERE id = $1",
            SubjectKind::Return => "SELECT number, id FROM returns WHERE id = $1",
            SubjectKind::WorkOrder => "SELECT number, id FROM work_orders WHERE id = $1",
            SubjectKind::Shipment => "SELECT number, id FROM shipments WHERE id = $1",
            SubjectKind::CallBack => {
                "SELECT t.number, t.id FROM call_backs b JOIN tickets t ON t.id = b.ticket_id \
                 WHERE b.id = $1"
            }
        };
        let row: Option<(i64, String)> =
            sqlx::query_as(sql).bind(about.id).fetch_optional(&mut **tx).await?;
        let Some((number, id)) = row else { return Ok(None) };
        let (number, page) = match about.kind {
            SubjectKind::Request => (format!("R-{number}"), "requests"),
            SubjectKind::Ticket | SubjectKind::CallBack => (tickets::number(number), "tickets"),
            SubjectKind::Return => (format!("RMA-{number}"), "returns"),
            SubjectKind::WorkOrder => (format!("W-{number}"), "work-orders"),
            SubjectKind::Shipment => (format!("S-{number}"), "shipments"),
        };
        let technicians = technicians(tx, about).await?;
        Ok(Some(Self { number, path: format!("/{page}/{id}"), technicians }))
    }
}

/// Whoever has a visit ahead, or is there.
async fn technicians(
    tx: &mut Transaction<'_, Any>,
    about: About<'_>,
) -> Result<Vec<String>, Problem> {
    if !matches!(about.kind, SubjectKind::Ticket | SubjectKind::WorkOrder) {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT v.technician_id FROM visits v JOIN work_orders w ON w.id = v.work_order_id \
         WHERE (w.id = $1 OR w.ticket_id = $1) AND v.state NOT IN ('done', 'missed', 'cancelled')",
    )
    .bind(about.id)
    .fetch_all(&mut **tx)
    .await?)
}
