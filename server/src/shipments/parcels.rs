//! What is in a shipment.

use serde::Serialize;
use sqlx::{Any, Executor, FromRow, Transaction};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::stock::{self, About, Cause, Reason};

/// A line of a shipment.
#[derive(Debug, Clone, Serialize, ToSchema, FromRow)]
pub struct ShipmentLine {
    /// Null where it is no part of the catalogue.
    #[schema(required)]
    pub(super) part_id: Option<String>,
    #[schema(required)]
    part_number: Option<String>,
    /// Name of the part, or what somebody wrote.
    pub(super) name: String,
    pub(super) quantity: i64,
}

/// The lines of a shipment, in their order.
pub(super) async fn of<'e>(
    db: impl Executor<'e, Database = Any>,
    shipment_id: &str,
) -> Result<Vec<ShipmentLine>, Problem> {
    Ok(sqlx::query_as(
        "SELECT l.part_id, p.part_number, coalesce(p.name, l.text) AS name, l.quantity \
         FROM shipment_lines l LEFT JOIN parts p ON p.id = l.part_id WHERE l.shipment_id = $1 \
         ORDER BY l.position",
    )
    .bind(shipment_id)
    .fetch_all(db)
    .await?)
}

/// Which way parts go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Out of a depot.
    Out,
    /// Back into one.
    Back,
}

/// Moves the parts of a shipment out of a depot or back into one, in the order in which everybody
/// takes parts.
pub(super) async fn go(
    tx: &mut Transaction<'_, Any>,
    (shipment_id, depot_id): (&str, Option<&str>),
    way: Way,
    (who, why, at): (&str, &str, i64),
) -> Result<(), Problem> {
    let mut lines = of(&mut **tx, shipment_id).await?;
    lines.sort_by(|a, b| a.part_id.cmp(&b.part_id));
    let about = Some(About { kind: "shipment", id: shipment_id });
    let reason = if way == Way::Out { Reason::Shipped } else { Reason::Returned };
    let cause = Cause { reason, about, who, why, at };
    for line in &lines {
        let Some(part_id) = &line.part_id else { continue };
        let depot_id = depot_id.ok_or_else(|| {
            Problem::Invalid("`depot_id`: parts come out of a depot; say which".into())
        })?;
        match way {
            Way::Out => stock::take(tx, (part_id, depot_id), line.quantity, &cause).await?,
            Way::Back => stock::put(tx, (part_id, depot_id), line.quantity, &cause).await?,
        }
    }
    Ok(())
}
