//! Nothing that is attached gets lost on the way from the request to the report.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Holder, carried};
use crate::access::tests::Town;

const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 a photo of the leak";
const MANUAL: &[u8] = b"%PDF-1.7 how the pump is put together";
const LINK: &str = "/api/v1/public/requests/secret-own/attachments";

async fn send(town: &Town, token: &str, path: &str, file: &[u8]) -> anyhow::Result<Value> {
    let (status, made) = town.upload(token, path, file).await?;
    assert!(status.is_success(), "{path}: {status} {made}");
    Ok(made)
}

async fn digests(town: &Town, token: &str, path: &str) -> anyhow::Result<Vec<String>> {
    let (status, page) = town.ask(token, Method::GET, path, None).await?;
    assert_eq!(status, StatusCode::OK, "{path}: {page}");
    let items = page["items"].as_array().cloned().unwrap_or_default();
    Ok(items.iter().map(|a| a["sha256"].as_str().unwrap_or_default().to_owned()).collect())
}

async fn sql(town: &Town, statements: &[&'static str]) -> anyhow::Result<()> {
    for statement in statements {
        sqlx::query(*statement).execute(&town.workshop.app.database).await?;
    }
    Ok(())
}

/// The town's own request is the town's own ticket, whose work order has a session.
async fn chain(town: &Town) -> anyhow::Result<()> {
    sql(
        town,
        &[
            "DELETE FROM attachment_links",
            "UPDATE requests SET state = 'ticketed', ticket_id = 'ticket-own' \
             WHERE id = 'request-own'",
            "INSERT INTO request_tickets (request_id, ticket_id) \
             VALUES ('request-own', 'ticket-own')",
            "UPDATE repair_sessions SET visit_id = 'visit-own' WHERE id = 'session-own'",
        ],
    )
    .await
}

const PLACES: [&str; 4] = [
    "/api/v1/requests/request-own/attachments",
    "/api/v1/tickets/ticket-own/attachments",
    "/api/v1/work-orders/order-own/attachments",
    "/api/v1/repair-sessions/session-own/attachments",
];

#[tokio::test]
async fn what_is_attached_is_seen_in_everything_that_comes_of_it_also_when_it_is_added_later()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        chain(&town).await?;
        let mut all = Vec::new();
        for (n, place) in PLACES.into_iter().enumerate() {
            let file = [PHOTO, n.to_string().as_bytes()].concat();
            let made = send(&town, "technician", place, &file).await?;
            all.push(made["sha256"].as_str().unwrap_or_default().to_owned());
        }
        let later = [PHOTO, b" the next day"].concat();
        send(&town, "customer", LINK, &later).await?;
        for (n, place) in PLACES.into_iter().enumerate() {
            let seen = digests(&town, "technician", place).await?;
            assert_eq!(seen.len(), n + 2, "{place}: {seen:?}");
            assert_eq!(seen[..=n], all[..=n], "{place}");
        }
        let session = carried(&town.workshop.app, (Holder::RepairSession, "session-own")).await?;
        let from: Vec<_> = session.iter().map(|a| a.attached_to.kind.as_str()).collect();
        assert_eq!(from, ["request", "ticket", "work_order", "repair_session", "request"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_request_that_becomes_another_ticket_leaves_the_first_what_was_told_then()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        sql(
            &town,
            &[
                "DELETE FROM attachment_links",
                "UPDATE alarm_suspensions SET ended_at = 1",
                "UPDATE requests SET state = 'classified', urgency = 'general', scope = 'local', \
                 kind = 'product_quality', priority = 'normal' WHERE id = 'request-own'",
            ],
        )
        .await?;
        send(&town, "customer", LINK, PHOTO).await?;
        let open = "/api/v1/requests/request-own/ticket";
        let made = |answer: (StatusCode, Value)| {
            assert_eq!(answer.0, StatusCode::OK, "{}", answer.1);
            answer.1["ticket_id"].as_str().unwrap_or_default().to_owned()
        };
        let body = json!({});
        let first = made(town.ask("dispatcher", Method::POST, open, Some(&body)).await?);
        sql(
            &town,
            &[
                "UPDATE tickets SET state = 'closed', probation_until = 0",
                "UPDATE requests SET state = 'classified' WHERE id = 'request-own'",
            ],
        )
        .await?;
        let second = made(town.ask("dispatcher", Method::POST, open, Some(&body)).await?);
        assert_ne!(first, second);
        for ticket in [first, second] {
            let path = format!("/api/v1/tickets/{ticket}/attachments");
            assert_eq!(digests(&town, "technician", &path).await?.len(), 1);
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_a_duplicate_had_is_seen_where_the_work_is_done() -> anyhow::Result<()> {
    for town in Town::each().await? {
        chain(&town).await?;
        sql(
            &town,
            &[
                "INSERT INTO requests (id, number, channel, state, subject, language, given_name, \
                 secret, received_at, received_by, duplicate_of, version) VALUES ('twin', 9, \
                 'phone', 'rejected', 's', 'en', '', 'secret-twin', 0, 'w', 'request-own', 1)",
                "INSERT INTO requests (id, number, channel, state, subject, language, given_name, \
                 secret, received_at, received_by, duplicate_of, version) VALUES ('third', 10, \
                 'phone', 'rejected', 's', 'en', '', 'secret-third', 0, 'w', 'twin', 1)",
            ],
        )
        .await?;
        let path = "/api/v1/public/requests/secret-third/attachments";
        sql(&town, &["UPDATE requests SET state = 'received' WHERE id = 'third'"]).await?;
        let sent = send(&town, "", path, PHOTO).await?;
        let digest = sent["attachments"][0]["sha256"].as_str().unwrap_or_default().to_owned();
        for place in PLACES {
            assert_eq!(digests(&town, "technician", place).await?, [digest.as_str()], "{place}");
        }
        // It is shown in what the customer sees, so the customer may read it.
        let file = format!("/api/v1/attachments/{digest}");
        assert_eq!(town.ask("customer", Method::GET, &file, None).await?.0, StatusCode::OK);
        // Whoever follows the first request does not see what somebody else sent.
        let (_, followed) = town.follow("secret-own").await?;
        assert_eq!(followed["attachments"], json!([]));
    }
    Ok(())
}

#[tokio::test]
async fn a_customer_reads_what_is_theirs_and_the_link_what_is_of_its_request() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        chain(&town).await?;
        let own = send(&town, "technician", PLACES[1], PHOTO).await?;
        let foreign = "/api/v1/tickets/ticket-foreign/attachments";
        let foreign = send(&town, "technician", foreign, MANUAL).await?;
        let path = |made: &Value| {
            format!("/api/v1/attachments/{}", made["sha256"].as_str().unwrap_or_default())
        };
        for (made, with) in [(&own, StatusCode::OK), (&foreign, StatusCode::NOT_FOUND)] {
            let (status, _) = town.ask("customer", Method::GET, &path(made), None).await?;
            assert_eq!(status, with);
        }
        // The same file at another customer's is that customer's, too.
        send(&town, "technician", PLACES[1], MANUAL).await?;
        let (status, _) = town.ask("customer", Method::GET, &path(&foreign), None).await?;
        assert_eq!(status, StatusCode::OK);
        let told = send(&town, "", LINK, b"%PDF-1.7 from the person").await?;
        let digest = told["attachments"][0]["sha256"].as_str().unwrap_or_default();
        for (digest, with) in [
            (digest, StatusCode::OK),
            (own["sha256"].as_str().unwrap_or_default(), StatusCode::NOT_FOUND),
            ("..%2Fbusiness.db", StatusCode::NOT_FOUND),
        ] {
            let (status, _) = town.ask("", Method::GET, &format!("{LINK}/{digest}"), None).await?;
            assert_eq!(status, with, "{digest}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_same_file_sent_again_is_attached_once_and_what_is_none_is_refused()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        chain(&town).await?;
        let path = format!("{}?title=Leak", PLACES[0]);
        let first = send(&town, "technician", &path, PHOTO).await?;
        assert_eq!(
            (&first["title"], &first["media_type"], &first["by"]),
            (&json!("Leak"), &json!("image/jpeg"), &json!("technician"))
        );
        assert_eq!(send(&town, "dispatcher", PLACES[0], PHOTO).await?, first);
        for (path, file, with) in [
            (PLACES[0], &b"<svg onload='alert(1)'>"[..], StatusCode::BAD_REQUEST),
            (PLACES[0], b"", StatusCode::BAD_REQUEST),
            ("/api/v1/tickets/no/attachments", PHOTO, StatusCode::NOT_FOUND),
        ] {
            let (status, problem) = town.upload("technician", path, file).await?;
            assert_eq!(status, with, "{path}: {problem}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_file_by_the_link_brings_a_closed_request_back_and_so_many_an_hour_are_enough()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        sql(
            &town,
            &[
                "DELETE FROM attachment_links",
                "UPDATE requests SET state = 'closed' WHERE id = 'request-own'",
            ],
        )
        .await?;
        let followed = send(&town, "", LINK, PHOTO).await?;
        assert_eq!(
            (&followed["state"], &followed["attachments"][0]["from_us"]),
            (&json!("in_progress"), &json!(false))
        );
        for n in 1..20 {
            let file = [PHOTO, n.to_string().as_bytes()].concat();
            send(&town, "", LINK, &file).await?;
        }
        let (status, _) = town.upload("", LINK, PHOTO).await?;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
        town.workshop.pass(crate::alarms::tests::HOUR).await?;
        send(&town, "", LINK, PHOTO).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_report_of_a_repair_has_the_photos_that_came_with_its_request() -> anyhow::Result<()> {
    for town in Town::each().await? {
        chain(&town).await?;
        let sent = send(&town, "", LINK, PHOTO).await?;
        let digest = sent["attachments"][0]["sha256"].as_str().unwrap_or_default();
        let path = "/api/v1/repair-sessions/session-own/report.json";
        let (status, report) = town.ask("engineer", Method::GET, path, None).await?;
        assert_eq!(status, StatusCode::OK);
        assert!(report.to_string().contains(digest), "the document names it");
        let path = "/api/v1/repair-sessions/session-own/report.html";
        let page = town.text("engineer", path).await?;
        assert!(page.contains("data:image/jpeg;base64,"), "the page shows it");
    }
    Ok(())
}

#[tokio::test]
async fn what_an_older_version_attached_to_sessions_and_tickets_is_carried_over()
-> anyhow::Result<()> {
    const CHANGE: &str = include_str!("../../migrations/0018_attachments_and_machine_file.sql");
    for town in Town::each().await? {
        let db = &town.workshop.app.database;
        // As the version before left it: no links, no record of former tickets.
        for sql in [
            "DELETE FROM attachment_links",
            "INSERT INTO attachments (sha256, media_type, bytes, created_at) VALUES \
             ('aa', 'image/png', 1, 0), ('bb', 'image/png', 1, 0)",
            "INSERT INTO repair_session_entries (id, session_id, phase, kind, content, recorded_at, \
             author) VALUES ('e1', 'session-own', 0, 'attached', '{\"kind\":\"attached\",\
             \"sha256\":\"aa\",\"caption\":\"not \\\"sha256\\\":\\\"bb\\\"\"}', 7, 'Ada')",
            "INSERT INTO changes (id, subject_kind, subject_id, at, who, field, to_value, why) \
             VALUES ('c1', 'request', 'request-own', 0, 'w', 'ticket_id', 'ticket-foreign', 'w')",
            "UPDATE requests SET ticket_id = 'ticket-own' WHERE id = 'request-own'",
        ] {
            sqlx::query(sql).execute(db).await?;
        }
        for sql in CHANGE.split(';').filter(|sql| sql.contains("INSERT INTO")) {
            sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(db).await?;
        }
        let links: Vec<(String, String, String, i64)> =
            sqlx::query_as("SELECT sha256, subject_id, who, at FROM attachment_links")
                .fetch_all(db)
                .await?;
        assert_eq!(links, [("aa".into(), "session-own".into(), "Ada".into(), 7)]);
        let became: Vec<String> =
            sqlx::query_scalar("SELECT ticket_id FROM request_tickets ORDER BY ticket_id")
                .fetch_all(db)
                .await?;
        assert_eq!(became, ["ticket-foreign", "ticket-own"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_photo_of_what_comes_back_is_seen_by_whoever_sees_the_return_and_nobody_else()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        sql(&town, &["UPDATE returns SET request_id = 'request-own' WHERE id = 'return-own'"])
            .await?;
        let path = "/api/v1/returns/return-own/attachments?title=The%20dent";
        let (status, file) = town.upload("customer", path, PHOTO).await?;
        assert_eq!(status, StatusCode::CREATED, "{file}");
        let file = format!("/api/v1/attachments/{}", file["sha256"].as_str().unwrap_or_default());
        let (status, _) = town.ask("customer", Method::GET, &file, None).await?;
        assert_eq!(status, StatusCode::OK);
        let (_, listed) = town
            .ask("quality", Method::GET, "/api/v1/returns/return-own/attachments", None)
            .await?;
        assert_eq!(
            listed["items"].as_array().map(Vec::len),
            Some(2),
            "with that of its request: {listed}"
        );
        let path = "/api/v1/returns/return-foreign/attachments";
        let (status, _) = town.upload("customer", path, PHOTO).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    Ok(())
}
