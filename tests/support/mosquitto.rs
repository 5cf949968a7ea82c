//! A real mosquitto on a free port.

use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::{Child, Command};

use crate::{free_ports, until};

/// A broker process with persistence; killed when dropped.
pub struct Mosquitto {
    _child: Child,
    _dir: tempfile::TempDir,
    /// Its address, `mqtt://127.0.0.1:port`.
    pub url: String,
}

impl Mosquitto {
    /// Starts one.
    ///
    /// # Errors
    /// When it is not installed, or does not come up.
    pub async fn start() -> anyhow::Result<Self> {
        Self::with(
            "listener 1883\nallow_anonymous true\nmax_inflight_messages 0\n\
             max_queued_messages 0\npersistence false\n",
        )
        .await
    }

    /// Starts one with a configuration that listens on port 1883 and keeps what it keeps in
    /// /mosquitto/data; here it does both elsewhere.
    ///
    /// # Errors
    /// As [`Mosquitto::start`].
    pub async fn with(config: &str) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let [port] = free_ports()?;
        let here = config
            .replace("listener 1883\n", &format!("listener {port} 127.0.0.1\n"))
            .replace("/mosquitto/data", &dir.path().display().to_string());
        let config = dir.path().join("mosquitto.conf");
        std::fs::write(&config, here + "user root\n")?;
        let child = Command::new("mosquitto")
            .arg("-c")
            .arg(&config)
            .env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("mosquitto is missing: apt-get install mosquitto")?;
        until("mosquitto to listen", || async {
            Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok().map(drop))
        })
        .await?;
        Ok(Self { _child: child, _dir: dir, url: format!("mqtt://127.0.0.1:{port}") })
    }
}
