//! A board speaks for itself only, and what the broker does by itself reaches the server as well.

use std::time::Duration;

use rumqttc::{AsyncClient, ConnectionError, Event, EventLoop, LastWill, MqttOptions, Packet, QoS};
use serde_json::json;
use system_tests::{Aftercare, until};

/// A client with a last will, connected or refused.
async fn connect(
    up: &Aftercare,
    will: LastWill,
) -> Result<(AsyncClient, EventLoop), ConnectionError> {
    let address = up.mqtt.trim_start_matches("mqtt://");
    let (host, port) = address.rsplit_once(':').expect("host:port");
    let mut options = MqttOptions::new("board-b1", host, port.parse().expect("a port"));
    options.set_last_will(will);
    let (client, mut events) = AsyncClient::new(options, 10);
    loop {
        if let Event::Incoming(Packet::ConnAck(_)) = events.poll().await? {
            return Ok((client, events));
        }
    }
}

async fn online(up: &Aftercare, expected: bool) -> anyhow::Result<()> {
    until(&format!("the board to be online: {expected}"), || async {
        let boards = up.get("/api/v1/boards").await?;
        Ok((boards["items"][0]["online"] == json!(expected)).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_board_that_is_lost_is_offline_by_its_last_will() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    let will = LastWill::new("aftercare/b1/status", "offline", QoS::AtLeastOnce, true);
    let (client, mut events) = connect(&up, will).await?;
    client.publish("aftercare/b1/status", QoS::AtLeastOnce, true, "online").await?;
    let polling = tokio::spawn(async move { while events.poll().await.is_ok() {} });
    online(&up, true).await?;
    // The connection ends without a DISCONNECT.
    polling.abort();
    let _ = polling.await;
    online(&up, false).await
}

#[tokio::test]
async fn a_last_will_for_another_board_is_refused_and_listed() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    up.send("POST", "/api/v1/boards/b2/credential", &json!({})).await?;
    for topic in ["aftercare/b1/commands", "aftercare/b2/status", "house/kitchen"] {
        let will = LastWill::new(topic, "reboot", QoS::AtLeastOnce, false);
        let refused = connect(&up, will).await;
        assert!(matches!(refused, Err(ConnectionError::ConnectionRefused(_))), "{topic}");
        let listed = until("the will to be listed", || async {
            let list = up.get("/api/v1/rejected").await?;
            let items = list["items"].as_array().cloned().unwrap_or_default();
            Ok(items.into_iter().find(|i| i["topic"] == topic))
        });
        assert_eq!(listed.await?["reason"], "will");
    }
    Ok(())
}

#[tokio::test]
async fn a_large_retained_message_is_stored_before_it_is_acknowledged() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    let will = LastWill::new("aftercare/b1/status", "offline", QoS::AtLeastOnce, true);
    let (client, mut events) = connect(&up, will).await?;
    let records: Vec<_> =
        (0..100).map(|t| json!({"n": "temperature", "v": 1, "t": 1_767_225_600 + t})).collect();
    let pack = serde_json::to_vec(&records)?;
    assert!(pack.len() > 2000);
    client.publish("aftercare/b1/readings", QoS::AtLeastOnce, true, pack).await?;
    let acknowledged = async {
        while !matches!(events.poll().await?, Event::Incoming(Packet::PubAck(_))) {}
        anyhow::Ok(())
    };
    tokio::time::timeout(Duration::from_secs(20), acknowledged).await??;
    up.until_stored(100).await
}
