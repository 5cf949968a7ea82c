//! Urgency, scope and kind decide the priority of a request, by a table: policy data with versions.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::alarms;
use crate::app::App;
use crate::http::{By, Page, Problem};
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};

/// How much it presses the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Danger, or work stands still.
    Urgent,
    /// Work is hindered.
    General,
    /// It can wait.
    Minor,
}

/// How far it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Many customers, or all of one.
    Global,
    /// A site.
    Local,
    /// One machine or person.
    Individual,
}

/// What it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// The product.
    ProductQuality,
    /// How somebody of ours behaved.
    ServiceAttitude,
    /// Help.
    AfterSalesSupport,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestPriority {
    /// Takes the fast lane.
    Urgent,
    /// Before what is normal.
    High,
    /// In turn.
    Normal,
    /// When there is time.
    Low,
}

/// Names of a list of words, in the database as in the API.
macro_rules! named {
    ($type:ident, $of:literal, $($variant:ident = $name:literal),+) => {
        impl $type {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name, as in the API.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
                $crate::states::read($of, Self::ALL, Self::as_str, text)
            }
        }
    };
}
pub(super) use named;

named!(Urgency, "urgency", Urgent = "urgent", General = "general", Minor = "minor");
named!(Scope, "scope", Global = "global", Local = "local", Individual = "individual");
named!(
    RequestKind,
    "kind of request",
    ProductQuality = "product_quality",
    ServiceAttitude = "service_attitude",
    AfterSalesSupport = "after_sales_support"
);
named!(
    RequestPriority,
    "priority of a request",
    Urgent = "urgent",
    High = "high",
    Normal = "normal",
    Low = "low"
);

impl RequestPriority {
    /// Of the ticket that it becomes.
    pub(super) fn of_ticket(self) -> alarms::Priority {
        match self {
            Self::Urgent => alarms::Priority::Critical,
            Self::High => alarms::Priority::High,
            Self::Normal => alarms::Priority::Medium,
            Self::Low => alarms::Priority::Low,
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityRow {
    urgency: Urgency,
    scope: Scope,
    kind: RequestKind,
    priority: RequestPriority,
}

/// The priority of every combination, each once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityTable {
    rows: Vec<PriorityRow>,
}

/// Every combination of what a priority is found by.
fn combinations() -> impl Iterator<Item = (Urgency, Scope, RequestKind)> {
    Urgency::ALL.iter().flat_map(|&urgency| {
        Scope::ALL.iter().flat_map(move |&scope| {
            RequestKind::ALL.iter().map(move |&kind| (urgency, scope, kind))
        })
    })
}

impl Default for PriorityTable {
    /// What presses and reaches far comes first; at the same urgency, the product before attitude.
    fn default() -> Self {
        use RequestPriority::{High as H, Low as L, Normal as N, Urgent as U};
        // Rows as in `combinations`: product quality, service attitude, after-sales support.
        let priorities = [
            [U, U, U], // urgent: global,
            [U, H, U], // local,
            [H, H, H], // individual
            [H, H, H], // general
            [H, N, N],
            [N, N, N],
            [N, N, N], // minor
            [N, L, L],
            [L, L, L],
        ];
        let rows = combinations().zip(priorities.into_iter().flatten());
        let rows = rows.map(|((urgency, scope, kind), priority)| PriorityRow {
            urgency,
            scope,
            kind,
            priority,
        });
        Self { rows: rows.collect() }
    }
}

impl PriorityTable {
    /// What the table says.
    pub(super) fn priority(
        &self,
        urgency: Urgency,
        scope: Scope,
        kind: RequestKind,
    ) -> Result<RequestPriority, Problem> {
        let row = self.rows.iter().find(|r| (r.urgency, r.scope, r.kind) == (urgency, scope, kind));
        let missing = || Problem::Internal("the priority table has a hole".into());
        row.map(|row| row.priority).ok_or_else(missing)
    }
}

impl Policy for PriorityTable {
    const KIND: &'static str = "priority";

    fn check(&self) -> Result<(), Problem> {
        for (urgency, scope, kind) in combinations() {
            let of = |r: &&PriorityRow| (r.urgency, r.scope, r.kind) == (urgency, scope, kind);
            let found = self.rows.iter().filter(of).count();
            if found != 1 {
                let cell = [urgency.as_str(), scope.as_str(), kind.as_str()].join(", ");
                return Err(Problem::Invalid(format!(
                    "`rows` has to have every combination once: {cell} is there {found} times"
                )));
            }
        }
        Ok(())
    }
}

/// The priority table in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/priority-table",
    operation_id = "list_priority_tables",
    tag = "requests",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<PriorityTable>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<PriorityTable>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes the priority table. What is classified stays as it is.
#[utoipa::path(
    put,
    path = "/api/v1/priority-table",
    operation_id = "change_priority_table",
    tag = "requests",
    request_body = NewPolicy<PriorityTable>,
    responses((status = 200, body = PolicyVersion<PriorityTable>), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<PriorityTable>>,
) -> Result<Json<PolicyVersion<PriorityTable>>, Problem> {
    Ok(Json(policies::change(&app, by, new).await?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table() -> impl Strategy<Value = PriorityTable> {
        let word = 0..RequestPriority::ALL.len();
        let priorities = proptest::collection::vec(word, 27);
        (priorities, any::<proptest::sample::Index>()).prop_map(|(priorities, turn)| {
            let rows = combinations().zip(priorities).map(|((urgency, scope, kind), p)| {
                PriorityRow { urgency, scope, kind, priority: RequestPriority::ALL[p] }
            });
            let mut rows: Vec<_> = rows.collect();
            let by = turn.index(rows.len());
            rows.rotate_left(by);
            PriorityTable { rows }
        })
    }

    proptest! {
        #[test]
        fn a_table_that_is_taken_says_a_priority_for_every_combination(table in table()) {
            prop_assert!(table.check().is_ok());
            for (urgency, scope, kind) in combinations() {
                prop_assert!(table.priority(urgency, scope, kind).is_ok());
            }
        }

        #[test]
        fn a_table_with_a_hole_or_two_opinions_is_refused(
            table in table(),
            at in any::<proptest::sample::Index>(),
        ) {
            let at = at.index(table.rows.len());
            let mut hole = table.clone();
            let row = hole.rows.remove(at);
            prop_assert!(hole.check().is_err());
            let mut twice = table;
            twice.rows.push(row);
            prop_assert!(twice.check().is_err());
        }
    }

    #[test]
    fn what_comes_with_the_system_has_every_combination_and_puts_the_urgent_first() {
        let table = PriorityTable::default();
        assert!(table.check().is_ok());
        let quality = RequestKind::ProductQuality;
        let priority = |urgency, scope| table.priority(urgency, scope, quality).unwrap();
        assert_eq!(priority(Urgency::Urgent, Scope::Global), RequestPriority::Urgent);
        assert_eq!(priority(Urgency::Minor, Scope::Individual), RequestPriority::Low);
    }
}
