//! Quiet hours of the receiver's place.

use system_tests::Hook;

use super::*;

fn us(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

/// The managers' mailbox in Berlin, quiet from 22:00 to 07:00.
async fn managers(office: &Office) {
    let more = json!({
        "time_zone": "Europe/Berlin", "quiet": {"from": "22:00", "until": "07:00"},
    });
    office.reach(("role", "manager"), "email", "boss@example.com", more).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_the_night_comes_at_seven_also_when_the_clocks_change() -> anyhow::Result<()> {
    for office in Office::each().await? {
        managers(&office).await;
        // 23:00 before the short night of 29 March 2026.
        let evening = us("2026-03-28T22:00:00Z");
        office.clock.0.store(evening, Ordering::SeqCst);
        office.tell(breached("breach:7")).await?;
        let seven = us("2026-03-29T05:00:00Z");
        assert_eq!(office.pass(0).await?, Some(seven));
        assert_eq!(office.message().await?["not_before"], rfc3339(seven));
        office.pass(seven - evening - S).await?;
        assert!(office.mail.letters().is_empty());
        office.pass(S).await?;
        assert_eq!(office.mail.letters().len(), 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_message_comes_at_night() -> anyhow::Result<()> {
    for office in Office::each().await? {
        managers(&office).await;
        office.clock.0.store(us("2026-01-01T23:00:00+01:00"), Ordering::SeqCst);
        office.tell(Event { urgent: true, ..breached("breach:7") }).await?;
        office.pass(0).await?;
        assert_eq!(office.mail.letters().len(), 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_in_the_evening_is_not_tried_again_at_night() -> anyhow::Result<()> {
    for office in Office::each().await? {
        let hook = Hook::start().await?;
        let more = json!({
            "time_zone": "Asia/Shanghai", "quiet": {"from": "21:00", "until": "08:00"},
        });
        office.reach(("channel", "robot"), "webhook", &hook.url, more).await;
        policy::rules(
            &office,
            json!([
                {"event": "sla_breached", "audience": "channel:robot", "channels": ["webhook"]}
            ]),
        )
        .await?;
        office.clock.0.store(us("2026-01-01T20:59:30+08:00"), Ordering::SeqCst);
        hook.answer(503);
        office.tell(breached("breach:7")).await?;
        office.pass(0).await?;
        office.pass(72 * S).await?;
        assert_eq!(hook.received().len(), 1, "it is 21:00:42 there");
        let message = office.message().await?;
        assert_eq!(message["next_at"], rfc3339(us("2026-01-02T08:00:00+08:00")));
        assert_eq!(message["attempts"], 1);
        office.pass(11 * HOUR).await?;
        assert_eq!(office.message().await?["state"], "delivered");
    }
    Ok(())
}
