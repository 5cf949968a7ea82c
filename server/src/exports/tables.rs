//! What can be exported, and with which columns.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::streaming::As::{Number, Text, Time};
use super::streaming::{Table, file};
use crate::access::Reach;
use crate::app::App;
use crate::http::Problem;

/// A route that answers a table.
macro_rules! route {
    ($name:ident, $path:literal, $operation:literal, $table:ident, $says:literal) => {
        #[doc = $says]
        #[utoipa::path(
                    get,
                    path = $path,
                    operation_id = $operation,
                    tag = "import and export",
                    responses((status = 200, content_type = "text/csv", body = String), Problem)
                )]
        pub(crate) async fn $name(
            reach: Reach,
            State(app): State<App>,
        ) -> Result<Response, Problem> {
            file(app, &$table, reach, None).await
        }
    };
}

route!(
    customers,
    "/api/v1/exports/customers.csv",
    "export_customers",
    CUSTOMERS,
    "All customers as CSV."
);
route!(
    contacts,
    "/api/v1/exports/contacts.csv",
    "export_contacts",
    CONTACTS,
    "All contacts as CSV."
);
route!(sites, "/api/v1/exports/sites.csv", "export_sites", SITES, "All sites as CSV.");
route!(assets, "/api/v1/exports/assets.csv", "export_assets", ASSETS, "All machines as CSV.");
route!(
    requests,
    "/api/v1/exports/requests.csv",
    "export_requests",
    REQUESTS,
    "All requests as CSV."
);
route!(tickets, "/api/v1/exports/tickets.csv", "export_tickets", TICKETS, "All tickets as CSV.");
route!(
    work_orders,
    "/api/v1/exports/work-orders.csv",
    "export_work_orders",
    WORK_ORDERS,
    "All work orders as CSV."
);
route!(visits, "/api/v1/exports/visits.csv", "export_visits", VISITS, "All visits as CSV.");
route!(surveys, "/api/v1/exports/surveys.csv", "export_surveys", SURVEYS, "All surveys as CSV.");

/// Query of a segment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SegmentQuery {
    /// Only customers of this segment.
    segment: Option<String>,
}

/// The customers of a segment as CSV.
#[utoipa::path(
    get,
    path = "/api/v1/customers.csv",
    operation_id = "export_segment",
    tag = "import and export",
    params(SegmentQuery),
    responses((status = 200, content_type = "text/csv", body = String), Problem)
)]
pub(crate) async fn segment(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<SegmentQuery>,
) -> Result<Response, Problem> {
    file(app, &CUSTOMERS, reach, query.segment).await
}

static CUSTOMERS: Table = Table {
    name: "customers",
    columns: &[
        ("id", "c.id", Text),
        ("name", "c.name", Text),
        ("segment", "c.segment", Text),
        ("language", "c.language", Text),
        ("high_risk", "c.high_risk", Number),
        ("priority_lane", "c.priority_lane", Number),
        ("notes", "c.notes", Text),
        ("created_at", "c.created_at", Time),
    ],
    from: "customers c",
    id: "c.id",
    mine: |reach| reach.customers("c.id", "$2"),
    filter: Some("c.segment"),
};

static CONTACTS: Table = Table {
    name: "contacts",
    columns: &[
        ("id", "p.id", Text),
        ("customer", "c.name", Text),
        ("name", "p.name", Text),
        ("email", "p.email", Text),
        ("phone", "p.phone", Text),
        ("language", "p.language", Text),
        ("role", "p.role", Text),
        ("created_at", "p.created_at", Time),
    ],
    from: "contacts p JOIN customers c ON c.id = p.customer_id",
    id: "p.id",
    mine: |reach| reach.customers("p.customer_id", "$2"),
    filter: None,
};

static SITES: Table = Table {
    name: "sites",
    columns: &[
        ("id", "s.id", Text),
        ("customer", "c.name", Text),
        ("name", "s.name", Text),
        ("address", "s.address", Text),
        ("area", "s.area", Text),
        ("time_zone", "s.time_zone", Text),
        ("latitude", "s.latitude", Number),
        ("longitude", "s.longitude", Number),
        ("access_notes", "s.access_notes", Text),
        ("created_at", "s.created_at", Time),
    ],
    from: "sites s JOIN customers c ON c.id = s.customer_id",
    id: "s.id",
    mine: |reach| reach.sites("s.id", "$2"),
    filter: None,
};

static ASSETS: Table = Table {
    name: "assets",
    columns: &[
        ("id", "a.id", Text),
        ("name", "a.name", Text),
        ("kind", "a.kind", Text),
        ("model", "a.model", Text),
        ("serial", "a.serial", Text),
        ("code", "a.code", Text),
        ("customer", "c.name", Text),
        ("site", "s.name", Text),
        ("warranty_until", "a.warranty_until", Time),
        ("created_at", "a.created_at", Time),
    ],
    from: "assets a LEFT JOIN sites s ON s.id = a.site_id \
           LEFT JOIN customers c ON c.id = s.customer_id",
    id: "a.id",
    mine: |reach| reach.sites("a.site_id", "$2"),
    filter: None,
};

static REQUESTS: Table = Table {
    name: "requests",
    columns: &[
        ("id", "r.id", Text),
        ("number", "'R-' || CAST(r.number AS TEXT)", Text),
        ("channel", "r.channel", Text),
        ("state", "r.state", Text),
        ("subject", "r.subject", Text),
        ("given_name", "r.given_name", Text),
        ("given_email", "r.given_email", Text),
        ("given_phone", "r.given_phone", Text),
        ("given_machine", "r.given_machine", Text),
        ("customer", "c.name", Text),
        ("site", "s.name", Text),
        ("asset", "a.name", Text),
        ("urgency", "r.urgency", Text),
        ("scope", "r.scope", Text),
        ("kind", "r.kind", Text),
        ("priority", "r.priority", Text),
        ("ticket", "'T-' || CAST(t.number AS TEXT)", Text),
        ("received_at", "r.received_at", Time),
        ("closed_at", "r.closed_at", Time),
    ],
    from: "requests r LEFT JOIN customers c ON c.id = r.customer_id \
           LEFT JOIN sites s ON s.id = r.site_id LEFT JOIN assets a ON a.id = r.asset_id \
           LEFT JOIN tickets t ON t.id = r.ticket_id",
    id: "r.id",
    mine: |reach| reach.requests("r.id", "$2"),
    filter: None,
};

static TICKETS: Table = Table {
    name: "tickets",
    columns: &[
        ("id", "t.id", Text),
        ("number", "'T-' || CAST(t.number AS TEXT)", Text),
        ("asset", "a.name", Text),
        ("signature", "t.signature", Text),
        ("state", "t.state", Text),
        ("title", "t.title", Text),
        ("priority", "t.priority", Text),
        ("opened_at", "t.opened_at", Time),
        ("since", "t.since_at", Time),
        ("closed_at", "t.closed_at", Time),
    ],
    from: "tickets t JOIN assets a ON a.id = t.asset_id",
    id: "t.id",
    mine: |reach| reach.assets("t.asset_id", "$2"),
    filter: None,
};

static WORK_ORDERS: Table = Table {
    name: "work-orders",
    columns: &[
        ("id", "w.id", Text),
        ("number", "'W-' || CAST(w.number AS TEXT)", Text),
        ("ticket", "'T-' || CAST(t.number AS TEXT)", Text),
        ("asset", "a.name", Text),
        ("state", "w.state", Text),
        ("title", "w.title", Text),
        ("instructions", "w.instructions", Text),
        ("priority", "w.priority", Text),
        ("planned_minutes", "w.planned_minutes", Number),
        ("earliest_at", "w.earliest_at", Time),
        ("latest_at", "w.latest_at", Time),
        ("hold_reason", "w.hold_reason", Text),
        ("created_at", "w.created_at", Time),
        ("created_by", "w.created_by", Text),
    ],
    from: "work_orders w JOIN tickets t ON t.id = w.ticket_id JOIN assets a ON a.id = w.asset_id",
    id: "w.id",
    mine: |reach| reach.assets("w.asset_id", "$2"),
    filter: None,
};

static VISITS: Table = Table {
    name: "visits",
    columns: &[
        ("id", "v.id", Text),
        ("work_order", "'W-' || CAST(w.number AS TEXT)", Text),
        ("asset", "a.name", Text),
        ("technician", "k.name", Text),
        ("state", "v.state", Text),
        ("starts_at", "v.starts_at", Time),
        ("ends_at", "v.ends_at", Time),
        ("planned_by", "v.planned_by", Text),
        ("created_at", "v.created_at", Time),
    ],
    from: "visits v JOIN work_orders w ON w.id = v.work_order_id \
           JOIN assets a ON a.id = w.asset_id JOIN accounts k ON k.id = v.technician_id",
    id: "v.id",
    mine: |reach| reach.assets("w.asset_id", "$2"),
    filter: None,
};

static SURVEYS: Table = Table {
    name: "surveys",
    columns: &[
        ("id", "q.id", Text),
        ("customer", "c.name", Text),
        ("ticket", "'T-' || CAST(t.number AS TEXT)", Text),
        ("asset", "a.name", Text),
        ("state", "q.state", Text),
        ("created_at", "q.created_at", Time),
        ("answered_at", "q.answered_at", Time),
        ("score", "q.score", Number),
        ("comment", "q.comment", Text),
        ("tags", "q.tags", Text),
    ],
    from: "surveys q LEFT JOIN customers c ON c.id = q.customer_id \
           LEFT JOIN tickets t ON t.id = q.ticket_id LEFT JOIN assets a ON a.id = q.asset_id",
    id: "q.id",
    mine: |reach| reach.surveys("q.id", "$2"),
    filter: None,
};
