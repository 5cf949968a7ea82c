//! What files are attached to, and the chain that carries them on.

use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// Kind of what a file is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// What somebody asked for.
    Request,
    /// The work on a machine.
    Ticket,
    /// What is to be done.
    WorkOrder,
    /// What was done.
    RepairSession,
    /// The machine's own documents.
    Asset,
    /// What a customer sends back.
    Return,
    /// What we know about repairs.
    Article,
}

impl Holder {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Request,
        Self::Ticket,
        Self::WorkOrder,
        Self::RepairSession,
        Self::Asset,
        Self::Return,
        Self::Article,
    ];

    /// Its name, as in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Ticket => "ticket",
            Self::WorkOrder => "work_order",
            Self::RepairSession => "repair_session",
            Self::Asset => "asset",
            Self::Return => "return",
            Self::Article => "article",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("holder of an attachment", &Self::ALL, Self::as_str, text)
    }

    const fn table(self) -> &'static str {
        match self {
            Self::Request => "requests",
            Self::Ticket => "tickets",
            Self::WorkOrder => "work_orders",
            Self::RepairSession => "repair_sessions",
            Self::Asset => "assets",
            Self::Return => "returns",
            Self::Article => "articles",
        }
    }

    /// Refuses one that is not there.
    pub(super) async fn check<'e>(
        self,
        db: impl Executor<'e, Database = Any>,
        id: &str,
    ) -> Result<(), Problem> {
        let sql = format!("SELECT id FROM {} WHERE id = $1", self.table());
        let found: Option<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db).await?;
        let name = match self {
            Self::Request => "request",
            Self::Ticket => "ticket",
            Self::WorkOrder => "work order",
            Self::RepairSession => "repair session",
            Self::Asset => "asset",
            Self::Return => "return",
            Self::Article => "article",
        };
        found.map(drop).ok_or(Problem::NotFound(name))
    }

    /// The beginning of a query (`WITH …`) whose table `chain (kind, id)` holds what `$1` of this kind
    /// shows the files of: itself, and what it came from.
    ///
    /// A ticket came from every request that became it, and a request from those that were joined to
    /// it as duplicates; a return from its ticket and its request.
    pub(super) fn chain(self) -> String {
        let nothing = "SELECT id FROM tickets WHERE 1 = 0";
        let (orders, tickets) = match self {
            Self::Request | Self::Asset | Self::Article => (nothing, nothing),
            Self::Return => {
                (nothing, "SELECT ticket_id FROM returns WHERE id = $1 AND ticket_id IS NOT NULL")
            }
            Self::Ticket => (nothing, "SELECT id FROM tickets WHERE id = $1"),
            Self::WorkOrder => (
                "SELECT id FROM work_orders WHERE id = $1",
                "SELECT ticket_id FROM work_orders WHERE id = $1",
            ),
            Self::RepairSession => (
                "SELECT v.work_order_id FROM repair_sessions s JOIN visits v ON v.id = s.visit_id \
                 WHERE s.id = $1",
                "SELECT s.ticket_id FROM repair_sessions s WHERE s.id = $1 \
                 AND s.ticket_id IS NOT NULL UNION SELECT w.ticket_id FROM repair_sessions s \
                 JOIN visits v ON v.id = s.visit_id JOIN work_orders w ON w.id = v.work_order_id \
                 WHERE s.id = $1",
            ),
        };
        let of_tickets =
            "SELECT f.request_id FROM request_tickets f JOIN from_tickets t ON t.id = f.ticket_id";
        let requests = match self {
            Self::Request => "SELECT id FROM requests WHERE id = $1".to_owned(),
            Self::Return => format!(
                "{of_tickets} UNION SELECT request_id FROM returns WHERE id = $1 \
                 AND request_id IS NOT NULL"
            ),
            _ => of_tickets.to_owned(),
        };
        let own = self.as_str();
        format!(
            "WITH RECURSIVE from_orders (id) AS ({orders}), from_tickets (id) AS ({tickets}), \
             from_requests (id) AS ({requests} UNION SELECT r.id FROM from_requests f \
             JOIN requests r ON r.duplicate_of = f.id), \
             chain (kind, id) AS (SELECT 'request', id FROM from_requests \
             UNION SELECT 'ticket', id FROM from_tickets \
             UNION SELECT 'work_order', id FROM from_orders \
             UNION SELECT '{own}', CAST($1 AS TEXT)) "
        )
    }
}
