//! Which contract covers a machine, or what is done for a customer without one.

use sqlx::{Any, FromRow, Transaction};

/// The contract that covers something, and what it promises.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct Cover {
    pub contract_id: String,
    pub sla_policy: String,
    /// For so long after a repair the same fault is repaired for nothing.
    pub free_repair_days: i64,
}

/// What a contract may cover.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Covered<'a> {
    Machine(&'a str),
    /// Something without a machine, such as a shipment: a site of a customer, or only the customer.
    Place {
        site_id: Option<&'a str>,
        customer_id: Option<&'a str>,
    },
}

/// The contract that covers something at a time (microseconds).
pub(crate) async fn covering(
    tx: &mut Transaction<'_, Any>,
    what: Covered<'_>,
    at: i64,
) -> Result<Option<Cover>, sqlx::Error> {
    match what {
        Covered::Machine(asset_id) => of_machine(tx, asset_id, at).await,
        Covered::Place { site_id, customer_id } => of_place(tx, site_id, customer_id, at).await,
    }
}

/// Of a place: the contract of the customer that names the site, or nothing at all; the one that began
/// last, where there are several. One that names machines only does not cover it.
async fn of_place(
    tx: &mut Transaction<'_, Any>,
    site_id: Option<&str>,
    customer_id: Option<&str>,
    at: i64,
) -> Result<Option<Cover>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.contract_id, f.sla_policy, f.free_repair_days FROM (SELECT k.id AS contract_id, \
         k.sla_policy, k.free_repair_days, k.from_at, CASE \
         WHEN EXISTS (SELECT 1 FROM contract_sites n WHERE n.contract_id = k.id \
         AND n.site_id = $1) THEN 2 \
         WHEN NOT EXISTS (SELECT 1 FROM contract_assets n WHERE n.contract_id = k.id) \
         AND NOT EXISTS (SELECT 1 FROM contract_sites n WHERE n.contract_id = k.id) THEN 1 \
         ELSE 0 END AS fits FROM contracts k WHERE k.customer_id = \
         coalesce((SELECT s.customer_id FROM sites s WHERE s.id = $1), $2) \
         AND k.from_at <= $3 AND (k.to_at IS NULL OR k.to_at > $3)) f \
         WHERE f.fits > 0 ORDER BY f.fits DESC, f.from_at DESC, f.contract_id DESC LIMIT 1",
    )
    .bind(site_id)
    .bind(customer_id)
    .bind(at)
    .fetch_optional(&mut **tx)
    .await
}

/// Of a machine: of the contracts of the customer whose site it stands at, the one that names the
/// machine, or its site, or nothing at all; the one that began last, where there are several.
async fn of_machine(
    tx: &mut Transaction<'_, Any>,
    asset_id: &str,
    at: i64,
) -> Result<Option<Cover>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.contract_id, f.sla_policy, f.free_repair_days FROM (SELECT k.id AS contract_id, \
         k.sla_policy, k.free_repair_days, k.from_at, CASE \
         WHEN EXISTS (SELECT 1 FROM contract_assets n WHERE n.contract_id = k.id \
         AND n.asset_id = a.id) THEN 3 \
         WHEN EXISTS (SELECT 1 FROM contract_sites n WHERE n.contract_id = k.id \
         AND n.site_id = s.id) THEN 2 \
         WHEN NOT EXISTS (SELECT 1 FROM contract_assets n WHERE n.contract_id = k.id) \
         AND NOT EXISTS (SELECT 1 FROM contract_sites n WHERE n.contract_id = k.id) THEN 1 \
         ELSE 0 END AS fits \
         FROM assets a JOIN sites s ON s.id = a.site_id \
         JOIN contracts k ON k.customer_id = s.customer_id \
         WHERE a.id = $1 AND k.from_at <= $2 AND (k.to_at IS NULL OR k.to_at > $2)) f \
         WHERE f.fits > 0 ORDER BY f.fits DESC, f.from_at DESC, f.contract_id DESC LIMIT 1",
    )
    .bind(asset_id)
    .bind(at)
    .fetch_optional(&mut **tx)
    .await
}
