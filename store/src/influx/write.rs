//! Writing, and what to do with each kind of refusal.

use std::ops::Range;

use influxdb2::RequestError;
use influxdb2::api::write::TimestampPrecision;

use super::Influx;
use super::account::explain;
use super::lines::Lines;
use crate::StoreError;
use crate::limits::INFLUX_LINES;

/// What became of lines that InfluxDB would not take as they were.
enum Refusal {
    /// Some line is wrong: find it.
    BadLine(String),
    /// Too much at once: halve it.
    TooLarge,
    /// Nothing to be done here.
    Other(StoreError),
}

impl Influx {
    /// Writes lines to a bucket in requests of bounded size. Answers how many were refused for what
    /// they are; each of them is logged.
    ///
    /// A request that is refused for one bad line is halved until the line is found, so that the
    /// others are stored. Writing a line a second time replaces it, so a repeated half does no harm.
    pub(super) async fn post(&self, bucket: &str, lines: &Lines) -> Result<u64, StoreError> {
        let mut refused = 0;
        let mut waiting: Vec<Range<usize>> = (0..lines.len())
            .step_by(INFLUX_LINES)
            .map(|start| start..(start + INFLUX_LINES).min(lines.len()))
            .rev()
            .collect();
        while let Some(part) = waiting.pop() {
            match self.send(bucket, lines, part.clone()).await {
                Ok(()) => self.gate.open(),
                Err(Refusal::Other(error)) => {
                    if matches!(error, StoreError::Away(_)) {
                        self.http.learn_pause(&self.gate).await;
                    }
                    return Err(error);
                }
                Err(Refusal::BadLine(_) | Refusal::TooLarge) if part.len() > 1 => {
                    let middle = part.start + part.len() / 2;
                    waiting.push(middle..part.end);
                    waiting.push(part.start..middle);
                }
                Err(Refusal::BadLine(cause)) => {
                    refused += 1;
                    tracing::error!(
                        bucket,
                        cause,
                        line = lines.text(part).trim_end(),
                        "InfluxDB refuses a reading"
                    );
                }
                Err(Refusal::TooLarge) => {
                    refused += 1;
                    tracing::error!(
                        bucket,
                        line = lines.text(part).trim_end(),
                        "InfluxDB finds one line too large"
                    );
                }
            }
        }
        Ok(refused)
    }

    async fn send(&self, bucket: &str, lines: &Lines, part: Range<usize>) -> Result<(), Refusal> {
        let body = lines.compressed(part).map_err(Refusal::Other)?;
        let written = self.writer.write_line_protocol_with_precision(
            &self.account.org,
            bucket,
            body,
            TimestampPrecision::Nanoseconds,
        );
        written.await.map_err(|error| match error {
            RequestError::Http { status, text } if [400, 422].contains(&status.as_u16()) => {
                Refusal::BadLine(text)
            }
            RequestError::Http { status, .. } if status.as_u16() == 413 => Refusal::TooLarge,
            other => Refusal::Other(explain(&other)),
        })
    }
}
