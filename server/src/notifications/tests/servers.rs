//! Several writers and several servers on one database, and one that is cut off.

use system_tests::{MailReply, until};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_of_one_event_twice_however_many_tell_it() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let office = Arc::new(office);
        let tellers: Vec<_> = (0..16)
            .map(|_| {
                let office = office.clone();
                tokio::spawn(async move { office.tell(mended("resolved:7")).await })
            })
            .collect();
        let mut queued = 0;
        for teller in tellers {
            queued += teller.await??.queued;
        }
        assert_eq!(queued, 1);
        office.pass(HOUR).await?;
        assert_eq!(office.mail.letters().len(), 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_never_send_a_message_twice() -> anyhow::Result<()> {
    const EVENTS: usize = 100;
    for office in Office::each().await? {
        let other = office.another("second").await?;
        for n in 0..EVENTS {
            office.tell(mended(&format!("resolved:{n}"))).await?;
        }
        let (first, second) = tokio::join!(attend(&office.app), attend(&other));
        first?;
        second?;
        let mut ids: Vec<_> = office
            .mail
            .letters()
            .iter()
            .map(|letter| letter.header("Message-ID").unwrap_or_default().to_owned())
            .collect();
        assert_eq!(ids.len(), EVENTS);
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), EVENTS);
        assert!(office.messages().await?.iter().all(|m| m["state"] == "delivered"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_sending_and_writing_it_down_repeats_the_letter_under_its_id()
-> anyhow::Result<()> {
    for mut office in Office::each().await? {
        // The server takes the letter; its answer does not arrive before the end.
        office.mail.reply(MailReply::Silence);
        office.tell(mended("resolved:7")).await?;
        let app = office.app.clone();
        let sending = tokio::spawn(async move { attend(&app).await });
        until("the letter to arrive", async || {
            Ok((!office.mail.letters().is_empty()).then_some(()))
        })
        .await?;
        sending.abort();
        let _ = sending.await;
        let id = text(&office.message().await?, "id");
        let busy = office.withdraw(&id).await;
        assert!(matches!(busy, Err(Problem::Conflict(_))), "it may have left: {busy:?}");
        office.app = office.another("after the crash").await?;
        office.pass(HOUR).await?;
        let letters = office.mail.letters();
        assert_eq!(letters.len(), 2);
        assert_eq!(letters[0].header("Message-ID"), letters[1].header("Message-ID"));
        assert_eq!(office.message().await?["state"], "delivered");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_sends_by_itself_and_ends_when_it_is_told_to() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(office.app.clone().attend_outbox(stopped));
        office.tell(mended("resolved:7")).await?;
        until("the message to be delivered", async || {
            Ok((office.message().await?["state"] == "delivered").then_some(()))
        })
        .await?;
        stop.send(true)?;
        worker.await?;
        assert_eq!(office.mail.letters().len(), 1);
    }
    Ok(())
}
