//! A real InfluxDB 2.7 on a free port.

use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::{Child, Command};

use crate::{built, until};

/// The organisation and the bucket that [`Influxd::set_up`] makes.
pub const ORG: &str = "workshop";

/// An InfluxDB process; killed when dropped.
pub struct Influxd {
    child: Child,
    _dir: tempfile::TempDir,
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
        let child = Command::new(built("influxd")?)
            .args(["--reporting-disabled", "--log-level", "error"])
            .args(["--http-bind-address", &format!("127.0.0.1:{port}")])
            .arg("--bolt-path")
            .arg(dir.path().join("influxd.bolt"))
            .arg("--engine-path")
            .arg(dir.path().join("engine"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let client = reqwest::Client::new();
        until("influxd to be healthy", || async {
            let answer = client.get(format!("{url}/health")).send().await;
            Ok(answer.ok().filter(|a| a.status().is_success()).map(drop))
        })
        .await?;
        Ok(Self { child, _dir: dir, url, client })
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
