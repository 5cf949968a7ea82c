//! Whether messages arrive: once, later, or never, and that it can be seen.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use system_tests::{Hook, MailReply};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_gets_one_letter_that_names_its_thread_and_its_rule() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let thread = Thread { in_reply_to: "<b@there>", references: "<a@here> <b@there>" };
        office.tell(Event { thread: Some(thread), ..mended("resolved:7") }).await?;
        office.pass(S).await?;
        office.pass(DAY).await?;
        let [letter] = office.mail.letters().try_into().map_err(|l| anyhow::anyhow!("{l:?}"))?;
        let message = office.message().await?;
        assert_eq!(letter.to, "wang@example.org");
        let id = format!("<{}@example.com>", text(&message, "id"));
        assert_eq!(letter.header("Message-ID"), Some(id.as_str()));
        assert_eq!(letter.header("In-Reply-To"), Some("<b@there>"));
        assert_eq!(letter.header("References"), Some("<a@here> <b@there>"));
        assert_eq!(letter.header("Auto-Submitted"), Some("auto-replied"));
        assert_eq!(message["state"], "delivered");
        assert_eq!(message["delivered_at"], rfc3339(START + S));
        let rule =
            "Ada closed the repair; notification rules, version 1: ticket_resolved to customer";
        assert_eq!(message["rule"], rule);
        assert_eq!(message["history"][0]["why"], rule);
        assert_eq!(message["history"][1]["to"], "delivered");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_a_change_that_is_rolled_back_tells_nobody() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let mut tx = office.app.begin().await?;
        assert_eq!(notify(&mut tx, mended("resolved:7"), START).await?.queued, 1);
        tx.rollback().await?;
        office.pass(HOUR).await?;
        assert!(office.messages().await?.is_empty() && office.mail.letters().is_empty());
    }
    Ok(())
}

/// HMAC-SHA-256 as RFC 2104 writes it, for a key of 64 bytes at most.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let padded =
        |pad: u8| (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ pad).collect::<Vec<u8>>();
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_fails_gets_it_later_signed_and_under_the_same_id() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let hook = Hook::start().await?;
        let made = office.reach(DISPATCHERS, "webhook", &hook.url, json!({})).await;
        let key = STANDARD.decode(text(&made, "secret").trim_start_matches("whsec_"))?;
        hook.answer(503);
        hook.answer(500);
        office.tell(breached("breach:7")).await?;
        office.pass(0).await?;
        let message = office.message().await?;
        assert_eq!((&message["state"], &message["attempts"]), (&json!("waiting"), &json!(1)));
        assert!(text(&message, "last_error").contains("503"), "{message}");
        office.pass(72 * S).await?;
        office.pass(144 * S).await?;
        assert_eq!(office.message().await?["state"], "delivered");
        let received = hook.received();
        assert_eq!(received.len(), 3);
        for got in &received {
            assert_eq!(got.header("webhook-id"), text(&message, "id"));
            let signed = format!(
                "{}.{}.{}",
                got.header("webhook-id"),
                got.header("webhook-timestamp"),
                got.body
            );
            let expected = format!("v1,{}", STANDARD.encode(hmac(&key, signed.as_bytes())));
            assert_eq!(got.header("webhook-signature"), expected);
        }
        let body: Value = serde_json::from_str(&received[2].body)?;
        assert_eq!(body["type"], "sla_breached");
        assert_eq!(body["data"]["facts"]["number"], "T-7");
        assert_eq!(body["data"]["link"], "https://service.example.com/tickets/t-7");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_refused_is_tried_again_only_by_a_person() -> anyhow::Result<()> {
    for office in Office::each().await? {
        office.mail.reply(MailReply::Never);
        office.tell(mended("resolved:7")).await?;
        office.pass(0).await?;
        office.pass(DAY).await?;
        let message = office.message().await?;
        assert_eq!(message["state"], "refused");
        assert!(text(&message, "last_error").contains("no such mailbox"), "{message}");
        assert!(office.mail.letters().is_empty());
        office.retry(&text(&message, "id")).await?;
        office.pass(0).await?;
        assert_eq!(office.message().await?["state"], "delivered");
        assert_eq!(office.mail.letters().len(), 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_given_up_when_the_patience_of_the_policy_ends() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let mut attempts = 0;
        office.mail.reply(MailReply::Later);
        office.tell(mended("resolved:7")).await?;
        let mut next = office.pass(0).await?;
        while let Some(at) = next {
            attempts += 1;
            office.mail.reply(MailReply::Later);
            next = office.pass(at - office.now()).await?;
        }
        assert_eq!(office.message().await?["state"], "given_up");
        let waited = office.now() - START;
        assert!((3 * DAY..3 * DAY + 8 * HOUR).contains(&waited), "{waited}");
        assert!((15..30).contains(&attempts), "{attempts} attempts");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_letters_wait_visibly_and_not_for_ever() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let office = Office::on(database, false).await?;
        office.tell(mended("resolved:7")).await?;
        assert_eq!(office.pass(HOUR).await?, None, "there is nothing that could be sent");
        let message = office.message().await?;
        assert_eq!((&message["state"], &message["attempts"]), (&json!("waiting"), &json!(0)));
        let figures = office.app.parts().iter().flat_map(|p| p.figures()).collect::<Vec<_>>();
        let waiting = figures.iter().find(|f| f.name == "aftercare_outbox_waiting");
        assert_eq!(waiting.map(|f| f.value), Some(1));
        for part in office.app.parts() {
            assert_eq!(part.ready().await, Ok(()));
        }
        office.pass(3 * DAY).await?;
        let message = office.message().await?;
        assert_eq!(message["state"], "given_up");
        assert_eq!(message["last_error"], "no mail server was configured in time");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_withdrawn_is_never_sent() -> anyhow::Result<()> {
    for office in Office::each().await? {
        office.tell(mended("resolved:7")).await?;
        let id = text(&office.message().await?, "id");
        assert_eq!(office.withdraw(&id).await?["state"], "withdrawn");
        office.pass(HOUR).await?;
        assert!(office.mail.letters().is_empty());
        assert!(matches!(office.retry(&id).await, Err(Problem::IllegalStep { .. })));
        let again = office.tell(mended("resolved:7")).await?;
        assert_eq!((again.queued, again.known), (0, 1), "withdrawn for good");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_gone_is_switched_off() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let hook = Hook::start().await?;
        office.reach(DISPATCHERS, "webhook", &hook.url, json!({})).await;
        hook.answer(410);
        office.tell(breached("breach:7")).await?;
        office.pass(0).await?;
        assert_eq!(office.message().await?["state"], "refused");
        let later = office.tell(breached("breach:8")).await?;
        assert_eq!((later.queued, later.unreachable), (0, 2), "dispatchers and managers");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_of_what_was_cancelled_is_taken_back() -> anyhow::Result<()> {
    for office in Office::each().await? {
        office.tell(mended("reminder:7")).await?;
        office.tell(mended("other:7")).await?;
        let mut tx = office.app.begin().await?;
        let who = ("planning", "the visit was cancelled");
        assert_eq!(take_back(&mut tx, "reminder:7", who, office.now()).await?, 1);
        tx.commit().await?;
        office.pass(HOUR).await?;
        let states: Vec<_> = office.messages().await?.iter().map(|m| text(m, "state")).collect();
        assert_eq!(states, ["withdrawn", "delivered"]);
        assert_eq!(office.mail.letters().len(), 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_finds_what_the_letter_was_about() -> anyhow::Result<()> {
    for office in Office::each().await? {
        office.tell(mended("resolved:7")).await?;
        office.pass(0).await?;
        let letter = office.mail.letters().remove(0);
        let id = letter.header("Message-ID").unwrap_or_default();
        let about = told_by(&office.app.database, id).await?;
        assert_eq!(about, Some(("ticket".to_owned(), "t-7".to_owned())));
        assert_eq!(told_by(&office.app.database, "<unknown@example.com>").await?, None);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_signs_somebody_in_does_not_stay_in_the_outbox() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let about = About { kind: "account", id: "a-1", path: "/#password=secret" };
        let ada = Recipient { part: Part::Addressee, ..WANG };
        let what = What::PasswordReset { hours: 24 };
        let event =
            Event { audience: &[ada], ..Event::new("reset:1", what, about, "Ada asked for it") };
        office.tell(event).await?;
        assert!(!office.message().await?.to_string().contains("secret"));
        office.pass(0).await?;
        assert_eq!(office.message().await?["state"], "delivered");
        let kept: String =
            sqlx::query_scalar("SELECT path FROM outbox").fetch_one(&office.app.database).await?;
        assert_eq!(kept, "");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_does_not_read_holds_nothing_up() -> anyhow::Result<()> {
    for office in Office::each().await? {
        office.tell(mended("resolved:7")).await?;
        office.tell(mended("resolved:8")).await?;
        sqlx::query("UPDATE outbox SET facts = '{}' WHERE event_key = 'resolved:7'")
            .execute(&office.app.database)
            .await?;
        office.pass(0).await?;
        let states: Vec<_> = office.messages().await?.iter().map(|m| text(m, "state")).collect();
        assert_eq!(states, ["refused", "delivered"]);
    }
    Ok(())
}
