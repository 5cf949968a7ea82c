//! Publishing as a board would: QoS 1, and done only when everything is acknowledged.

use std::time::Duration;

use anyhow::Context as _;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use telemetry::name::BoardId;
use telemetry::senml::{Measurement, encode_cbor};
use telemetry::topic;
use tokio::sync::watch;

/// A publisher and the count of what the broker has acknowledged.
pub struct Publisher {
    client: AsyncClient,
    topic: String,
    sent: u64,
    acknowledged: watch::Receiver<Result<u64, String>>,
}

/// Messages that may be on their way at once.
const IN_FLIGHT: u16 = 64;

/// Longest that the broker may take to acknowledge.
const PATIENCE: Duration = Duration::from_secs(60);

impl Publisher {
    /// Connects to `mqtt://host:port`.
    pub fn connect(broker: &str, board: &BoardId) -> anyhow::Result<Self> {
        let address = broker.strip_prefix("mqtt://").unwrap_or(broker).trim_end_matches('/');
        let (host, port) = address.rsplit_once(':').unwrap_or((address, "1883"));
        let port = port.parse().with_context(|| format!("{broker}: the port is no number"))?;
        let mut options = MqttOptions::new(format!("board-{board}"), host, port);
        options
            .set_keep_alive(Duration::from_secs(30))
            .set_inflight(IN_FLIGHT)
            .set_max_packet_size(512 * 1024, 512 * 1024);
        let (client, mut events) = AsyncClient::new(options, 256);
        let (tx, acknowledged) = watch::channel(Ok(0));
        tokio::spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Packet::PubAck(_))) => {
                        tx.send_modify(|n| {
                            if let Ok(n) = n {
                                *n += 1;
                            }
                        });
                    }
                    Ok(_) => {}
                    Err(error) => {
                        let _ = tx.send_replace(Err(error.to_string()));
                        return;
                    }
                }
            }
        });
        Ok(Self { client, topic: topic::of(board, topic::Kind::Readings), sent: 0, acknowledged })
    }

    /// Sends one pack. Waits while too many are on their way.
    pub async fn publish(&mut self, measurements: &[Measurement<'_>]) -> anyhow::Result<()> {
        let mut payload = Vec::new();
        encode_cbor(&mut payload, "", measurements)
            .map_err(|e| anyhow::anyhow!("cannot encode a pack: {e}"))?;
        let room = self.sent.saturating_sub(u64::from(IN_FLIGHT));
        self.wait_for(room).await?;
        self.client.publish(&self.topic, QoS::AtLeastOnce, false, payload).await?;
        self.sent += 1;
        Ok(())
    }

    /// Returns when everything sent is acknowledged.
    pub async fn finish(mut self) -> anyhow::Result<u64> {
        self.wait_for(self.sent).await?;
        Ok(self.sent)
    }

    async fn wait_for(&mut self, count: u64) -> anyhow::Result<()> {
        let enough = |n: &Result<u64, String>| n.as_ref().map_or(true, |n| *n >= count);
        let waited = tokio::time::timeout(PATIENCE, self.acknowledged.wait_for(enough)).await;
        let state = waited.context("the broker has not acknowledged anything for a minute")??;
        match &*state {
            Ok(_) => Ok(()),
            Err(error) => anyhow::bail!(
                "the connection to the broker was lost ({error}); start again, readings that are \
                 sent twice do no harm"
            ),
        }
    }
}
