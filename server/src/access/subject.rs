/// What the id in a route names, where it belongs to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Customer,
    Site,
    Contact,
    Asset,
    Point,
    Alarm,
    Suspension,
    Suppression,
    Ticket,
    RepairSession,
    WorkOrder,
    Visit,
    Proposal,
    Survey,
    CallBack,
    SlaClock,
    Request,
    PlaybookRun,
    CareReminder,
    Depot,
    Return,
    Shipment,
    Attachment,
    Contract,
}

impl Subject {
    /// What it is called in a 404.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Site => "site",
            Self::Contact => "contact",
            Self::Asset => "asset",
            Self::Point => "point",
            Self::Alarm => "alarm",
            Self::Suspension => "suspension",
            Self::Suppression => "suppression",
            Self::Ticket => "ticket",
            Self::RepairSession => "repair session",
            Self::WorkOrder => "work order",
            Self::Visit => "visit",
            Self::Proposal => "proposal",
            Self::Survey => "survey",
            Self::CallBack => "call-back",
            Self::SlaClock => "SLA clock",
            Self::Request => "request",
            Self::PlaybookRun => "playbook run",
            Self::CareReminder => "care reminder",
            Self::Depot => "depot",
            Self::Return => "return",
            Self::Shipment => "shipment",
            Self::Attachment => "attachment",
            Self::Contract => "contract",
        }
    }

    /// Finds a row when account `$2` was granted the thing with id `$1`.
    pub(super) fn granted(self) -> String {
        let of_asset = |table: &str| {
            let join = format!("{table} x JOIN assets a ON a.id = x.asset_id");
            (join, "a.site_id")
        };
        let (from, site) = match self {
            Self::Customer => return of_customer("customers", "id"),
            Self::Request => {
                return "SELECT CAST(1 AS BIGINT) FROM visible_requests \
                        WHERE request_id = $1 AND account_id = $2"
                    .to_owned();
            }
            Self::Return => {
                return "SELECT CAST(1 AS BIGINT) FROM visible_returns \
                        WHERE return_id = $1 AND account_id = $2"
                    .to_owned();
            }
            Self::Shipment => {
                return "SELECT CAST(1 AS BIGINT) FROM visible_shipments \
                        WHERE shipment_id = $1 AND account_id = $2"
                    .to_owned();
            }
            Self::Survey => {
                return "SELECT CAST(1 AS BIGINT) FROM visible_surveys \
                        WHERE survey_id = $1 AND account_id = $2"
                    .to_owned();
            }
            // What is not at a site of a customer belongs to the house.
            Self::Depot => {
                return "SELECT CAST(1 AS BIGINT) FROM depots x WHERE x.id = $1 \
                        AND (x.site_id IS NULL OR x.site_id IN (SELECT v.site_id \
                        FROM visible_sites v WHERE v.account_id = $2))"
                    .to_owned();
            }
            Self::Attachment => return ATTACHMENT.to_owned(),
            // What was agreed with all of the customer is not for whoever sees one site.
            Self::Contract => {
                return "SELECT CAST(1 AS BIGINT) FROM contracts x JOIN account_customers g \
                        ON g.customer_id = x.customer_id WHERE x.id = $1 AND g.account_id = $2"
                    .to_owned();
            }
            Self::Contact => return of_customer("contacts", "customer_id"),
            Self::Site => ("sites x".to_owned(), "x.id"),
            Self::Asset => ("assets x".to_owned(), "x.site_id"),
            Self::Point => of_asset("points"),
            Self::Alarm => of_asset("alarms"),
            Self::Suspension => of_asset("alarm_suspensions"),
            Self::Suppression => of_asset("alarm_suppressions"),
            Self::Ticket => of_asset("tickets"),
            Self::RepairSession => of_asset("repair_sessions"),
            Self::WorkOrder => of_asset("work_orders"),
            Self::Proposal => of_asset("proposals"),
            Self::CallBack => of_asset("call_backs"),
            Self::SlaClock => of_asset("sla_clocks"),
            Self::PlaybookRun => of_asset("playbook_runs"),
            Self::CareReminder => of_asset("care_reminders"),
            Self::Visit => (
                "visits x JOIN work_orders w ON w.id = x.work_order_id \
                 JOIN assets a ON a.id = w.asset_id"
                    .to_owned(),
                "a.site_id",
            ),
        };
        format!(
            "SELECT CAST(1 AS BIGINT) FROM {from} JOIN visible_sites v ON v.site_id = {site} \
             WHERE x.id = $1 AND v.account_id = $2"
        )
    }
}

/// Finds a row when account `$2` sees anything that shows the file with digest `$1`: what it is
/// attached to, a request that it was joined to, or the machine of what these became.
const ATTACHMENT: &str = "WITH RECURSIVE told (request_id) AS (\
     SELECT l.subject_id FROM attachment_links l WHERE l.sha256 = $1 AND l.subject_kind = 'request' \
     UNION SELECT r.duplicate_of FROM told t JOIN requests r ON r.id = t.request_id \
     WHERE r.duplicate_of IS NOT NULL), \
     machines (asset_id) AS (\
     SELECT k.asset_id FROM told t JOIN request_tickets b ON b.request_id = t.request_id \
     JOIN tickets k ON k.id = b.ticket_id \
     UNION SELECT k.asset_id FROM attachment_links l JOIN tickets k ON k.id = l.subject_id \
     WHERE l.sha256 = $1 AND l.subject_kind = 'ticket' \
     UNION SELECT w.asset_id FROM attachment_links l JOIN work_orders w ON w.id = l.subject_id \
     WHERE l.sha256 = $1 AND l.subject_kind = 'work_order' \
     UNION SELECT s.asset_id FROM attachment_links l JOIN repair_sessions s ON s.id = l.subject_id \
     WHERE l.sha256 = $1 AND l.subject_kind = 'repair_session' \
     UNION SELECT l.subject_id FROM attachment_links l \
     WHERE l.sha256 = $1 AND l.subject_kind = 'asset') \
     SELECT CAST(1 AS BIGINT) FROM told t JOIN visible_requests v ON v.request_id = t.request_id \
     WHERE v.account_id = $2 \
     UNION SELECT CAST(1 AS BIGINT) FROM machines m JOIN assets a ON a.id = m.asset_id \
     JOIN visible_sites v ON v.site_id = a.site_id WHERE v.account_id = $2 \
     UNION SELECT CAST(1 AS BIGINT) FROM returns r JOIN visible_returns v ON v.return_id = r.id \
     WHERE v.account_id = $2 AND (r.request_id IN (SELECT t.request_id FROM told t) \
     OR r.ticket_id IN (SELECT b.ticket_id FROM told t JOIN request_tickets b \
     ON b.request_id = t.request_id) OR EXISTS (SELECT 1 FROM attachment_links l \
     WHERE l.sha256 = $1 AND ((l.subject_kind = 'return' AND l.subject_id = r.id) \
     OR (l.subject_kind = 'ticket' AND l.subject_id = r.ticket_id)))) \
     UNION SELECT CAST(1 AS BIGINT) FROM attachment_links l JOIN accounts k ON k.id = $2 \
     WHERE l.sha256 = $1 AND l.subject_kind = 'article' AND k.role <> 'customer'";

fn of_customer(table: &str, customer: &str) -> String {
    format!(
        "SELECT CAST(1 AS BIGINT) FROM {table} x JOIN visible_customers v \
         ON v.customer_id = x.{customer} WHERE x.id = $1 AND v.account_id = $2"
    )
}
