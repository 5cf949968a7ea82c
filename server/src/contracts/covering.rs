//! Which contract covers a machine.

use sqlx::{Any, FromRow, Transaction};

/// The contract that covers a machine, and what it promises.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct Cover {
    pub contract_id: String,
    pub sla_policy: String,
}

/// The contract that covers a machine at a time (microseconds): of those of the customer whose site it
/// stands at, the one that names the machine, or its site, or nothing at all; the one that began last,
/// where there are several.
pub(crate) async fn covering(
    tx: &mut Transaction<'_, Any>,
    asset_id: &str,
    at: i64,
) -> Result<Option<Cover>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.contract_id, f.sla_policy FROM (SELECT k.id AS contract_id, k.sla_policy, \
         k.from_at, CASE \
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
