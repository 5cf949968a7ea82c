//! What requests promise.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;
use crate::alarms::tests::HOUR;
use crate::limits::{PUBLIC_MESSAGES, PUBLIC_REQUESTS_EACH};

const SERVICE: &str = "customer_service";

async fn post(
    town: &Town,
    who: &str,
    path: &str,
    body: Value,
) -> anyhow::Result<(StatusCode, Value)> {
    town.ask(who, Method::POST, path, Some(&body)).await
}

async fn done(town: &Town, who: &str, path: &str, body: Value) -> anyhow::Result<Value> {
    let (status, answer) = post(town, who, path, body).await?;
    assert!(status.is_success(), "{path} is answered with {status}: {answer}");
    Ok(answer)
}

/// What somebody without an account asks; the answer says where it is followed.
async fn ask(town: &Town, more: Value) -> anyhow::Result<(StatusCode, Value)> {
    let mut body = json!({"name": "Kari", "email": "Kari@nordic.no", "text": "It leaks.\nA lot."});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    post(town, "nobody", "/api/v1/public/requests", body).await
}

async fn follow(town: &Town, link: &Value) -> anyhow::Result<Value> {
    let link = link.as_str().unwrap_or_default();
    let (status, followed) = town.ask("nobody", Method::GET, link, None).await?;
    assert_eq!(status, StatusCode::OK, "{followed}");
    Ok(followed)
}

/// The newest request of the person, as the service sees it.
async fn newest(town: &Town) -> anyhow::Result<(String, Value)> {
    let (_, page) = town.ask(SERVICE, Method::GET, "/api/v1/requests?q=kari", None).await?;
    let path = format!("/api/v1/requests/{}", page["items"][0]["id"].as_str().unwrap_or_default());
    let (_, request) = town.ask(SERVICE, Method::GET, &path, None).await?;
    Ok((path, request))
}

fn general() -> Value {
    json!({"urgency": "general", "scope": "individual", "kind": "product_quality"})
}

#[tokio::test]
async fn whoever_asks_without_an_account_follows_the_request_to_its_end() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (status, receipt) = ask(&town, json!({"language": "zh-Hans"})).await?;
        assert_eq!(status, StatusCode::CREATED, "{receipt}");
        assert_eq!(receipt["text"], "谢谢。我们已收到您的请求。");
        let link = &receipt["link"];
        assert_eq!(link.as_str().map(|l| l.rsplit('/').next().map_or(0, str::len)), Some(64));
        let seen = follow(&town, link).await?;
        assert_eq!((&seen["state"], &seen["subject"]), (&json!("received"), &json!("It leaks.")));
        let (path, request) = newest(&town).await?;
        assert_eq!((&request["link"], &request["number"]), (link, &receipt["number"]));
        done(&town, SERVICE, &format!("{path}/classification"), general()).await?;
        let note = json!({"kind": "note", "text": "a difficult one"});
        done(&town, "technician", &format!("{path}/messages"), note).await?;
        let question = json!({"kind": "question", "text": "Since when?"});
        done(&town, SERVICE, &format!("{path}/messages"), question).await?;
        assert_eq!(follow(&town, link).await?["state"], "in_progress");
        let answer = json!({"kind": "answer", "text": "Close the valve."});
        let answered = done(&town, SERVICE, &format!("{path}/messages"), answer).await?;
        assert_eq!(answered["state"], "answered");
        assert_eq!(answered["first_response_at"], answered["messages"][2]["at"]);
        let seen = follow(&town, link).await?;
        assert_eq!(seen["state"], "answered");
        let said: Vec<_> = seen["messages"].as_array().unwrap().iter().collect();
        assert_eq!(said.len(), 3, "notes stay among colleagues: {seen}");
        assert_eq!(
            (&said[2]["from_us"], &said[2]["text"]),
            (&json!(true), &json!("Close the valve."))
        );
        let close = json!({"to": "closed", "why": "no answer in a week"});
        done(&town, SERVICE, &format!("{path}/transition"), close).await?;
        assert_eq!(follow(&town, link).await?["state"], "closed");
    }
    Ok(())
}

#[tokio::test]
async fn what_the_person_writes_opens_a_request_again_whoever_closed_it() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (_, receipt) = ask(&town, json!({})).await?;
        let again = format!("{}/messages", receipt["link"].as_str().unwrap_or_default());
        let (path, _) = newest(&town).await?;
        let reject = json!({"to": "rejected", "why": "looks like spam"});
        done(&town, SERVICE, &format!("{path}/transition"), reject).await?;
        let seen = done(&town, "nobody", &again, json!({"text": "It is real"})).await?;
        assert_eq!(seen["state"], "received");
        done(&town, SERVICE, &format!("{path}/classification"), general()).await?;
        let answer = json!({"kind": "answer", "text": "Sorry."});
        done(&town, SERVICE, &format!("{path}/messages"), answer).await?;
        let close = json!({"to": "closed", "why": "done"});
        done(&town, SERVICE, &format!("{path}/transition"), close).await?;
        done(&town, "nobody", &again, json!({"text": "It leaks again"})).await?;
        let (_, request) = newest(&town).await?;
        assert_eq!(
            (&request["state"], &request["closed_at"]),
            (&json!("classified"), &Value::Null)
        );
        let id = request["id"].as_str().unwrap_or_default();
        let changes = format!("/api/v1/changes?subject_kind=request&subject_id={id}");
        let (_, page) = town.ask("admin", Method::GET, &changes, None).await?;
        let newest = &page["items"][0];
        assert_eq!(
            (&newest["from"], &newest["to"], &newest["rule"]),
            (&json!("closed"), &json!("classified"), &json!("requests.they_wrote"))
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_link_opens_one_request_and_no_other_secret_does() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let (_, one) = ask(&town, json!({})).await?;
        let (_, other) = ask(&town, json!({"text": "Another thing"})).await?;
        assert_ne!(one["link"], other["link"]);
        assert_eq!(follow(&town, &other["link"]).await?["subject"], "Another thing");
        for wrong in ["0".repeat(64), "secret".to_owned(), "%25".to_owned()] {
            let path = format!("/api/v1/public/requests/{wrong}");
            let (status, _) = town.ask("nobody", Method::GET, &path, None).await?;
            assert_eq!(status, StatusCode::NOT_FOUND);
        }
    }
    Ok(())
}

#[tokio::test]
async fn nobody_floods_the_queue_from_one_address() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for _ in 0..PUBLIC_REQUESTS_EACH {
            assert_eq!(ask(&town, json!({})).await?.0, StatusCode::CREATED);
        }
        let (status, problem) = ask(&town, json!({"email": "KARI@nordic.no"})).await?;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{problem}");
        let (status, receipt) = ask(&town, json!({"email": "ole@nordic.no"})).await?;
        assert_eq!(status, StatusCode::CREATED, "others are not held up");
        let again = format!("{}/messages", receipt["link"].as_str().unwrap_or_default());
        for _ in 0..PUBLIC_MESSAGES {
            done(&town, "nobody", &again, json!({"text": "hello?"})).await?;
        }
        let (status, _) = post(&town, "nobody", &again, json!({"text": "hello?"})).await?;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
        town.workshop.pass(HOUR).await?;
        assert_eq!(ask(&town, json!({})).await?.0, StatusCode::CREATED);
        town.workshop.pass(2 * HOUR).await?;
        assert_eq!(ask(&town, json!({})).await?.0, StatusCode::CREATED);
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM public_writes")
            .fetch_one(&town.workshop.app.database)
            .await?;
        assert_eq!(kept, 2, "old counts are forgotten");
    }
    Ok(())
}

#[tokio::test]
async fn the_table_says_the_priority_and_a_person_overrules_it_with_a_reason() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let path = "/api/v1/requests/request-own/classification";
        let classified = done(&town, SERVICE, path, general()).await?;
        assert_eq!(
            (&classified["state"], &classified["priority"], &classified["priority_version"]),
            (&json!("classified"), &json!("normal"), &json!(0))
        );
        let with = |more: Value| {
            let mut body = general();
            if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
                body.extend(more.clone());
            }
            body
        };
        let (status, _) = post(&town, SERVICE, path, with(json!({"priority": "urgent"}))).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "without a reason");
        let overruled = with(json!({"priority": "urgent", "why": "a hospital"}));
        let urgent = done(&town, SERVICE, path, overruled).await?;
        assert_eq!(
            (&urgent["priority"], &urgent["fast_lane"], &urgent["overruled_why"]),
            (&json!("urgent"), &json!(true), &json!("a hospital"))
        );
        let by_table = done(&town, SERVICE, path, general()).await?;
        assert_eq!(
            (&by_table["priority"], &by_table["fast_lane"], &by_table["overruled_why"]),
            (&json!("normal"), &json!(false), &Value::Null)
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_changed_table_holds_for_what_comes_and_leaves_what_is_classified() -> anyhow::Result<()>
{
    for town in Town::each().await? {
        let path = "/api/v1/priority-table";
        let (_, page) = town.ask("manager", Method::GET, path, None).await?;
        let mut table = page["items"][0]["policy"].clone();
        assert_eq!(table["rows"].as_array().map(Vec::len), Some(27));
        done(&town, SERVICE, "/api/v1/requests/request-own/classification", general()).await?;
        for row in table["rows"].as_array_mut().unwrap() {
            row["priority"] = json!("high");
        }
        let change = |table: &Value| json!({"policy": table, "why": "everything matters"});
        let (status, answer) =
            town.ask("manager", Method::PUT, path, Some(&change(&table))).await?;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let path = "/api/v1/requests/request-foreign/classification";
        let next = done(&town, SERVICE, path, general()).await?;
        assert_eq!((&next["priority"], &next["priority_version"]), (&json!("high"), &json!(1)));
        let path = "/api/v1/requests/request-own";
        let (_, before) = town.ask(SERVICE, Method::GET, path, None).await?;
        assert_eq!(before["priority"], "normal");
        table["rows"].as_array_mut().unwrap().pop();
        let path = "/api/v1/priority-table";
        let (status, problem) =
            town.ask("manager", Method::PUT, path, Some(&change(&table))).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("minor, individual, after_sales_support"), "{detail}");
    }
    Ok(())
}

#[tokio::test]
async fn a_request_becomes_one_ticket_however_often_it_is_asked_for() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = "/api/v1/requests/request-own";
        let ticket = format!("{path}/ticket");
        let (status, problem) = post(&town, SERVICE, &ticket, json!({})).await?;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
        assert_eq!(problem["next_states"], json!(["classified", "rejected"]));
        let urgent = json!({"urgency": "urgent", "scope": "global", "kind": "product_quality"});
        done(&town, SERVICE, &format!("{path}/classification"), urgent).await?;
        let first = done(&town, SERVICE, &ticket, json!({})).await?;
        let second = done(&town, "engineer", &ticket, json!({"title": "other"})).await?;
        assert_eq!(
            (&first["state"], &first["ticket_id"]),
            (&json!("ticketed"), &second["ticket_id"])
        );
        let id = first["ticket_id"].as_str().unwrap_or_default();
        let (_, shown) =
            town.ask(SERVICE, Method::GET, &format!("/api/v1/tickets/{id}"), None).await?;
        assert_eq!(
            (&shown["title"], &shown["priority"], &shown["signature"]),
            (&json!("s-own"), &json!("critical"), &json!("request:1"))
        );
        assert_eq!(shown["history"][0]["who"], SERVICE);
        let of_ticket = format!("/api/v1/requests?ticket={id}");
        let (_, page) = town.ask(SERVICE, Method::GET, &of_ticket, None).await?;
        assert_eq!(page["items"][0]["id"], "request-own");
        let moved = json!({"asset_id": null, "why": "w"});
        let (status, _) = town.change(path, 3, &moved).await?;
        assert_eq!(status, StatusCode::CONFLICT, "it stays with the machine of its ticket");
        let seen = follow(&town, &first["link"]).await?;
        assert_eq!((&seen["state"], &seen["visit"]), (&json!("in_progress"), &Value::Null));
    }
    Ok(())
}

#[tokio::test]
async fn who_writes_that_it_came_back_after_the_repair_has_the_ticket_opened_again()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = "/api/v1/requests/request-own";
        done(&town, SERVICE, &format!("{path}/classification"), general()).await?;
        let first = done(&town, SERVICE, &format!("{path}/ticket"), json!({})).await?;
        let id = first["ticket_id"].as_str().unwrap_or_default();
        let move_ticket = |to: &'static str| {
            let (town, path) = (&town, format!("/api/v1/tickets/{id}/transition"));
            async move { done(town, "technician", &path, json!({"to": to, "why": "w"})).await }
        };
        move_ticket("resolved").await?;
        assert_eq!(follow(&town, &first["link"]).await?["state"], "repaired");
        move_ticket("closed").await?;
        let again = format!("{}/messages", first["link"].as_str().unwrap_or_default());
        let seen = done(&town, "nobody", &again, json!({"text": "It is back"})).await?;
        assert_eq!(seen["state"], "in_progress");
        let (_, request) = town.ask(SERVICE, Method::GET, path, None).await?;
        assert_eq!(request["state"], "classified");
        let second = done(&town, SERVICE, &format!("{path}/ticket"), json!({})).await?;
        assert_eq!(second["ticket_id"], first["ticket_id"], "inside the guarantee window");
        let (_, ticket) =
            town.ask(SERVICE, Method::GET, &format!("/api/v1/tickets/{id}"), None).await?;
        assert_eq!((&ticket["state"], &ticket["reopened_count"]), (&json!("open"), &json!(1)));
    }
    Ok(())
}

#[tokio::test]
async fn the_person_sees_the_promised_time_the_visit_and_the_verdict_of_the_work()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let db = &town.workshop.app.database;
        for sql in [
            "UPDATE requests SET state = 'ticketed', ticket_id = 'ticket-own', priority = 'high' \
             WHERE id = 'request-own'",
            "UPDATE work_orders SET latest_at = 1767312000000000 WHERE id = 'order-own'",
            "UPDATE visits SET starts_at = 1767258000000000, ends_at = 1767261600000000 \
             WHERE id = 'visit-own'",
            "UPDATE repair_sessions SET ticket_id = 'ticket-own' WHERE id = 'session-own'",
            "INSERT INTO repair_verdicts (id, session_id, phase, version, overall, content, made_at, \
             who, why) VALUES ('v', 'session-own', 0, 1, 'fixed', '{}', 0, 'w', '')",
        ] {
            sqlx::query(sql).execute(db).await?;
        }
        let seen = follow(&town, &json!("/api/v1/public/requests/secret-own")).await?;
        assert_eq!((&seen["state"], &seen["verdict"]), (&json!("visit_planned"), &json!("fixed")));
        assert_eq!(seen["promised_at"], "2026-01-02T00:00:00Z");
        assert_eq!(seen["visit"]["starts_at"], "2026-01-01T09:00:00Z");
    }
    Ok(())
}

#[tokio::test]
async fn whose_request_it_is_is_known_where_what_was_told_leaves_no_doubt() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let db = &town.workshop.app.database;
        for sql in [
            "UPDATE contacts SET email = 'kari@nordic.no', phone = '+4722' WHERE id = 'contact-own'",
            "UPDATE contacts SET phone = '+4722' WHERE id = 'contact-foreign'",
            "UPDATE assets SET serial = 'SN-1' WHERE id = 'pump'",
            "UPDATE assets SET serial = 'SN-2' WHERE id = 'chiller'",
        ] {
            sqlx::query(sql).execute(db).await?;
        }
        for (told, contact, machine) in [
            (json!({"machine": "SN-1"}), json!("contact-own"), json!("pump")),
            (json!({"machine": "SN-2"}), json!("contact-own"), Value::Null),
            (json!({"email": "x@y.z", "machine": "SN-1"}), Value::Null, Value::Null),
            (json!({"email": null, "phone": "+47 22"}), Value::Null, Value::Null),
        ] {
            ask(&town, told.clone()).await?;
            let (_, request) = newest(&town).await?;
            assert_eq!(
                (&request["contact_id"], &request["asset_id"]),
                (&contact, &machine),
                "{told}"
            );
            assert_eq!(request["site_id"].is_null(), machine.is_null(), "{told}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn linking_a_machine_tells_site_and_customer_and_nothing_is_linked_that_does_not_belong()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        ask(&town, json!({})).await?;
        let (path, _) = newest(&town).await?;
        let link = |body: Value, version| {
            let (town, path) = (&town, &path);
            async move { town.change(path, version, &body).await }
        };
        let (status, linked) = link(json!({"asset_id": "pump", "why": "she said so"}), 1).await?;
        assert_eq!(
            (status, &linked["site_id"], &linked["customer_id"]),
            (StatusCode::OK, &json!("site-own"), &json!("customer-own")),
            "{linked}"
        );
        for (body, with) in [
            (json!({"contact_id": "contact-foreign", "why": "w"}), StatusCode::BAD_REQUEST),
            (json!({"site_id": "site-foreign", "why": "w"}), StatusCode::BAD_REQUEST),
            (json!({"asset_id": "no", "why": "w"}), StatusCode::NOT_FOUND),
            (json!({"subject": " ", "why": "w"}), StatusCode::BAD_REQUEST),
        ] {
            let (status, problem) = link(body.clone(), 2).await?;
            assert_eq!(status, with, "{body}: {problem}");
        }
        let (status, _) = link(json!({"subject": "New", "why": "w"}), 1).await?;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED);
        let both = json!({"asset_id": "chiller", "site_id": null, "customer_id": null, "why": "w"});
        let (status, linked) = link(both, 2).await?;
        assert_eq!((status, &linked["customer_id"]), (StatusCode::OK, &json!("customer-foreign")));
    }
    Ok(())
}

#[tokio::test]
async fn what_may_be_the_same_is_shown_and_only_a_person_says_so_and_takes_it_back()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        ask(&town, json!({})).await?;
        let (_, first) = newest(&town).await?;
        let body = json!({"channel": "phone", "email": "kari@nordic.no", "text": "About the leak"});
        let second = done(&town, SERVICE, "/api/v1/requests", body).await?;
        assert_eq!(second["maybe_same_as"][0]["id"], first["id"]);
        assert_eq!(second["state"], "received");
        let path = format!("/api/v1/requests/{}", second["id"].as_str().unwrap_or_default());
        let step = format!("{path}/transition");
        for wrong in [second["id"].clone(), json!("no")] {
            let body = json!({"to": "rejected", "why": "w", "duplicate_of": wrong});
            let (status, problem) = post(&town, SERVICE, &step, body).await?;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
        }
        let same = json!({"to": "rejected", "why": "the same leak", "duplicate_of": first["id"]});
        let joined = done(&town, SERVICE, &step, same).await?;
        assert_eq!(joined["duplicate_of"], first["id"]);
        assert_eq!(follow(&town, &second["link"]).await?["state"], "joined");
        let back = json!({"to": "received", "why": "two leaks"});
        let apart = done(&town, SERVICE, &step, back).await?;
        assert_eq!((&apart["state"], &apart["duplicate_of"]), (&json!("received"), &Value::Null));
    }
    Ok(())
}

#[tokio::test]
async fn whoever_sees_their_own_writes_down_what_they_can_see_and_finds_it_again()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        town.limit_everybody().await?;
        let path = "/api/v1/requests";
        let visit = |more: Value| {
            let mut body = json!({"channel": "visit", "text": "The door sticks"});
            if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
                body.extend(more.clone());
            }
            body
        };
        let (status, problem) = post(&town, "technician", path, visit(json!({}))).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
        let foreign = visit(json!({"customer_id": "customer-foreign"}));
        assert_eq!(post(&town, "technician", path, foreign).await?.0, StatusCode::NOT_FOUND);
        let made = done(&town, "technician", path, visit(json!({"asset_id": "pump"}))).await?;
        assert_eq!(made["received_by"], "technician");
        let (_, page) =
            town.ask("technician", Method::GET, "/api/v1/requests?q=DOOR", None).await?;
        assert_eq!(page["items"][0]["id"], made["id"]);
        let asked = format!("{path}?q={}", made["number"].as_str().unwrap_or_default());
        let (_, page) = town.ask("technician", Method::GET, &asked, None).await?;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_to_change() -> anyhow::Result<()> {
    for town in Town::each().await? {
        for (body, says) in [
            (json!({"email": null}), "`email` or `phone`"),
            (json!({"email": "kari"}), "`email`"),
            (json!({"phone": "call"}), "`phone`"),
            (json!({"text": " "}), "`text`"),
            (json!({"name": ""}), "`name`"),
            (json!({"text": "x".repeat(10_001)}), "`text`"),
        ] {
            let (status, problem) = ask(&town, body.clone()).await?;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
            assert!(problem["detail"].as_str().is_some_and(|d| d.contains(says)), "{problem}");
        }
        let web = json!({"channel": "web_form", "text": "t"});
        let (status, _) = post(&town, SERVICE, "/api/v1/requests", web).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let path = "/api/v1/requests/request-own";
        for (to, says) in [("classified", "classify it"), ("closed", "cannot become closed")] {
            let body = json!({"to": to, "why": "w"});
            let (status, problem) =
                post(&town, SERVICE, &format!("{path}/transition"), body).await?;
            assert_eq!(status, StatusCode::CONFLICT);
            assert!(problem["detail"].as_str().is_some_and(|d| d.contains(says)), "{problem}");
        }
        let answer = json!({"kind": "answer", "text": "yes"});
        let (status, problem) = post(&town, SERVICE, &format!("{path}/messages"), answer).await?;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    }
    Ok(())
}

#[tokio::test]
async fn requests_that_come_at_once_have_numbers_of_their_own() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let emails = (0..8).map(|n| json!({"email": format!("p{n}@nordic.no")}));
        let asked = futures_util::future::join_all(emails.map(|more| ask(&town, more))).await;
        let mut numbers = Vec::new();
        for answer in asked {
            let (status, receipt) = answer?;
            assert_eq!(status, StatusCode::CREATED, "{receipt}");
            numbers.push(receipt["number"].to_string());
        }
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), 8);
    }
    Ok(())
}

#[tokio::test]
async fn a_customer_asks_about_a_machine_of_theirs_and_sees_nothing_between_colleagues()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let body = json!({"text": "It leaks", "asset_id": "pump", "email": "else@nordic.no"});
        let seen = done(&town, "customer", "/api/v1/requests", body).await?;
        assert_eq!(
            (&seen["channel"], &seen["given_email"], &seen["received_by"]),
            (&json!("portal"), &json!("customer@example.com"), &Value::Null)
        );
        let path = format!("/api/v1/requests/{}", seen["id"].as_str().unwrap_or_default());
        let messages = format!("{path}/messages");
        done(&town, SERVICE, &format!("{path}/classification"), general()).await?;
        let note = json!({"kind": "note", "text": "a difficult one"});
        done(&town, SERVICE, &messages, note.clone()).await?;
        let answer = json!({"kind": "answer", "text": "Close the valve."});
        done(&town, SERVICE, &messages, answer.clone()).await?;
        for theirs in [note, answer] {
            let (status, _) = post(&town, "customer", &messages, theirs).await?;
            assert_eq!(status, StatusCode::BAD_REQUEST);
        }
        let again = json!({"kind": "received", "text": "It leaks again"});
        let seen = done(&town, "customer", &messages, again.clone()).await?;
        assert_eq!(seen["state"], "classified", "it is before somebody again");
        let (_, listed) = town.ask("customer", Method::GET, "/api/v1/requests", None).await?;
        for text in [seen.to_string(), listed.to_string()] {
            assert!(text.contains("It leaks") && !text.contains("difficult"), "{text}");
        }
        assert_eq!(seen["messages"].as_array().map(Vec::len), Some(3));
        let search = "/api/v1/requests?q=difficult";
        let (status, _) = town.ask("customer", Method::GET, search, None).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(post(&town, SERVICE, &messages, again).await?.0, StatusCode::BAD_REQUEST);
        let phone = json!({"channel": "phone", "text": "t", "asset_id": "pump"});
        let (status, _) = post(&town, "customer", "/api/v1/requests", phone).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "the server knows how it came");
    }
    Ok(())
}
