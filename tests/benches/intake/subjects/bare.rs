//! A subscriber that does nothing but acknowledge: what rumqttc itself costs.

use std::process::Stdio;

use anyhow::Context as _;
use rumqttc::{Event, Packet, QoS};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::{Cost, Meter};
use crate::load::{Format, Load, client};

pub async fn measure(mqtt: &str, load: Load) -> anyhow::Result<Cost> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--bare", mqtt])
        .env("MESSAGES", load.messages().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
    anyhow::ensure!(lines.next_line().await?.as_deref() == Some("subscribed"));
    let meter = Meter::start(child.id().context("a process")?)?;
    load.publish(mqtt, Format::SenMl).await?;
    anyhow::ensure!(lines.next_line().await?.as_deref() == Some("all"));
    Ok(Cost { taker: meter.read()?, behind: 0.0 })
}

/// The subscriber's own process; it ends when its input does, so that it can be measured first.
pub fn subscribe(mqtt: &str) -> anyhow::Result<()> {
    let messages: usize = std::env::var("MESSAGES")?.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, mut events) = client(mqtt, "bare")?;
        client.subscribe("aftercare/+/readings", QoS::AtLeastOnce).await?;
        let mut seen = 0;
        while seen < messages {
            match events.poll().await? {
                Event::Incoming(Packet::SubAck(_)) => println!("subscribed"),
                Event::Incoming(Packet::Publish(_)) => seen += 1,
                _ => {}
            }
        }
        // The last acknowledgements leave with the next turns of the loop.
        client.disconnect().await?;
        while events.poll().await.is_ok() {}
        anyhow::Ok(())
    })?;
    println!("all");
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}
