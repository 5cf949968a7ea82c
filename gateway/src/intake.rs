//! The pipeline of a message: received → decoded → spooled → acknowledged.

use std::sync::Arc;

use telemetry::delivery::{BoardReport, Entry, Rejection, Status, append_entry};
use telemetry::limits::MAX_SAMPLE_BYTES;
use telemetry::name::BoardId;
use telemetry::pack::Pack;
use telemetry::report::Report;
use telemetry::senml;
use telemetry::topic::{self, Kind};

use crate::spool::{Done, Spool, SpoolError};
use telemetry::clock::Clock;

/// A message as it came from a broker.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// Topic it was published on.
    pub topic: &'a str,
    /// Its payload.
    pub payload: &'a [u8],
}

/// What a message turned out to be: one or more entries for the spool, never none.
#[derive(Debug)]
struct Decoded(Vec<Entry>);

/// The front of the pipeline, shared by every way in.
#[derive(Clone)]
pub struct Intake {
    spool: Spool,
    clock: Arc<dyn Clock>,
}

impl Intake {
    /// An intake in front of a spool.
    #[must_use]
    pub fn new(spool: Spool, clock: Arc<dyn Clock>) -> Self {
        Self { spool, clock }
    }

    /// Takes one message; `done` is called when it may be acknowledged.
    ///
    /// What cannot be decoded is spooled as a rejection and acknowledged like a reading, for the
    /// board would only send it again.
    ///
    /// # Errors
    /// When the spool is closed; `done` is then never called and nothing may be acknowledged.
    pub async fn take(&self, message: Received<'_>, done: Done) -> Result<(), SpoolError> {
        let received_at_us = self.clock.now_us();
        let decoded = decode(message, received_at_us);
        let (bytes, count) = encode(&decoded);
        self.spool.append(bytes, count, done).await
    }

    /// Keeps a message that its sender may not publish, as a rejection. MQTT 3.1.1 has no way to
    /// say so in a PUBACK, and without the list the message would vanish in silence.
    ///
    /// # Errors
    /// As [`Intake::take`].
    pub async fn refuse(&self, message: Received<'_>, done: Done) -> Result<(), SpoolError> {
        let cause = "this client may not publish for this board: its credential is missing or is \
                     another board's";
        self.reject(message, "not_authorized", cause, done).await
    }

    /// Keeps a last will that its sender may not leave, as a rejection; its connection is refused.
    ///
    /// # Errors
    /// As [`Intake::take`].
    pub async fn refuse_will(&self, message: Received<'_>, done: Done) -> Result<(), SpoolError> {
        let cause = "a last will has to be on the status topic of the board that connects; the \
                     connection was refused";
        self.reject(message, "will", cause, done).await
    }

    async fn reject(
        &self,
        message: Received<'_>,
        reason: &str,
        cause: &str,
        done: Done,
    ) -> Result<(), SpoolError> {
        let entry = rejection(message, self.clock.now_us(), reason, cause.to_owned(), 1);
        let (bytes, count) = encode(&Decoded(vec![entry]));
        self.spool.append(bytes, count, done).await
    }
}

fn rejection(
    message: Received<'_>,
    received_at_us: i64,
    reason: &str,
    cause: String,
    count: u32,
) -> Entry {
    Entry::Rejected(Rejection {
        topic: cut(message.topic, 256).to_owned(),
        received_at_us,
        reason: reason.to_owned(),
        cause,
        sample: message.payload[..message.payload.len().min(MAX_SAMPLE_BYTES)].to_vec(),
        count,
    })
}

fn encode(decoded: &Decoded) -> (Vec<u8>, u64) {
    let mut bytes = Vec::new();
    for entry in &decoded.0 {
        append_entry(&mut bytes, entry);
    }
    (bytes, decoded.0.len() as u64)
}

fn decode(message: Received<'_>, received_at_us: i64) -> Decoded {
    let rejection =
        |reason: &str, cause, count| rejection(message, received_at_us, reason, cause, count);
    match topic::parse(message.topic) {
        Err(error) => Decoded(vec![rejection("topic", error.to_string(), 1)]),
        Ok(t) => match t.kind {
            Kind::Readings => decode_readings(t.board, message.payload, received_at_us, rejection),
            Kind::Status => decode_status(t.board, message.payload, received_at_us, rejection),
            Kind::Reports => decode_report(t.board, message.payload, received_at_us, rejection),
            Kind::Commands => {
                let cause = "commands go down to boards, not up".to_owned();
                Decoded(vec![rejection("topic", cause, 1)])
            }
        },
    }
}

fn decode_readings(
    board: BoardId,
    payload: &[u8],
    received_at_us: i64,
    rejection: impl Fn(&str, String, u32) -> Entry,
) -> Decoded {
    let decoded = match senml::decode(payload, received_at_us) {
        Ok(decoded) => decoded,
        Err(error) => return Decoded(vec![rejection(error.code(), error.to_string(), 1)]),
    };
    let mut entries = Vec::with_capacity(1 + decoded.refused.len());
    if !decoded.series.is_empty() {
        entries.push(Entry::Readings(Pack { board, received_at_us, series: decoded.series }));
    }
    for refused in decoded.refused {
        let cause = format!("record {}: {}", refused.first_record, refused.error);
        entries.push(rejection(refused.error.code(), cause, refused.count));
    }
    if entries.is_empty() {
        entries.push(rejection("no_readings", "the pack holds no reading".to_owned(), 1));
    }
    Decoded(entries)
}

fn decode_status(
    board: BoardId,
    payload: &[u8],
    received_at_us: i64,
    rejection: impl Fn(&str, String, u32) -> Entry,
) -> Decoded {
    let online = match payload {
        b"online" => true,
        b"offline" => false,
        _ => {
            let cause = "a status is the text online or offline".to_owned();
            return Decoded(vec![rejection("status", cause, 1)]);
        }
    };
    Decoded(vec![Entry::Status(Status { board, received_at_us, online })])
}

fn decode_report(
    board: BoardId,
    payload: &[u8],
    received_at_us: i64,
    rejection: impl Fn(&str, String, u32) -> Entry,
) -> Decoded {
    Decoded(vec![match Report::decode(payload) {
        Ok(_) => Entry::Report(BoardReport { board, received_at_us, bytes: payload.to_vec() }),
        Err(error) => rejection("report", format!("no report of a board: {error}"), 1),
    }])
}

fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|i| text.is_char_boundary(*i));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(topic: &str, payload: &[u8]) -> Vec<String> {
        let entries = decode(Received { topic, payload }, 1_760_000_000_000_000).0;
        let kind = |e: Entry| match e {
            Entry::Readings(p) => format!("{} readings", p.readings()),
            Entry::Rejected(r) => format!("rejected {} x{}", r.reason, r.count),
            Entry::Status(s) => format!("online {}", s.online),
            Entry::Report(r) => format!("report of {} bytes", r.bytes.len()),
        };
        entries.into_iter().map(kind).collect()
    }

    #[test]
    fn every_message_becomes_an_entry_and_none_is_dropped_in_silence() {
        let readings = "aftercare/b1/readings";
        assert_eq!(kinds(readings, br#"[{"n":"t","u":"Cel","v":1}]"#), ["1 readings"]);
        assert_eq!(kinds(readings, b"21.5"), ["rejected not_senml x1"]);
        assert_eq!(kinds(readings, b"[]"), ["rejected no_readings x1"]);
        assert_eq!(
            kinds(readings, br#"[{"n":"t","v":1},{"n":"u","vs":"x"},{"n":"w","vs":"x"}]"#),
            ["1 readings", "rejected no_number x2"]
        );
        assert_eq!(kinds("house/kitchen", b"x"), ["rejected topic x1"]);
        assert_eq!(kinds("aftercare/b1/commands", b"x"), ["rejected topic x1"]);
        assert_eq!(kinds("aftercare/b1/status", b"online"), ["online true"]);
        // [0, 3, 12]: twelve readings were lost.
        assert_eq!(kinds("aftercare/b1/reports", b"\x83\x00\x03\x0c"), ["report of 4 bytes"]);
        assert_eq!(kinds("aftercare/b1/reports", b"lost"), ["rejected report x1"]);
    }
}
