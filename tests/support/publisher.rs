//! A board that remembers what was acknowledged to it.

use std::sync::{Arc, Mutex};

use rumqttc::{AsyncClient, Event, MqttOptions, Outgoing, Packet, QoS};

/// Measured times, milliseconds, of readings whose PUBACK arrived.
pub type Acknowledged = Arc<Mutex<Vec<i64>>>;

/// Publishes one reading a message at QoS 1, as fast as acknowledgements come.
pub struct Publisher {
    client: AsyncClient,
    acknowledged: Acknowledged,
    task: tokio::task::JoinHandle<()>,
}

impl Publisher {
    /// Publishes readings of channel `temperature`, one a second from `from_s` on, until the
    /// connection ends or `count` are sent.
    ///
    /// # Panics
    /// When the address is none.
    #[must_use]
    pub fn start(mqtt: &str, board: &str, from_s: i64, count: i64) -> Self {
        let address = mqtt.trim_start_matches("mqtt://");
        let (host, port) = address.rsplit_once(':').expect("host:port");
        let name = format!("publisher-{board}-{from_s}");
        let mut options = MqttOptions::new(name, host, port.parse().expect("a port"));
        options.set_inflight(50);
        let (client, mut events) = AsyncClient::new(options, 10);
        let acknowledged = Acknowledged::default();
        let (sender, topic) = (client.clone(), format!("aftercare/{board}/readings"));
        tokio::spawn(async move {
            for t in from_s..from_s + count {
                let pack = format!(r#"[{{"n":"temperature","u":"Cel","v":{},"t":{t}}}]"#, t % 60);
                if sender.publish(&topic, QoS::AtLeastOnce, false, pack).await.is_err() {
                    return;
                }
            }
        });
        let acks = acknowledged.clone();
        let task = tokio::spawn(async move {
            // Packet ids in the order of sending: the n-th message has the n-th second.
            let mut sent = std::collections::HashMap::new();
            let mut next = from_s;
            let mut count_acks = 0;
            while let Ok(event) = events.poll().await {
                match event {
                    Event::Outgoing(Outgoing::Publish(id)) => {
                        sent.insert(id, next);
                        next += 1;
                    }
                    Event::Incoming(Packet::PubAck(ack)) => {
                        if let Some(t) = sent.remove(&ack.pkid) {
                            acks.lock().expect("no panic holds it").push(t * 1000);
                        }
                        count_acks += 1;
                        if count_acks == count {
                            return;
                        }
                    }
                    _ => {}
                }
            }
        });
        Self { client, acknowledged, task }
    }

    /// How many were acknowledged so far.
    ///
    /// # Panics
    /// Never: nothing panics while holding the list.
    #[must_use]
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.lock().expect("no panic holds it").len()
    }

    /// Waits for the end of the connection, or for the last acknowledgement.
    ///
    /// # Panics
    /// When the publisher's own task panicked.
    pub async fn ended(self) -> Vec<i64> {
        self.task.await.expect("the publisher ends without a panic");
        drop(self.client);
        let list = self.acknowledged.lock().expect("no panic holds it");
        list.clone()
    }
}
