//! The access table is the rule: every route has a row, and every row is held to, for every role, for
//! what is its own and for what is not.

use std::collections::BTreeSet;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::guard::operations;
use super::table::{self, Cell, Row, TABLE, Whose};
use super::{Role, Subject};
use crate::alarms::tests::Workshop;
use crate::tokens;

#[test]
fn every_route_has_exactly_one_row_and_every_row_a_route() {
    let document = crate::routes::document();
    let routes: BTreeSet<&str> = operations(&document).map(|(_, _, name)| name).collect();
    let rows: BTreeSet<&str> = TABLE.iter().map(|row| row.operation).collect();
    assert_eq!(rows.len(), TABLE.len(), "an operation has two rows");
    let without_row: Vec<_> = routes.difference(&rows).collect();
    let without_route: Vec<_> = rows.difference(&routes).collect();
    assert!(without_row.is_empty(), "routes without a row in the access table: {without_row:?}");
    assert!(without_route.is_empty(), "rows without a route: {without_route:?}");
}

/// Two customers, each with a site, a machine and what belongs to it. `Foreign` is the second.
pub(crate) struct Town {
    pub workshop: Workshop,
    router: Router,
}

impl Town {
    pub(crate) async fn each() -> anyhow::Result<Vec<Self>> {
        let mut towns = Vec::new();
        for workshop in Workshop::each().await? {
            towns.push(Self::around(workshop).await?);
        }
        Ok(towns)
    }

    async fn around(workshop: Workshop) -> anyhow::Result<Self> {
        let app = workshop.app.clone();
        for (whose, asset) in [("own", "pump"), ("foreign", "chiller")] {
            for sql in [
                "INSERT INTO customers (id, name, segment, language, high_risk, priority_lane, \
                 notes, created_at, version) VALUES ('customer-$', '$', '', 'en', 0, 0, '', 0, 1)",
                "INSERT INTO sites (id, customer_id, name, address, area, time_zone, access_notes, \
                 created_at, version) VALUES ('site-$', 'customer-$', '$', '', '', 'UTC', '', 0, 1)",
                "INSERT INTO contacts (id, customer_id, name, language, role, created_at, version) \
                 VALUES ('contact-$', 'customer-$', '$', 'en', '', 0, 1)",
                "UPDATE assets SET site_id = 'site-$' WHERE id = '#'",
                "INSERT INTO points (id, asset_id, name, quantity, position, unit, slot, created_at) \
                 VALUES ('point-$', '#', 'p', 'temperature', '', 'Cel', 0, 0)",
                "INSERT INTO alarm_suspensions (id, asset_id, kind, keep_safety, from_at, reason, \
                 who, created_at) VALUES ('suspension-$', '#', 'maintenance', 1, 0, 'r', 'w', 0)",
                "INSERT INTO alarm_suppressions (id, asset_id, while_tag, tag, why, who, created_at) \
                 VALUES ('rule-$', '#', 'a', 'b', 'w', 'w', 0)",
                "INSERT INTO tickets (id, number, asset_id, signature, state, title, opened_at, \
                 since_at, deviations) SELECT 'ticket-$', count(*) + 1, '#', 's', 'open', 't', 0, 0, \
                 '[]' FROM tickets",
                "INSERT INTO sla_clocks (id, subject_kind, subject_id, asset_id, kind, priority, policy, \
                 policy_version, time_zone, target_s, due_soon_percent, state, started_at, \
                 promised_due_at, version) VALUES ('clock-$', 'shipment', 'parts-$', '#', \
                 'shipment_update', 'low', 'B', 1, 'UTC', 1, 75, 'met', 0, 1, 1)",
                "INSERT INTO alarms (id, asset_id, tag, class, state, priority, raised_priority, \
                 latched, summary, since_at, raised_at, last_raised_at, occurrences, recorded_at, \
                 deviations, escalation_level, escalation_over) VALUES ('alarm-$', '#', 't', \
                 'machine', 'unacknowledged_active', 'low', 'low', 0, 's', 0, 0, 0, 1, 0, '[]', 0, 1)",
                "INSERT INTO surveys (id, customer_id, ticket_id, asset_id, secret, policy_version, \
                 criteria, state, rule, created_at, expires_at, comment, tags) \
                 VALUES ('survey-$', 'customer-$', 'ticket-$', '#', '$', 0, '[]', 'withdrawn', 'r', 0, 0, '', '[]')",
                "INSERT INTO call_backs (id, ticket_id, asset_id, state, rule, due_at, created_at) \
                 VALUES ('call-back-$', 'ticket-$', '#', 'withdrawn', 'r', 0, 0)",
                "INSERT INTO requests (id, number, channel, state, subject, language, given_name, \
                 customer_id, site_id, asset_id, secret, received_at, received_by, version) \
                 SELECT 'request-$', count(*) + 1, 'phone', 'received', 's-$', 'en', '', \
                 'customer-$', 'site-$', '#', 'secret-$', 0, 'w', 1 FROM requests",
                "INSERT INTO care_reminders (id, rule, policy_version, kind, asset_id, due_on, due_at, \
                 state, advice, why, planned_at) VALUES ('reminder-$', 'seeded', 0, 'tip', '#', '', 0, \
                 'withdrawn', '', '', 0)",
                "INSERT INTO playbooks (id, name, retired, version, created_at) \
                 VALUES ('playbook-$', 'Playbook $', 1, 1, 0)",
                "INSERT INTO playbook_versions (playbook_id, version, content, who, why, at) \
                 VALUES ('playbook-$', 1, '{\"steps\": []}', 'w', 'w', 0)",
                "INSERT INTO playbook_runs (id, playbook_id, playbook_version, ticket_id, asset_id, \
                 drill, scenario, state, findings, participants, started_at, started_by, version) \
                 VALUES ('run-$', 'playbook-$', 1, 'ticket-$', '#', 0, '', 'running', '', '[]', 0, \
                 'w', 1)",
                "INSERT INTO contracts (id, customer_id, name, from_at, to_at, sla_policy, \
                 free_repair_days, created_at, version) VALUES ('contract-$', 'customer-$', '$', 0, 1, 'A', 0, 0, 1)",
                "INSERT INTO attachments (sha256, media_type, bytes, created_at) \
                 VALUES ('attachment-$', 'image/png', 1, 0)",
                "INSERT INTO attachment_links (id, sha256, subject_kind, subject_id, title, who, at) \
                 VALUES ('link-$', 'attachment-$', 'request', 'request-$', 't', '', 0)",
                "INSERT INTO proposals (id, number, ticket_id, asset_id, state, version, created_at) \
                 SELECT 'proposal-$', count(*) + 1, 'ticket-$', '#', 'draft', 1, 0 FROM proposals",
                "INSERT INTO proposal_versions (proposal_id, version, content, who, why, at) \
                 VALUES ('proposal-$', 1, '{\"title\": \"t\", \"steps\": [\"s\"], \
                 \"expected_effect\": \"e\", \"feasibility\": \"f\", \"safety\": \"s\", \
                 \"safety_relevant\": false, \"cost\": {\"minor\": 1, \"currency\": \"EUR\"}, \
                 \"benefit\": \"b\"}', 'w', 'w', 0)",
                "INSERT INTO work_orders (id, number, ticket_id, asset_id, state, title, \
                 instructions, priority, skills, planned_minutes, created_at, created_by, version) \
                 SELECT 'order-$', count(*) + 1, 'ticket-$', '#', 'scheduled', 't', '', 'medium', \
                 '[]', 60, 0, 'w', 1 FROM work_orders",
                "INSERT INTO accounts (id, email, name, role, language, limited, state, created_at, \
                 version) VALUES ('$-technician', '$-t@example.com', 'T', 'technician', 'en', 0, 'active', 0, 1)",
                "INSERT INTO technicians (account_id, skills, areas, hours, turn, version) \
                 VALUES ('$-technician', '[]', '[]', '{}', 0, 1)",
                "INSERT INTO visits (id, work_order_id, technician_id, state, starts_at, ends_at, \
                 planned_by, reasons, version, created_at) VALUES ('visit-$', 'order-$', \
                 '$-technician', 'planned', 0, 1, 'w', '[]', 1, 0)",
                "INSERT INTO parts (id, part_number, name, unit, models, archived, turn, created_at, \
                 version) VALUES ('part-$', '$-6204', 'Bearing', 'piece', '[]', 0, 0, 0, 1)",
                "INSERT INTO depots (id, name, kind, site_id, created_at, version) \
                 VALUES ('depot-$', '$ shelf', 'site', 'site-$', 0, 1)",
                "INSERT INTO stock_levels (part_id, depot_id, on_hand, reserved, picked, minimum, \
                 falls, moves) VALUES ('part-$', 'depot-$', 1, 0, 0, 0, 0, 1)",
                "INSERT INTO stock_moves (id, part_id, depot_id, number, delta, balance, reason, who, \
                 why, at) VALUES ('move-$', 'part-$', 'depot-$', 1, 1, 1, 'received', 'w', 'w', 0)",
                "INSERT INTO returns (id, number, kind, state, customer_id, site_id, asset_id, quantity, \
                 reason, reason_words, note, method, place, policy_version, priority_lane, stocked, \
                 secret, created_at, created_by, version) SELECT 'return-$', count(*) + 1, 'return', \
                 'requested', 'customer-$', 'site-$', '#', 1, 'other', \
                 '{\"en\": \"w\", \"zh-Hans\": \"w\", \"zh-Hant\": \"w\"}', '', 'pick_up', '', 0, 0, 0, \
                 'return-$', 0, 'w', 1 FROM returns",
                "INSERT INTO shipments (id, number, state, customer_id, site_id, address, carrier, \
                 tracking_number, secret, created_at, created_by, version) SELECT 'shipment-$', \
                 count(*) + 1, 'draft', 'customer-$', 'site-$', '', '', '', 'shipment-$', 0, 'w', 1 \
                 FROM shipments",
                "INSERT INTO repair_sessions (id, asset_id, title, state, technicians, phase, \
                 planned_us, created_at) VALUES ('session-$', '#', 't', 'draft', '[]', 0, 1, 0)",
            ] {
                let sql = sql.replace('$', whose).replace('#', asset);
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&app.database).await?;
            }
        }
        for role in Role::ALL {
            let id = format!("account-{}", role.as_str());
            sqlx::query(
                "INSERT INTO accounts (id, email, name, role, language, limited, state, created_at, \
                 version) VALUES ($1, $3, $1, $2, 'en', 0, 'active', 0, 1)",
            )
            .bind(&id)
            .bind(role.as_str())
            .bind(format!("{}@example.com", role.as_str()))
            .execute(&app.database)
            .await?;
            sqlx::query("INSERT INTO account_customers VALUES ($1, 'customer-own')")
                .bind(&id)
                .execute(&app.database)
                .await?;
            let token = tokens::New {
                name: role.as_str(),
                scope: role,
                account_id: Some(&id),
                expires_at: None,
            };
            tokens::keep(&app.database, token, role.as_str(), 0).await?;
        }
        let router = crate::routes::router(app, std::sync::Arc::new(Vec::new()));
        Ok(Self { workshop, router })
    }

    /// From now on everybody sees only what was granted.
    pub(crate) async fn limit_everybody(&self) -> anyhow::Result<()> {
        sqlx::query("UPDATE accounts SET limited = 1").execute(&self.workshop.app.database).await?;
        Ok(())
    }

    /// What a request of a role is answered with.
    pub(crate) async fn ask(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<(StatusCode, Value)> {
        self.send(token, method, path, body, None).await
    }

    /// A change by an administrator who has seen a version.
    pub(crate) async fn change(
        &self,
        path: &str,
        version: i64,
        body: &Value,
    ) -> anyhow::Result<(StatusCode, Value)> {
        let seen = (header::IF_MATCH, format!("\"{version}\""));
        self.send("admin", Method::PATCH, path, Some(body), Some(seen)).await
    }

    /// A write with an `Idempotency-Key`.
    pub(crate) async fn write(
        &self,
        token: &str,
        key: &str,
        path: &str,
        body: &Value,
    ) -> anyhow::Result<(StatusCode, Value)> {
        let key = (HeaderName::from_static("idempotency-key"), key.to_owned());
        self.send(token, Method::POST, path, Some(body), Some(key)).await
    }

    /// A file is sent.
    pub(crate) async fn upload(
        &self,
        token: &str,
        path: &str,
        file: &[u8],
    ) -> anyhow::Result<(StatusCode, Value)> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.answer(request.body(Body::from(file.to_vec()))?).await
    }

    /// An engineer closes a ticket; the ticket afterwards.
    pub(crate) async fn close(&self, ticket: &str) -> anyhow::Result<Value> {
        let mut closed = Value::Null;
        for to in ["diagnosing", "resolved", "closed"] {
            let body = json!({"to": to, "why": "in a test", "despite_active_alarms": true});
            let path = format!("/api/v1/tickets/{ticket}/transition");
            let (status, answer) = self.ask("engineer", Method::POST, &path, Some(&body)).await?;
            assert_eq!(status, StatusCode::OK, "{answer}");
            closed = answer;
        }
        Ok(closed)
    }

    /// What is behind the link of a request.
    pub(crate) async fn follow(&self, secret: &str) -> anyhow::Result<(StatusCode, Value)> {
        self.ask("", Method::GET, &format!("/api/v1/public/requests/{secret}"), None).await
    }

    /// An answer that is text.
    pub(crate) async fn text(&self, token: &str, path: &str) -> anyhow::Result<String> {
        let (status, text) = self.ask(token, Method::GET, path, None).await?;
        anyhow::ensure!(status == StatusCode::OK, "{path}: {status} {text}");
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    async fn send(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
        more: Option<(HeaderName, String)>,
    ) -> anyhow::Result<(StatusCode, Value)> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some((name, value)) = more {
            request = request.header(name, value);
        }
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        self.answer(request.body(body)?).await
    }

    /// What a request is answered with that was made elsewhere.
    pub(crate) async fn answer(
        &self,
        request: Request<Body>,
    ) -> anyhow::Result<(StatusCode, Value)> {
        let answer = self.router.clone().oneshot(request).await?;
        let status = answer.status();
        // A stream of events has no end.
        if answer.headers().get(header::CONTENT_TYPE).is_some_and(|t| t == "text/event-stream") {
            return Ok((status, Value::Null));
        }
        let kind = answer.headers().get(header::CONTENT_TYPE).cloned();
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await?;
        let text = |kind: &str| kind.starts_with("text/") || kind == "application/xml";
        if kind.is_some_and(|kind| kind.to_str().is_ok_and(text)) {
            return Ok((status, json!(String::from_utf8_lossy(&body))));
        }
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }
}

/// The address of a route about what belongs to one of the customers.
fn address(path: &str, row: &Row, whose: &str) -> String {
    let id = |subject: Subject| match subject {
        Subject::Asset => if whose == "own" { "pump" } else { "chiller" }.to_owned(),
        Subject::Suppression => format!("rule-{whose}"),
        Subject::RepairSession => format!("session-{whose}"),
        Subject::WorkOrder => format!("order-{whose}"),
        Subject::SlaClock => format!("clock-{whose}"),
        Subject::CareReminder => format!("reminder-{whose}"),
        Subject::PlaybookRun => format!("run-{whose}"),
        subject => format!("{}-{whose}", subject.name()),
    };
    let named = match row.whose {
        Whose::Path(subject) => path.replacen(
            path.split('/').find(|part| part.starts_with('{')).unwrap_or("{"),
            &id(subject),
            1,
        ),
        Whose::Query(subject, key) => format!("{path}?{key}={}", id(subject)),
        _ => path.to_owned(),
    };
    let parts = named.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_role_may_do_what_the_table_says_and_nothing_else() -> anyhow::Result<()> {
    let document = crate::routes::document();
    for town in Town::each().await? {
        for (method, path, operation) in operations(&document) {
            let row = table::row_of(operation).unwrap();
            if row.whose == Whose::Open {
                continue;
            }
            for role in Role::ALL {
                // What works would change what the next row finds: bodies are empty.
                let own = address(path, row, "own");
                if method != Method::GET && row.cell(role) != Cell::Nothing {
                    continue;
                }
                let (status, _) = town.ask(role.as_str(), method.clone(), &own, None).await?;
                let refused = status == StatusCode::FORBIDDEN;
                let allowed = row.cell(role) != Cell::Nothing;
                assert_eq!(refused, !allowed, "{} {method} {own}: {status}", role.as_str());
                assert_ne!(status, StatusCode::UNAUTHORIZED, "{} {own}", role.as_str());
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_belongs_to_others_is_not_there_for_those_who_see_their_own() -> anyhow::Result<()> {
    let document = crate::routes::document();
    for town in Town::each().await? {
        for limited in [false, true] {
            if limited {
                town.limit_everybody().await?;
            }
            for (method, path, operation) in operations(&document) {
                let row = table::row_of(operation).unwrap();
                for role in Role::ALL {
                    let own_only = match row.cell(role) {
                        Cell::Nothing => continue,
                        Cell::Own => true,
                        Cell::All => limited,
                    };
                    check_foreign(&town, row, role, own_only, (&method, path)).await?;
                }
            }
        }
    }
    Ok(())
}

async fn check_foreign(
    town: &Town,
    row: &Row,
    role: Role,
    own_only: bool,
    (method, path): (&Method, &str),
) -> anyhow::Result<()> {
    if !own_only {
        return Ok(());
    }
    let foreign = address(path, row, "foreign");
    let says = format!("{} {method} {foreign}", role.as_str());
    match row.whose {
        Whose::Path(_) | Whose::Query(..) => {
            let body = json!({});
            let (status, _) =
                town.ask(role.as_str(), method.clone(), &foreign, Some(&body)).await?;
            assert_eq!(status, StatusCode::NOT_FOUND, "{says}");
            if *method == Method::GET {
                let own = address(path, row, "own");
                let (status, body) = town.ask(role.as_str(), method.clone(), &own, None).await?;
                let missing = format!("there is no {} with this id", subject(row));
                assert_ne!(body["detail"], json!(missing), "{says}: {status}");
            }
        }
        Whose::Mixed => {
            let (status, _) = town.ask(role.as_str(), method.clone(), &foreign, None).await?;
            assert_eq!(status, StatusCode::FORBIDDEN, "{says}");
        }
        Whose::Cut => {
            let (status, body) = town.ask(role.as_str(), method.clone(), path, None).await?;
            assert_eq!(status, StatusCode::OK, "{says}");
            let text = body.to_string();
            assert!(!text.contains("foreign") && !text.contains("chiller"), "{says}: {text}");
            assert!(text.contains("own") || text.contains("pump") || is_empty(&body), "{says}");
        }
        Whose::Nobodys | Whose::Body | Whose::Open => {}
    }
    Ok(())
}

fn subject(row: &Row) -> &'static str {
    match row.whose {
        Whose::Path(subject) | Whose::Query(subject, _) => subject.name(),
        _ => "",
    }
}

fn is_empty(page: &Value) -> bool {
    page["items"].as_array().is_some_and(Vec::is_empty)
}

#[tokio::test]
async fn whoever_writes_about_a_machine_of_others_is_told_that_there_is_none() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        town.limit_everybody().await?;
        let session = json!({"asset_id": "chiller", "title": "t", "technicians": ["a"]});
        let suspension = json!({"asset_id": "chiller", "kind": "maintenance", "reason": "r",
            "until": "2026-01-02T00:00:00Z"});
        let order = json!({"ticket_id": "ticket-foreign", "title": "t"});
        let visit = json!({"work_order_id": "order-foreign", "technician_id": "own-technician",
            "starts_at": "2026-01-02T00:00:00Z", "ends_at": "2026-01-02T01:00:00Z", "why": "w"});
        let site = json!({"customer_id": "customer-foreign", "name": "n", "time_zone": "UTC"});
        let contact = json!({"customer_id": "customer-foreign", "name": "n"});
        let contract = json!({"customer_id": "customer-foreign", "name": "n",
            "from": "2026-01-01T00:00:00Z", "sla_policy": "A"});
        let request = json!({"channel": "phone", "text": "t", "site_id": "site-foreign"});
        let machine = json!({"name": "n", "kind": "k", "site_id": "site-foreign"});
        let drill = json!({"playbook_id": "playbook-own", "scenario": "s", "asset_id": "chiller"});
        let rule = json!({"asset_id": "chiller", "while_tag": "a", "tag": "c", "why": "w"});
        let back = json!({"kind": "return", "asset_id": "chiller", "reason": "other",
            "method": "pick_up"});
        let shipment = json!({"customer_id": "customer-foreign",
            "lines": [{"text": "t", "quantity": 1}]});
        let depot = json!({"name": "n", "kind": "site", "site_id": "site-foreign"});
        let stock = json!({"part_id": "part-own", "depot_id": "depot-foreign", "quantity": 1,
            "counted": 1, "why": "w"});
        let transfer = json!({"part_id": "part-own", "from_depot_id": "depot-foreign",
            "to_depot_id": "depot-own", "quantity": 1, "why": "w"});
        for (role, path, body) in [
            ("engineer", "/api/v1/repair-sessions", session),
            ("engineer", "/api/v1/suspensions", suspension),
            ("engineer", "/api/v1/alarm-suppressions", rule),
            ("engineer", "/api/v1/work-orders", order),
            ("engineer", "/api/v1/drills", drill),
            ("dispatcher", "/api/v1/visits", visit),
            ("dispatcher", "/api/v1/requests", request),
            ("customer", "/api/v1/requests", json!({"text": "t", "asset_id": "chiller"})),
            ("dispatcher", "/api/v1/sites", site),
            ("dispatcher", "/api/v1/contacts", contact),
            ("manager", "/api/v1/contracts", contract),
            ("dispatcher", "/api/v1/assets", machine),
            ("dispatcher", "/api/v1/depots", depot),
            ("dispatcher", "/api/v1/returns", back.clone()),
            ("customer", "/api/v1/returns", back),
            ("dispatcher", "/api/v1/shipments", shipment),
            ("dispatcher", "/api/v1/stock/receipts", stock.clone()),
            ("dispatcher", "/api/v1/stock/counts", stock.clone()),
            ("dispatcher", "/api/v1/stock/scrap", stock),
            ("dispatcher", "/api/v1/stock/transfers", transfer),
        ] {
            let (status, answer) = town.ask(role, Method::POST, path, Some(&body)).await?;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}: {answer}");
        }
    }
    Ok(())
}
