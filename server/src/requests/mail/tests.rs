use axum::http::Method;
use serde_json::{Value, json};
use system_tests::{Dovecot, until};
use tokio::sync::watch;

use super::taking::{Taken, take};
use crate::access::tests::Town;
use crate::alarms::tests::HOUR;
use crate::http::Problem;
use crate::limits::PUBLIC_REQUESTS_EACH;

const SERVICE: &str = "customer_service";

async fn letter(town: &Town, text: &str) -> Result<Taken, Problem> {
    take(&town.workshop.app, text.replace('\n', "\r\n").into_bytes()).await
}

fn request(taken: &Taken) -> String {
    match taken {
        Taken::Request(id) | Taken::Message(id) => id.clone(),
        other => panic!("{other:?}"),
    }
}

async fn show(town: &Town, id: &str) -> anyhow::Result<Value> {
    Ok(town.ask(SERVICE, Method::GET, &format!("/api/v1/requests/{id}"), None).await?.1)
}

async fn answer(town: &Town, id: &str, text: &str) -> anyhow::Result<()> {
    let path = format!("/api/v1/requests/{id}/messages");
    let body = json!({"kind": "question", "text": text});
    let (status, body) = town.ask(SERVICE, Method::POST, &path, Some(&body)).await?;
    anyhow::ensure!(status.is_success(), "{body}");
    Ok(())
}

/// What our e-mails about a request answer, the oldest first: id, In-Reply-To, References.
async fn sent(town: &Town, id: &str) -> anyhow::Result<Vec<(String, String, String)>> {
    let rows: Vec<(String, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT id, in_reply_to, thread FROM outbox WHERE about_id = $1 ORDER BY id",
    )
    .bind(id)
    .fetch_all(&town.workshop.app.database)
    .await?;
    let said = |text: Option<String>| text.unwrap_or_default();
    Ok(rows.into_iter().map(|(id, reply, thread)| (id, said(reply), said(thread))).collect())
}

const FIRST: &str = "From: Kari <Kari@Nordic.no>\nMessage-ID: <one@nordic.no>\n\
     Subject: The pump leaks\n\nIt leaks.\nA lot.\n";

#[tokio::test]
async fn a_letter_becomes_a_request_once_and_the_conversation_stays_one() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let taken = letter(&town, FIRST).await?;
        let id = request(&taken);
        assert_eq!(taken, Taken::Request(id.clone()));
        assert_eq!(letter(&town, FIRST).await?, Taken::Known, "a mailbox may show it again");
        let seen = show(&town, &id).await?;
        assert_eq!(seen["channel"], "email");
        assert_eq!(
            (&seen["given_email"], &seen["subject"]),
            (&json!("kari@nordic.no"), &json!("The pump leaks"))
        );
        assert_eq!(seen["messages"][0]["text"], "It leaks.\nA lot.");
        answer(&town, &id, "Since when?").await?;
        let ours = sent(&town, &id).await?;
        assert_eq!(ours.len(), 2, "the automatic reply and the question");
        for (_, in_reply_to, references) in &ours {
            assert_eq!(
                (in_reply_to.as_str(), references.as_str()),
                ("<one@nordic.no>", "<one@nordic.no>")
            );
        }
        town.workshop.pass(HOUR).await?;
        let reply = format!(
            "From: kari@nordic.no\nMessage-ID: <two@nordic.no>\nSubject: AW: anything\n\
             In-Reply-To: <{}@example.com>\nReferences: <one@nordic.no>\n\n\
             Since Monday.\n\nYou wrote:\n> Since when?\n",
            ours[1].0
        );
        assert_eq!(letter(&town, &reply).await?, Taken::Message(id.clone()));
        let seen = show(&town, &id).await?;
        assert_eq!(seen["messages"][2]["text"], "Since Monday.");
        answer(&town, &id, "Thank you").await?;
        let (_, in_reply_to, references) = &sent(&town, &id).await?[2];
        assert_eq!(in_reply_to, "<two@nordic.no>");
        assert!(references.starts_with("<one@nordic.no> <") && references.ends_with(in_reply_to));
    }
    Ok(())
}

#[tokio::test]
async fn a_number_in_the_subject_counts_only_with_a_sender_who_has_to_do_with_it()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let id = request(&letter(&town, FIRST).await?);
        let number = show(&town, &id).await?["number"].as_str().unwrap_or_default().to_owned();
        let about = |from: &str, name: &str| {
            format!("From: {from}\nMessage-ID: <{name}>\nSubject: Re: [{number}] leaks\n\nMore\n")
        };
        let own = letter(&town, &about("kari@nordic.no", "a@x")).await?;
        assert_eq!(own, Taken::Message(id.clone()));
        let foreign = letter(&town, &about("eve@elsewhere.org", "b@x")).await?;
        assert!(matches!(&foreign, Taken::Request(other) if *other != id));
    }
    Ok(())
}

#[tokio::test]
async fn what_no_person_wrote_is_ignored_and_a_flood_waits_in_the_mailbox() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let away = "From: kari@nordic.no\nAuto-Submitted: auto-replied\n\nI am away\n";
        assert!(matches!(letter(&town, away).await?, Taken::Ignored(_)));
        assert_eq!(letter(&town, away).await?, Taken::Known);
        assert!(matches!(letter(&town, "Subject: x\n\nNobody").await?, Taken::Ignored(_)));
        let deep = "Content-Type: multipart/mixed; boundary=x\n\n--x\n".repeat(1_000);
        assert!(matches!(letter(&town, &deep).await?, Taken::Ignored(_)));
        for n in 0..PUBLIC_REQUESTS_EACH {
            let text = format!("From: kari@nordic.no\nSubject: {n}\n\nHello {n}\n");
            assert!(matches!(letter(&town, &text).await?, Taken::Request(_)));
        }
        let more = letter(&town, "From: kari@nordic.no\n\nHello again\n").await;
        assert!(matches!(more, Err(Problem::TooMany { .. })));
    }
    Ok(())
}

#[tokio::test]
async fn files_of_a_letter_are_attached_and_colleagues_hear_of_those_that_are_not()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let text = "From: kari@nordic.no\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n\
             Look.\n--x\nContent-Type: image/png; name=\"leak.png\"\n\
             Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--x\n\
             Content-Type: application/octet-stream; name=\"run.exe\"\n\nMZ\n--x--\n";
        let id = request(&letter(&town, text).await?);
        let path = format!("/api/v1/requests/{id}/attachments");
        let (_, files) = town.ask(SERVICE, Method::GET, &path, None).await?;
        assert_eq!(files["items"].as_array().map(Vec::len), Some(1), "{files}");
        assert_eq!(files["items"][0]["title"], "leak.png");
        let seen = show(&town, &id).await?;
        assert_eq!(seen["messages"][1]["kind"], "note");
        assert!(seen["messages"][1]["text"].to_string().contains("run.exe"), "{seen}");
    }
    Ok(())
}

#[tokio::test]
async fn the_mailbox_is_looked_after_and_a_letter_is_read_only_when_it_is_kept()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let server = Dovecot::start().await?;
        let account = mailbox::Account::new(&server.url, Dovecot::PASSWORD.to_owned())?;
        let (stop, stopped) = watch::channel(false);
        let app = town.workshop.app.clone();
        let worker = tokio::spawn(app.clone().attend_mailbox(account, stopped));
        server.deliver(FIRST)?;
        server.deliver("From: kari@nordic.no\nAuto-Submitted: auto-replied\n\nAway\n")?;
        until("both letters to be marked as read", || async {
            Ok((server.flagged('S')? == 2).then_some(()))
        })
        .await?;
        let taken: i64 =
            sqlx::query_scalar("SELECT count(*) FROM requests WHERE channel = 'email'")
                .fetch_one(&app.database)
                .await?;
        assert_eq!(taken, 1);
        stop.send(true)?;
        worker.await?;
    }
    Ok(())
}
