//! What a contract says.

use sqlx::{Any, Transaction};

use crate::changes::Field;
use crate::http::{Problem, check_text};
use crate::limits::{CONTRACT_COVERS, FREE_REPAIR_DAYS, TEXT_CHARS};
use crate::proposals::Money;
use crate::time::Time;

/// What a contract says, before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms {
    pub name: String,
    pub from: Time,
    pub to: Option<Time>,
    pub sla_policy: String,
    pub free_repair_days: i64,
    pub price_a_year: Option<Money>,
    pub sites: Vec<String>,
    pub assets: Vec<String>,
}

impl Terms {
    /// Texts trimmed, what is covered named once and in order.
    pub fn settled(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        for covered in [&mut self.sites, &mut self.assets] {
            covered.sort();
            covered.dedup();
        }
        self
    }

    /// Refuses what no contract of the customer can say.
    pub async fn check(
        &self,
        tx: &mut Transaction<'_, Any>,
        customer_id: &str,
    ) -> Result<(), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        check_text("name", &self.name, TEXT_CHARS)?;
        if self.to.is_some_and(|to| to.0 <= self.from.0) {
            return invalid("`from` has to be before `to`".into());
        }
        if !(0..=FREE_REPAIR_DAYS).contains(&self.free_repair_days) {
            return invalid(format!("`free_repair_days` has to be from 0 to {FREE_REPAIR_DAYS}"));
        }
        if let Some(price) = &self.price_a_year {
            price.check("price_a_year")?;
        }
        if self.sites.len() + self.assets.len() > CONTRACT_COVERS {
            return invalid(format!("a contract names at most {CONTRACT_COVERS} sites and assets"));
        }
        let policy: Option<String> =
            sqlx::query_scalar("SELECT name FROM sla_policies WHERE name = $1")
                .bind(&self.sla_policy)
                .fetch_optional(&mut **tx)
                .await?;
        if policy.is_none() {
            return invalid(format!("`sla_policy`: there is no policy {:?}", self.sla_policy));
        }
        let of_site = "SELECT customer_id FROM sites WHERE id = $1";
        let of_asset = "SELECT s.customer_id FROM assets a JOIN sites s ON s.id = a.site_id \
                        WHERE a.id = $1";
        for (name, covered, sql) in
            [("sites", &self.sites, of_site), ("assets", &self.assets, of_asset)]
        {
            for id in covered {
                let whose: Option<String> =
                    sqlx::query_scalar(sql).bind(id).fetch_optional(&mut **tx).await?;
                if whose.as_deref() != Some(customer_id) {
                    return invalid(format!("`{name}`: {id:?} is none of the customer's"));
                }
            }
        }
        Ok(())
    }

    /// The fields that are other ones after a change.
    pub fn changed(&self, after: &Self) -> Vec<Field> {
        let text = |name, before: &str, after: &str| Field::text(name, before, Some(after));
        let time = |at: Option<Time>| at.map(|at| crate::time::rfc3339(at.0));
        let price = |terms: &Self| {
            terms.price_a_year.as_ref().map(|price| format!("{} {}", price.minor, price.currency))
        };
        let days = |terms: &Self| terms.free_repair_days.to_string();
        let fields = [
            text("name", &self.name, &after.name),
            Field::new("from", time(Some(self.from)), Some(time(Some(after.from)))),
            Field::new("to", time(self.to), Some(time(after.to))),
            text("sla_policy", &self.sla_policy, &after.sla_policy),
            text("free_repair_days", &days(self), &days(after)),
            Field::new("price_a_year", price(self), Some(price(after))),
            text("sites", &self.sites.join(", "), &after.sites.join(", ")),
            text("assets", &self.assets.join(", "), &after.assets.join(", ")),
        ];
        fields.into_iter().flatten().collect()
    }

    /// Writes down what the contract covers, in place of what it covered.
    pub async fn cover(
        &self,
        tx: &mut Transaction<'_, Any>,
        contract_id: &str,
    ) -> Result<(), sqlx::Error> {
        for sql in [
            "DELETE FROM contract_sites WHERE contract_id = $1",
            "DELETE FROM contract_assets WHERE contract_id = $1",
        ] {
            sqlx::query(sql).bind(contract_id).execute(&mut **tx).await?;
        }
        let site = "INSERT INTO contract_sites (contract_id, site_id) VALUES ($1, $2)";
        let asset = "INSERT INTO contract_assets (contract_id, asset_id) VALUES ($1, $2)";
        for (sql, covered) in [(site, &self.sites), (asset, &self.assets)] {
            for id in covered {
                sqlx::query(sql).bind(contract_id).bind(id).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }
}
