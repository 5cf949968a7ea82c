//! A real InfluxDB 2.7 on a free port.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::{Child, Command};

use crate::{built, until};

/// The organisation and the bucket that [`Influxd::set_up`] makes.
pub const ORG: &str = "workshop";

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
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
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
        let answer = self
            .client
            .post(format!("{}/api/v2/query?org={ORG}", self.url))
            .header("authorization", format!("Token {token}"))
            .header("content-type", "application/vnd.flux")
            .body(flux)
            .send()
            .await?;
        let csv = answer.error_for_status()?.text().await?;
        let last = csv.lines().rfind(|line| !line.is_empty());
        Ok(last.and_then(|line| line.rsplit(',').next()?.trim().parse().ok()).unwrap_or(0))
    }
}

fn spawn(dir: &Path, port: u16) -> anyhow::Result<Child> {
    let child = Command::new(built("influxd")?)
        .args(["--reporting-disabled", "--log-level", "error"])
        .args(["--http-bind-address", &format!("127.0.0.1:{port}")])
        .arg("--bolt-path")
        .arg(dir.join("influxd.bolt"))
        .arg("--sqlite-path")
        .arg(dir.join("influxd.sqlite"))
        .arg("--engine-path")
        .arg(dir.join("engine"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    Ok(child)
}
