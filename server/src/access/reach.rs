use sqlx::{Any, Executor};

use super::Subject;
use crate::http::Problem;

/// Whose data somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everybody's.
    Everything,
    /// Only of the sites and customers granted to this account.
    Granted {
        /// Id of the account.
        account_id: String,
    },
}

impl Reach {
    /// What a query binds to say whose data it wants: the account, or nothing for everything.
    /// Conditions are made by [`Reach::sites`] and [`Reach::customers`].
    pub fn bind(&self) -> &str {
        match self {
            Self::Everything => "",
            Self::Granted { account_id } => account_id,
        }
    }

    /// The condition that a column is one of the ids that a statement selects for an account. It is plain for
    /// whoever sees everything, and a lookup for whoever does not, so that an index can be used.
    fn within(&self, column: &str, bind: &str, ids: &str) -> String {
        match self {
            Self::Everything => format!("{bind} = ''"),
            Self::Granted { .. } => format!("{column} IN ({ids} = {bind})"),
        }
    }

    /// The condition of a list on a column with site ids; `bind` is the place of [`Reach::bind`],
    /// such as `$3`.
    pub fn sites(&self, column: &str, bind: &str) -> String {
        self.within(column, bind, "SELECT v.site_id FROM visible_sites v WHERE v.account_id")
    }

    /// The condition of a list on a column with asset ids.
    pub fn assets(&self, column: &str, bind: &str) -> String {
        let ids = "SELECT r.id FROM assets r JOIN visible_sites v ON v.site_id = r.site_id \
                   WHERE v.account_id";
        self.within(column, bind, ids)
    }

    /// The condition of a list on a column with customer ids.
    pub fn customers(&self, column: &str, bind: &str) -> String {
        let ids = "SELECT v.customer_id FROM visible_customers v WHERE v.account_id";
        self.within(column, bind, ids)
    }

    /// The condition of a list on a column with customer ids, for what is about all of a customer:
    /// whoever sees only one of their sites does not see it.
    pub fn whole_customers(&self, column: &str, bind: &str) -> String {
        let ids = "SELECT g.customer_id FROM account_customers g WHERE g.account_id";
        self.within(column, bind, ids)
    }

    /// The condition of a list on a column with request ids.
    pub fn requests(&self, column: &str, bind: &str) -> String {
        self.within(column, bind, "SELECT v.request_id FROM visible_requests v WHERE v.account_id")
    }

    /// The condition of a list on a column with ids of returns.
    pub fn returns(&self, column: &str, bind: &str) -> String {
        self.within(column, bind, "SELECT v.return_id FROM visible_returns v WHERE v.account_id")
    }

    /// The condition of a list on a column with ids of shipments.
    pub fn shipments(&self, column: &str, bind: &str) -> String {
        let ids = "SELECT v.shipment_id FROM visible_shipments v WHERE v.account_id";
        self.within(column, bind, ids)
    }

    /// The condition of a list on a column with ids of surveys.
    pub fn surveys(&self, column: &str, bind: &str) -> String {
        self.within(column, bind, "SELECT v.survey_id FROM visible_surveys v WHERE v.account_id")
    }

    /// Whether something is within it. What is not there at all is not either.
    pub async fn holds<'e>(
        &self,
        db: impl Executor<'e, Database = Any>,
        subject: Subject,
        id: &str,
    ) -> Result<bool, Problem> {
        let Self::Granted { account_id } = self else { return Ok(true) };
        let found: Option<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(subject.granted()))
            .bind(id)
            .bind(account_id)
            .fetch_optional(db)
            .await?;
        Ok(found.is_some())
    }

    /// Refuses what is not within it, as if it were not there. For handlers that find the name of
    /// something in the body.
    pub async fn check<'e>(
        &self,
        db: impl Executor<'e, Database = Any>,
        subject: Subject,
        id: &str,
    ) -> Result<(), Problem> {
        match self.holds(db, subject, id).await? {
            true => Ok(()),
            false => Err(Problem::NotFound(subject.name())),
        }
    }
}
