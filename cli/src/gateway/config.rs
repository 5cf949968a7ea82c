//! The gateway's configuration file. The printed template is made from the defaults, so the two
//! cannot part.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use tokio::sync::watch;
use tokio::task::JoinHandle;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub broker: Broker,
    pub server: Server,
    pub spool: Spool,
    pub http: Http,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Broker {
    pub url: String,
    pub client_id: String,
    pub username: Option<String>,
    pub password_file: Option<PathBuf>,
}

impl Default for Broker {
    fn default() -> Self {
        Self {
            url: "mqtt://127.0.0.1:1883".to_owned(),
            client_id: "aftercare-gateway-1".to_owned(),
            username: None,
            password_file: None,
        }
    }
}

impl Broker {
    pub fn login(&self) -> anyhow::Result<Option<(String, String)>> {
        match (&self.username, &self.password_file) {
            (None, None) => Ok(None),
            (Some(name), Some(file)) => {
                Ok(Some((name.clone(), secret("broker.password_file", file)?)))
            }
            (Some(_), None) => {
                anyhow::bail!("broker.password_file is needed beside broker.username")
            }
            (None, Some(_)) => {
                anyhow::bail!("broker.username is needed beside broker.password_file")
            }
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    pub url: String,
    pub token_file: PathBuf,
}

impl Default for Server {
    fn default() -> Self {
        Self { url: "http://127.0.0.1:8080".to_owned(), token_file: "gateway.token".into() }
    }
}

impl Server {
    pub fn token(&self) -> anyhow::Result<String> {
        secret("server.token_file", &self.token_file)
    }
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spool {
    pub dir: PathBuf,
}

impl Default for Spool {
    fn default() -> Self {
        Self { dir: "gateway-data".into() }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    pub listen: Option<SocketAddr>,
}

impl Http {
    /// Serves `/healthz`, `/readyz` and `/metrics` until `stop`, when an address is given.
    pub async fn serve(
        &self,
        parts: server::health::Parts,
        mut stop: watch::Receiver<bool>,
    ) -> anyhow::Result<Option<JoinHandle<std::io::Result<()>>>> {
        let Some(address) = self.listen else { return Ok(None) };
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .with_context(|| format!("http.listen: cannot listen on {address}"))?;
        tracing::info!(address = %listener.local_addr()?, "Figures are served");
        let stopped = async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        Ok(Some(tokio::spawn(server::health::serve(listener, parts, stopped))))
    }
}

fn secret(key: &str, file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{key}: cannot read {}", file.display()))?;
    Ok(text.trim().to_owned())
}

pub fn read(path: &Path) -> anyhow::Result<Config> {
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("cannot read {}; `aftercare config` prints a template", path.display())
    })?;
    toml::from_str(&text).with_context(|| format!("in {}", path.display()))
}

pub fn template() -> String {
    let Config { broker, server, spool, http: _ } = Config::default();
    format!(
        "# Aftercare gateway. Every value here is the default.

[broker]
# Where readings come from: mqtt://host:port, or mqtts://host:port for TLS.
url = {url:?}
# Names the persistent session at the broker; unlike that of every other gateway there.
client_id = {client_id:?}
# Login, with the password in a file of its own.
# username = \"gateway\"
# password_file = \"broker.password\"

[server]
# Where readings go.
url = {server_url:?}
# File with an API token of scope `gateway` (POST /api/v1/tokens).
token_file = {token_file:?}

[spool]
# What was taken stays in this folder until the server has confirmed it.
dir = {dir:?}

[http]
# Address for /healthz, /readyz and /metrics; nothing is served without it.
# listen = \"127.0.0.1:8081\"",
        url = broker.url,
        client_id = broker.client_id,
        server_url = server.url,
        token_file = server.token_file,
        dir = spool.dir,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_template_reads_back_as_the_defaults() {
        let read: Config = toml::from_str(&template()).unwrap();
        assert_eq!(format!("{read:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = toml::from_str::<Config>("[spool]\nfolder = \"x\"").unwrap_err();
        assert!(error.to_string().contains("folder"), "{error}");
    }
}
