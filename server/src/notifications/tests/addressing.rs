//! Who is reached, and where.

use system_tests::Hook;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_the_message_at_the_preferred_address_only() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let hook = Hook::start().await?;
        office.reach(DISPATCHERS, "email", "dispatch@example.com", json!({})).await;
        office.reach(DISPATCHERS, "webhook", &hook.url, json!({})).await;
        office.tell(breached("breach:7")).await?;
        office.pass(0).await?;
        assert_eq!((hook.received().len(), office.mail.letters().len()), (1, 0));
        let message = office.message().await?;
        assert_eq!(message["recipient"], "role:dispatcher");
        assert_eq!(message["channel"], "webhook");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_their_own_goes_before_the_mailbox_that_is_on_file() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let more = json!({"language": "zh-Hant"});
        office.reach(("contact", "wang"), "email", "wang.private@example.org", more).await;
        office.tell(mended("resolved:7")).await?;
        office.pass(0).await?;
        assert_eq!(office.mail.letters()[0].to, "wang.private@example.org");
        assert_eq!(office.message().await?["language"], "zh-Hant");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_gets_the_automatic_reply_once() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let mailbox =
            Mailbox { address: "Eve@Example.org", language: Language::English, time_zone: "UTC" };
        let eve =
            Recipient { part: Part::Customer, person: Person::Stranger, mailbox: Some(mailbox) };
        let what = What::RequestReceived { number: "R-1", summary: "Pump leaks" };
        let event = Event {
            audience: &[eve, eve],
            ..Event::new("request:1", what, ABOUT, "intake by e-mail")
        };
        let notified = office.tell(event).await?;
        assert_eq!((notified.queued, notified.known), (1, 1));
        office.pass(0).await?;
        let letters = office.mail.letters();
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].header("Subject"), Some("We have your request [R-1]"));
        assert_eq!(letters[0].header("Auto-Submitted"), Some("auto-replied"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_nothing_reaches_is_counted() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let nobody = Recipient { mailbox: None, ..WANG };
        let notified = office.tell(Event { audience: &[nobody], ..mended("resolved:7") }).await?;
        assert_eq!((notified.queued, notified.unreachable), (0, 1));
        assert!(office.messages().await?.is_empty());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_waits_goes_to_where_the_address_is_mended_to() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let dead = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let dead = format!("http://{dead}/hook");
        let made = office.reach(DISPATCHERS, "webhook", &dead, json!({})).await;
        office.tell(breached("breach:7")).await?;
        office.pass(0).await?;
        assert_eq!(office.message().await?["state"], "waiting");
        let hook = Hook::start().await?;
        let body = json!({"address": hook.url, "why": "moved"});
        let (app, id) = (State(office.app.clone()), text(&made, "id"));
        let _ = super::super::change_address(me(), app, Path(id), Json(from_json(body))).await?;
        office.pass(HOUR).await?;
        assert_eq!(hook.received().len(), 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_to_a_deleted_address_is_refused() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let hook = Hook::start().await?;
        let made = office.reach(DISPATCHERS, "webhook", &hook.url, json!({})).await;
        office.tell(breached("breach:7")).await?;
        let query = axum::extract::Query::try_from_uri(&"/?why=left".parse()?)?;
        let (app, id) = (State(office.app.clone()), text(&made, "id"));
        super::super::delete_address(me(), app, Path(id), query).await?;
        office.pass(0).await?;
        assert_eq!(office.message().await?["state"], "refused");
        assert!(hook.received().is_empty());
        office.reach(DISPATCHERS, "webhook", &hook.url, json!({})).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_shown_once_and_an_address_is_there_once() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let made = office.reach(DISPATCHERS, "webhook", "http://127.0.0.1:9/hook", json!({})).await;
        assert!(messenger::is_secret(&text(&made, "secret")));
        let query = axum::extract::Query::try_from_uri(&"/?owner_kind=role".parse()?)?;
        let page = super::super::list_addresses(State(office.app.clone()), query).await?;
        let page = serde_json::to_value(&page.0)?;
        assert_eq!(page["items"][0]["id"], made["id"]);
        assert_eq!(page["items"][0].get("secret"), None);
        let body = json!({
            "owner_kind": "role", "owner": "dispatcher", "kind": "webhook",
            "address": "http://127.0.0.1:9/hook", "why": "again",
        });
        let again =
            super::super::add_address(me(), State(office.app.clone()), Json(from_json(body)));
        assert!(matches!(again.await, Err(Problem::Conflict(_))));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_takes_to_send_is_not_shown_and_stays_through_a_change() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let hook = Hook::start().await?;
        let url = format!("{}?key=hidden", hook.url);
        let made = office.reach(DISPATCHERS, "webhook", &url, json!({})).await;
        assert_eq!(made["address"], format!("{}?…", hook.url));
        let (app, id) = (State(office.app.clone()), text(&made, "id"));
        let body = from_json(json!({"language": "zh-Hans", "why": "they read Chinese"}));
        let _ = super::super::change_address(me(), app, Path(id), Json(body)).await?;
        office.tell(breached("breach:7")).await?;
        office.pass(0).await?;
        let message = office.message().await?;
        assert_eq!(message["state"], "delivered");
        assert!(!message.to_string().contains("hidden"), "{message}");
        let got = hook.received().remove(0);
        assert!(got.body.contains("首次响应"), "{}", got.body);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_cannot_work_is_refused() -> anyhow::Result<()> {
    let office = Office::on(Database::Sqlite, true).await?;
    for wrong in [
        json!({"kind": "email"}),
        json!({"kind": "email", "address": "nobody"}),
        json!({"kind": "wecom", "address": "ftp://example.com"}),
        json!({"kind": "webhook", "address": "http://example.com", "secret": "short"}),
        json!({"kind": "web_push", "address": "https://push.example.com"}),
        json!({"kind": "web_push", "address": "https://push.example.com",
               "keys": {"p256dh": "AAAA", "auth": "AAAA"}}),
        json!({"kind": "email", "address": "a@example.com", "time_zone": "Mars/Olympus"}),
        json!({"kind": "email", "address": "a@example.com", "quiet": {"from": "25:00", "until": "07:00"}}),
        json!({"kind": "email", "address": "a@example.com", "quiet": {"from": "07:00", "until": "07:00"}}),
    ] {
        let mut body = json!({"owner_kind": "role", "owner": "dispatcher", "why": "in a test"});
        if let (Some(body), Some(more)) = (body.as_object_mut(), wrong.as_object()) {
            body.extend(more.clone());
        }
        let answer =
            super::super::add_address(me(), State(office.app.clone()), Json(from_json(body)));
        let answer = answer.await;
        assert!(matches!(answer, Err(Problem::Invalid(_))), "{wrong}: {answer:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_tried_out_at_once_with_the_answer_of_the_other_side() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let hook = Hook::start().await?;
        let made = office.reach(("channel", "robot"), "webhook", &hook.url, json!({})).await;
        hook.answer(500);
        for expected in ["retry", "delivered"] {
            let (app, id) = (State(office.app.clone()), text(&made, "id"));
            let tried = super::super::try_address(me(), app, Path(id)).await?;
            assert_eq!(serde_json::to_value(&tried.0)?["outcome"], expected);
        }
        assert_eq!(hook.received().len(), 2);
        assert!(office.messages().await?.is_empty());
    }
    Ok(())
}
