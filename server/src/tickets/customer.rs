//! Whom of the customer to tell about a ticket.

use sqlx::{Any, FromRow, Transaction};

use crate::customers::Addressee;
use crate::http::Problem;

/// The contact who hears of a ticket.
pub(crate) struct TicketCustomer {
    pub addressee: Addressee,
    /// Where they see how it stands: their request, or else the ticket.
    pub path: String,
}

#[derive(FromRow)]
struct Row {
    customer_id: String,
    site_id: String,
    contact_id: Option<String>,
    secret: Option<String>,
}

/// The contact whose request the ticket came from, or else the contact of the customer who has been known
/// for longest; nobody where the machine belongs to no customer.
pub(crate) async fn customer(
    tx: &mut Transaction<'_, Any>,
    ticket_id: &str,
) -> Result<Option<TicketCustomer>, Problem> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT s.customer_id, s.id AS site_id, r.contact_id, r.secret FROM tickets t \
         JOIN assets a ON a.id = t.asset_id JOIN sites s ON s.id = a.site_id \
         LEFT JOIN requests r ON r.id = (SELECT min(q.id) FROM request_tickets b \
         JOIN requests q ON q.id = b.request_id JOIN contacts p ON p.id = q.contact_id \
         WHERE b.ticket_id = t.id AND p.customer_id = s.customer_id) WHERE t.id = $1",
    )
    .bind(ticket_id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let named = (row.contact_id.as_deref(), Some(row.site_id.as_str()));
    let addressee = Addressee::of(tx, &row.customer_id, named).await?;
    let path = match &row.secret {
        Some(secret) => format!("/follow/{secret}"),
        None => format!("/tickets/{ticket_id}"),
    };
    Ok(addressee.map(|addressee| TicketCustomer { addressee, path }))
}
