//! Requests that the `influxdb2` crate has no call for: InfluxQL, deletes to the nanosecond,
//! retention of a bucket that is there, and what a refusal says in its headers.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::account::{Account, away, refusal};
use super::gate::Gate;
use crate::limits::{INFLUX_CONNECT_TIMEOUT, INFLUX_TIMEOUT};
use crate::{Range, StoreError};

pub(super) struct Http {
    client: reqwest::Client,
    account: Account,
}

/// One series of an answer to an InfluxQL query.
#[derive(Debug, Deserialize)]
pub(super) struct Table {
    #[serde(default)]
    pub tags: std::collections::BTreeMap<String, String>,
    /// The time in nanoseconds, then the figures in the order of the query.
    pub values: Vec<Vec<serde_json::Value>>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    results: Vec<Statement>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Statement {
    #[serde(default)]
    series: Vec<Table>,
    error: Option<String>,
    #[serde(default)]
    partial: bool,
}

impl Table {
    /// The tags of its series, as in line protocol.
    pub fn line_tags(&self) -> String {
        let tag = |key: &str| self.tags.get(key).map_or("", String::as_str);
        format!("board={},channel={},unit={}", tag("board"), tag("channel"), tag("unit"))
    }

    /// The same as a delete predicate.
    pub fn predicate_tags(&self) -> String {
        let tags = self.tags.iter().map(|(key, value)| format!("{key}=\"{value}\""));
        tags.collect::<Vec<_>>().join(" AND ")
    }
}

impl Http {
    pub fn new(account: &Account) -> Result<Self, StoreError> {
        let client = reqwest::Client::builder()
            .http1_only()
            .connect_timeout(INFLUX_CONNECT_TIMEOUT)
            .timeout(INFLUX_TIMEOUT)
            .build()
            .map_err(|e| away(&e))?;
        Ok(Self { client, account: account.clone() })
    }

    async fn send(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, StoreError> {
        let answer = self.authorized(request).send().await.map_err(|e| away(&e))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status().as_u16();
        Err(refusal(status, &answer.text().await.unwrap_or_default()))
    }

    fn authorized(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        request.header("authorization", format!("Token {}", self.account.token))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.account.url.trim_end_matches('/'))
    }

    /// Runs InfluxQL statements on a bucket, which InfluxDB 2 maps to a database of its name.
    /// Answers the tables of each statement.
    pub async fn query(
        &self,
        bucket: &str,
        statements: &[String],
    ) -> Result<Vec<Vec<Table>>, StoreError> {
        let form = [("db", bucket), ("epoch", "ns"), ("q", &statements.join(";"))];
        let answer = self.send(self.client.post(self.url("/query")).form(&form)).await?;
        let bytes = answer.bytes().await.map_err(|e| away(&e))?;
        let unreadable = |e: serde_json::Error| StoreError::Answer(e.to_string());
        let answer: Answer = serde_json::from_slice(&bytes).map_err(unreadable)?;
        let failed = answer.results.iter().find_map(|r| r.error.as_ref());
        if let Some(error) = answer.error.as_ref().or(failed) {
            return Err(StoreError::Away(format!("InfluxDB could not answer: {error}")));
        }
        // A cut answer would pass for a gap in the readings.
        if answer.results.len() != statements.len() || answer.results.iter().any(|r| r.partial) {
            return Err(StoreError::Answer("it was cut short".to_owned()));
        }
        Ok(answer.results.into_iter().map(|r| r.series).collect())
    }

    /// Deletes what matches a predicate; exact to the microsecond.
    pub async fn delete(
        &self,
        bucket: &str,
        range: Range,
        predicate: &str,
    ) -> Result<(), StoreError> {
        let query = [("org", self.account.org.as_str()), ("bucket", bucket)];
        // The end is part of what is deleted.
        let body = json!({
            "start": rfc3339(range.from_us, 0),
            "stop": rfc3339(range.to_us - 1, 999),
            "predicate": predicate,
        });
        let request = self.client.post(self.url("/api/v2/delete")).query(&query).json(&body);
        self.send(request).await.map(drop)
    }

    pub async fn set_retention(&self, bucket_id: &str, seconds: i32) -> Result<(), StoreError> {
        let rules = json!([{
            "type": "expire",
            "everySeconds": seconds,
            "shardGroupDurationSeconds": shard_seconds(seconds),
        }]);
        let path = self.url(&format!("/api/v2/buckets/{bucket_id}"));
        let request = self.client.patch(path).json(&json!({ "retentionRules": rules }));
        self.send(request).await.map(drop)
    }

    /// After a refused write: an empty one is refused in the same way, and shows in its headers for
    /// how long, which `influxdb2` does not pass on.
    pub async fn learn_pause(&self, gate: &Gate) {
        let query = [("org", &self.account.org), ("bucket", &self.account.bucket)];
        let request = self.client.post(self.url("/api/v2/write")).query(&query).body("");
        let answer = self.authorized(request).send().await;
        let asked = answer.ok().and_then(|answer| {
            let seconds = answer.headers().get("retry-after")?.to_str().ok()?.trim().parse();
            Some(Duration::from_secs(seconds.ok()?))
        });
        gate.close(asked);
    }
}

/// What InfluxDB chooses for a new bucket of this retention (its documentation, "Shard group
/// duration"). Given a shorter retention, it refuses to keep a longer one of these.
fn shard_seconds(retention: i32) -> i32 {
    const HOUR: i32 = 3600;
    const DAY: i32 = 24 * HOUR;
    match retention {
        0 => 7 * DAY,
        s if s < 2 * DAY => HOUR,
        s if s < 180 * DAY => DAY,
        _ => 7 * DAY,
    }
}

/// RFC 3339 with nanoseconds.
fn rfc3339(at_us: i64, ns: u32) -> String {
    let seconds = at_us.div_euclid(1_000_000);
    let nanos = u32::try_from(at_us.rem_euclid(1_000_000)).unwrap_or_default() * 1000 + ns;
    let at = chrono::DateTime::from_timestamp(seconds, nanos).unwrap_or_default();
    at.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true)
}
