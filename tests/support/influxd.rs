//! A real InfluxDB 2.7 on a free port.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::{Child, Command};

use crate::{built, free_ports, until};

/// The organisation and the bucket that [`Influxd::set_up`] makes.
pub const ORG: &str = "workshop";

/// A table of an answer to a Flux query. Null is an empty text.
#[derive(Debug, Default, Clone)]
pub struct Table {
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Its rows, in the order of the columns.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The values of a column; empty when there is none of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Vec<String> {
        let Some(index) = self.columns.iter().position(|c| c == name) else { return Vec::new() };
        self.rows.iter().map(|row| row[index].clone()).collect()
    }
}

/// An InfluxDB process; killed when dropped.
pub struct Influxd {
    child: Child,
    dir: tempfile::TempDir,
    port: u16,
    /// Its address, `http://127.0.0.1:port`.
    pub url: String,
    client: reqwest::Client,
}

impl Influxd {
    /// Starts one on an empty folder.
    ///
    /// # Errors
    /// When it was not built, or does not come up.
    pub async fn start() -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let [port] = free_ports()?;
        let url = format!("http://127.0.0.1:{port}");
        let child = spawn(dir.path(), port)?;
        let influxd = Self { child, dir, port, url, client: reqwest::Client::new() };
        influxd.until_healthy().await?;
        Ok(influxd)
    }

    /// Ends it at once, as a power cut would.
    ///
    /// # Errors
    /// When it is gone already.
    pub async fn kill_9(&mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// The folder of its data.
    #[must_use]
    pub fn engine(&self) -> PathBuf {
        self.dir.path().join("engine")
    }

    /// Starts it again where it was, with what it had.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_again(&mut self) -> anyhow::Result<()> {
        self.child = spawn(self.dir.path(), self.port)?;
        self.until_healthy().await
    }

    async fn until_healthy(&self) -> anyhow::Result<()> {
        until("influxd to be healthy", || async {
            let answer = self.client.get(format!("{}/health", self.url)).send().await;
            Ok(answer.ok().filter(|a| a.status().is_success()).map(drop))
        })
        .await
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Makes the first user, organisation and bucket; answers the token.
    ///
    /// # Errors
    /// When it was set up before.
    pub async fn set_up(&self, bucket: &str) -> anyhow::Result<String> {
        let body = serde_json::json!({
            "username": "tester", "password": "tester-tester", "org": ORG, "bucket": bucket,
        });
        let answer =
            self.client.post(format!("{}/api/v2/setup", self.url)).json(&body).send().await?;
        let answer: serde_json::Value = answer.error_for_status()?.json().await?;
        Ok(answer["auth"]["token"].as_str().context("a token")?.to_owned())
    }

    /// Writes lines into a bucket, as any other program would.
    ///
    /// # Errors
    /// When they are refused.
    pub async fn write(
        &self,
        (org, bucket, token): (&str, &str, &str),
        lines: String,
    ) -> anyhow::Result<()> {
        let request = self
            .client
            .post(format!("{}/api/v2/write?org={org}&bucket={bucket}", self.url))
            .header("authorization", format!("Token {token}"));
        request.body(lines).send().await?.error_for_status()?;
        Ok(())
    }

    /// Number of points of a bucket.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn count(&self, bucket: &str, token: &str) -> anyhow::Result<u64> {
        let flux = format!(
            r#"from(bucket: "{bucket}") |> range(start: 0) |> filter(fn: (r) => r._field == "value")
               |> group() |> count()"#
        );
        let counted = self.query(&flux, token).await?;
        let count = counted.first().and_then(|t| t.column("_value").first()?.parse().ok());
        Ok(count.unwrap_or(0))
    }

    /// The tables of an answer to a Flux query, told apart by their group keys.
    ///
    /// # Errors
    /// When the query fails, also after its first rows; with what the database says.
    pub async fn query(&self, flux: &str, token: &str) -> anyhow::Result<Vec<Table>> {
        let answer = self
            .client
            .post(format!("{}/api/v2/query?org={ORG}", self.url))
            .header("authorization", format!("Token {token}"))
            .header("content-type", "application/vnd.flux")
            .body(flux.to_owned())
            .send()
            .await?;
        let status = answer.status();
        let csv = answer.text().await?;
        anyhow::ensure!(status.is_success(), "{status}: {csv}");
        tables(&csv)
    }
}

/// Annotated CSV without annotations: blocks with one header each, which may hold several tables.
/// <https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/>
fn tables(csv: &str) -> anyhow::Result<Vec<Table>> {
    let mut tables = Vec::new();
    for block in csv.replace("\r\n", "\n").split("\n\n").filter(|b| !b.trim().is_empty()) {
        let mut reader = csv::Reader::from_reader(block.as_bytes());
        let columns: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        anyhow::ensure!(!columns.contains(&"error".to_owned()), "{block}");
        let number = columns.iter().position(|c| c == "table").context("a column `table`")?;
        let mut last = None;
        for row in reader.records() {
            let row: Vec<String> = row?.iter().map(str::to_owned).collect();
            if last.as_ref() != Some(&row[number]) {
                last = Some(row[number].clone());
                tables.push(Table { columns: columns.clone(), rows: Vec::new() });
            }
            tables.last_mut().context("a table")?.rows.push(row);
        }
    }
    Ok(tables)
}

fn spawn(dir: &Path, port: u16) -> anyhow::Result<Child> {
    let child = Command::new(built("influxd")?)
        .args(["--reporting-disabled", "--log-level", "error"])
        .args(["--http-bind-address", &format!("127.0.0.1:{port}")])
        .arg("--bolt-path")
        .arg(dir.join("influxd.bolt"))
        .arg("--sqlite-path")
        .arg(dir.join("influxd.sqlite"))
        // Readings move from its log to its files soon after the last write, so that their size
        // can be measured.
        .args(["--storage-cache-snapshot-write-cold-duration", "2s"])
        .arg("--engine-path")
        .arg(dir.join("engine"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    Ok(child)
}
