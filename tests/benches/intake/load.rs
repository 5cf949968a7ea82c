//! The same readings for every subject, each in the format that it takes.

use std::fmt::Write as _;

use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};

/// Readings of one run.
pub const READINGS: usize = 300_000;

/// Points of the machine: each message holds some of them, in turn.
pub const CHANNELS: usize = 10;

const START_S: usize = 1_767_225_600;

/// How the readings are cut into messages.
#[derive(Clone, Copy)]
pub struct Load {
    pub readings_a_message: usize,
}

/// What a subject takes.
#[derive(Clone, Copy)]
pub enum Format {
    /// SenML JSON (RFC 8428).
    SenMl,
    /// InfluxDB line protocol.
    LineProtocol,
}

fn reading(n: usize) -> (usize, usize, f64) {
    let (channel, second) = (n % CHANNELS, n / CHANNELS);
    // A wave with a little noise: something for a detector to learn and a codec to pack.
    let phase = second as f64 / 60.0 + channel as f64;
    let noise = ((n * 7919) % 101) as f64 / 1000.0;
    (channel, second, ((20.0 + phase.sin() + noise) * 100.0).round() / 100.0)
}

impl Load {
    pub fn messages(self) -> usize {
        READINGS / self.readings_a_message
    }

    fn message(self, index: usize, format: Format) -> String {
        let first = index * self.readings_a_message;
        let mut text = String::new();
        for n in first..first + self.readings_a_message {
            let (channel, second, value) = reading(n);
            let t = START_S + second;
            let _ = match format {
                Format::SenMl => {
                    let comma = if n == first { '[' } else { ',' };
                    write!(text, r#"{comma}{{"n":"c{channel}","u":"Cel","v":{value},"t":{t}}}"#)
                }
                Format::LineProtocol => {
                    writeln!(
                        text,
                        "readings,board=b1,channel=c{channel} value={value} {t}000000000"
                    )
                }
            };
        }
        if matches!(format, Format::SenMl) {
            text.push(']');
        }
        text
    }

    /// Publishes everything at QoS 1 and waits for every acknowledgement of the broker.
    pub async fn publish(self, mqtt: &str, format: Format) -> anyhow::Result<()> {
        let (client, mut events) = client(mqtt, "publisher")?;
        let messages = self.messages();
        let sender = client.clone();
        let sending = tokio::spawn(async move {
            for index in 0..messages {
                let text = self.message(index, format);
                sender.publish("aftercare/b1/readings", QoS::AtLeastOnce, false, text).await?;
            }
            anyhow::Ok(())
        });
        let mut acknowledged = 0;
        while acknowledged < messages {
            if let Event::Incoming(Packet::PubAck(_)) = events.poll().await? {
                acknowledged += 1;
            }
        }
        sending.await?
    }
}

/// A client at the broker.
pub fn client(mqtt: &str, name: &str) -> anyhow::Result<(AsyncClient, rumqttc::EventLoop)> {
    let (host, port) = mqtt.trim_start_matches("mqtt://").rsplit_once(':').unwrap_or((mqtt, ""));
    let mut options = MqttOptions::new(name, host, port.parse()?);
    options.set_inflight(200).set_max_packet_size(1 << 20, 1 << 20);
    Ok(AsyncClient::new(options, 200))
}
