//! A running `aftercare up` and its API.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context as _;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::until;

/// The administrator's token in tests.
pub const TOKEN: &str = "token-of-the-tests";

/// The binary under test, built by `make test` before the tests run.
///
/// # Panics
/// When it has not been built.
#[must_use]
pub fn binary() -> PathBuf {
    let mut path = std::env::current_exe().expect("the test has a path");
    path.pop();
    if path.ends_with("deps") {
        path.pop();
    }
    let binary = path.join("aftercare");
    assert!(binary.exists(), "{} is missing: run `cargo build -p aftercare`", binary.display());
    binary
}

fn command(subcommand: &str, data: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args([subcommand, "--json", "--http", "127.0.0.1:0", "--data-dir"]).arg(data);
    command.args(more);
    command
}

fn up(data: &Path, more: &[&str]) -> Command {
    let mut command = command("up", data, more);
    if !more.contains(&"--broker") {
        command.args(["--mqtt", "127.0.0.1:0"]);
    }
    command
}

/// A server process; killed when dropped.
pub struct Aftercare {
    child: Child,
    /// Base address of its HTTP interface.
    pub http: String,
    /// Address of its MQTT listener, or of the broker it uses; empty when it has none.
    pub mqtt: String,
    /// The login link that it printed.
    pub login: Option<String>,
    client: reqwest::Client,
}

impl Aftercare {
    /// Starts `aftercare up` on a data folder, with more arguments.
    ///
    /// # Errors
    /// When it does not come up; its own words are on standard error.
    pub async fn up(data: &Path, more: &[&str]) -> anyhow::Result<Self> {
        Self::start(up(data, more), Some(TOKEN)).await
    }

    /// The same without a token in its environment, as somebody starts it by hand.
    ///
    /// # Errors
    /// As [`Aftercare::up`].
    pub async fn up_without_token(data: &Path, more: &[&str]) -> anyhow::Result<Self> {
        Self::start(up(data, more), None).await
    }

    /// Starts `aftercare server` on a data folder, with more arguments.
    ///
    /// # Errors
    /// As [`Aftercare::up`].
    pub async fn server(data: &Path, more: &[&str]) -> anyhow::Result<Self> {
        Self::start(command("server", data, more), Some(TOKEN)).await
    }

    async fn start(mut command: Command, token: Option<&str>) -> anyhow::Result<Self> {
        command
            .env("AFTERCARE_BOOTSTRAP_TOKEN", token.unwrap_or_default())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().context("standard output")?;
        let line = BufReader::new(stdout).lines().next_line().await?;
        let line = line.context("aftercare ended before it said its addresses")?;
        let first: Value = serde_json::from_str(&line)?;
        let address = |key: &str| first[key].as_str().map(str::to_owned).context("an address");
        let http = address("http")?;
        let mqtt = address("mqtt").unwrap_or_default();
        let login = address("login").ok();
        Ok(Self { child, http, mqtt, login, client: reqwest::Client::new() })
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Ends it at once, as a power cut would.
    ///
    /// # Errors
    /// When there is no process to end.
    pub async fn kill_9(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Asks it to end and answers its exit code.
    ///
    /// # Errors
    /// When it has not ended after five seconds, as it promises.
    pub async fn terminate(mut self) -> anyhow::Result<Option<i32>> {
        let id = self.child.id().context("the process has ended already")?;
        Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        let ended = tokio::time::timeout(std::time::Duration::from_secs(5), self.child.wait());
        Ok(ended.await.context("it did not end within five seconds")??.code())
    }

    /// `GET` with the administrator's token.
    ///
    /// # Errors
    /// When the answer is no JSON.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let request = self.client.get(format!("{}{path}", self.http)).bearer_auth(TOKEN);
        Ok(request.send().await?.json().await?)
    }

    /// `GET` without a token: status and body.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn get_as_stranger(&self, path: &str) -> anyhow::Result<(u16, String)> {
        let answer = self.client.get(format!("{}{path}", self.http)).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// `POST` or `PUT` of JSON with the administrator's token: status and body.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> anyhow::Result<(u16, Value)> {
        let url = format!("{}{path}", self.http);
        let request = self.client.request(method.parse()?, url);
        let answer = request.bearer_auth(TOKEN).json(body).send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await.unwrap_or_default()))
    }

    /// A command against it, such as `export`, with the administrator's token.
    #[must_use]
    pub fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(binary());
        command.args([subcommand, "--server", &self.http]).env("AFTERCARE_TOKEN", TOKEN);
        command
    }

    /// Runs `aftercare replay` against it.
    ///
    /// # Errors
    /// When the replay fails.
    pub async fn replay(&self, file: &Path, asset: &str, more: &[&str]) -> anyhow::Result<Value> {
        let output = Command::new(binary())
            .arg("replay")
            .arg(file)
            .args(["--asset", asset, "--json", "--server", &self.http, "--mqtt", &self.mqtt])
            .args(more)
            .env("AFTERCARE_TOKEN", TOKEN)
            .output()
            .await?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "replay failed: {said}");
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Publishes one message at QoS 1 and waits for its PUBACK. Says whether it was let in.
    ///
    /// # Errors
    /// When mosquitto-clients is not installed.
    pub async fn publish_as(
        &self,
        topic: &str,
        payload: &str,
        login: Option<(&str, &str)>,
    ) -> anyhow::Result<bool> {
        let port = self.mqtt.rsplit(':').next().unwrap_or_default();
        let mut command = Command::new("mosquitto_pub");
        command.args(["-h", "127.0.0.1", "-p", port, "-q", "1", "-t", topic, "-m", payload]);
        if let Some((name, password)) = login {
            command.args(["-u", name, "-P", password]);
        }
        let status = command.status().await;
        let status =
            status.context("mosquitto_pub is missing: apt-get install mosquitto-clients")?;
        Ok(status.success())
    }

    /// The same without a login.
    ///
    /// # Errors
    /// When it was not acknowledged.
    pub async fn publish(&self, topic: &str, payload: &str) -> anyhow::Result<()> {
        anyhow::ensure!(self.publish_as(topic, payload, None).await?, "not acknowledged: {topic}");
        Ok(())
    }

    /// All measured times of a point, milliseconds, in order.
    ///
    /// # Errors
    /// When the API fails.
    pub async fn times_of(&self, point: &str) -> anyhow::Result<Vec<i64>> {
        let mut times = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("/api/v1/readings?point={point}{cursor}")).await?;
            let at = page["at_ms"].as_array().context("readings")?;
            times.extend(at.iter().filter_map(Value::as_f64).map(|ms| ms as i64));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(times),
            }
        }
    }

    /// The only asset's id and its points as (id, name).
    ///
    /// # Errors
    /// When there is not exactly one asset.
    pub async fn only_asset(&self) -> anyhow::Result<(String, Vec<(String, String)>)> {
        let assets = self.get("/api/v1/assets").await?;
        let [asset] = &assets["items"].as_array().context("assets")?[..] else {
            anyhow::bail!("expected one asset: {assets}");
        };
        let id = asset["id"].as_str().context("id")?.to_owned();
        let points = self.get(&format!("/api/v1/points?asset={id}")).await?;
        let points = points["items"].as_array().context("points")?;
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        Ok((id, points.iter().map(|p| (text(&p["id"]), text(&p["name"]))).collect()))
    }

    /// Waits until every part of it works; with a broker, until it has subscribed there.
    ///
    /// # Errors
    /// When it does not come to that in time.
    pub async fn until_ready(&self) -> anyhow::Result<()> {
        until("every part to be ready", || async {
            Ok((self.get_as_stranger("/readyz").await?.0 == 200).then_some(()))
        })
        .await
    }

    /// Waits until so many readings have been stored since the process started.
    ///
    /// # Errors
    /// When they are not there in time.
    pub async fn until_stored(&self, readings: u64) -> anyhow::Result<()> {
        until(&format!("{readings} readings stored"), || async {
            let stored = self.figure("aftercare_readings_stored_total").await?;
            Ok((stored >= readings).then_some(()))
        })
        .await
    }

    /// Waits until everything that was acknowledged is stored and judged.
    ///
    /// # Errors
    /// When it does not come to that in time.
    pub async fn until_judged(&self) -> anyhow::Result<()> {
        until("an empty spool", || async {
            let waiting = self.figure("aftercare_spool_waiting_bytes").await?;
            Ok((waiting == 0).then_some(()))
        })
        .await
    }

    async fn figure(&self, name: &str) -> anyhow::Result<u64> {
        let (_, metrics) = self.get_as_stranger("/metrics").await?;
        let value = |line: &str| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned);
        Ok(metrics.lines().find_map(value).context("the metric")?.parse()?)
    }
}
