//! Years of a service house, made up from a seed: customers, machines, and every ticket with what
//! came of it. For figures about large databases, and for tests that want history.
//!
//! It writes rows and not requests: what takes people years takes it a minute. States and times fit
//! together as the server would have left them; promises count all hours, and not only business hours.

mod people;
mod random;
mod returns;
mod rows;
mod tickets;

use anyhow::Context as _;
use random::Random;
use rows::Rows;
use sqlx::AnyPool;

const DAY_US: i64 = 86_400_000_000;
const HOUR_US: i64 = 3_600_000_000;

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub struct Years {
    /// The same seed and figures make the same rows.
    pub seed: u64,
    /// The last moment, microseconds since the Unix epoch (UTC).
    pub until_us: i64,
    /// How long it has been going on, days.
    pub days: i64,
    /// People who can sign in, technicians and customers among them. Each has a token that is called
    /// like its account: `account-0`, `account-1`, …
    pub accounts: usize,
    /// Customers, each with a site or two, and contacts.
    pub customers: usize,
    /// Machines.
    pub assets: usize,
    /// Tickets.
    pub tickets: usize,
}

impl Years {
    /// Of this size over three years, up to a moment.
    #[must_use]
    pub fn large(until_us: i64) -> Self {
        Self {
            seed: 1,
            until_us,
            days: 3 * 365,
            accounts: 1_000,
            customers: 5_000,
            assets: 50_000,
            tickets: 200_000,
        }
    }

    /// Fills a database that the server has made. Numbers go on after those that are there.
    ///
    /// # Errors
    /// When the database refuses a row.
    pub async fn fill(&self, pool: &AnyPool) -> anyhow::Result<()> {
        let mut tx = pool.begin().await?;
        let mut rows = Rows::default();
        let mut random = Random::new(self.seed);
        let house = people::settle(self, &mut random, &mut rows);
        rows.write(&mut tx).await.context("people and machines")?;
        let mut book = tickets::Book::of(&mut tx).await?;
        for number in 1..=self.tickets {
            tickets::tell(self, &house, &mut book, number, &mut random, &mut rows);
            if number % 2_000 == 0 {
                rows.write(&mut tx).await.with_context(|| format!("ticket {number}"))?;
            }
        }
        rows.write(&mut tx).await.context("the last tickets")?;
        returns::come(&mut tx, self, &house, &mut random, &mut rows).await?;
        rows.write(&mut tx).await.context("returns")?;
        for (kind, table) in [
            ("customer", "customers"),
            ("site", "sites"),
            ("contact", "contacts"),
            ("asset", "assets"),
            ("ticket", "tickets"),
            ("request", "requests"),
        ] {
            let sql = format!(
                "INSERT INTO search_changes (id, kind, subject_id) \
                 SELECT '{kind}' || id, '{kind}', id FROM {table}"
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        // As a database is that has been used for years.
        sqlx::raw_sql("ANALYZE").execute(pool).await?;
        Ok(())
    }
}
