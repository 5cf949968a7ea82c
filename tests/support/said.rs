//! What a command said and how it ended.

use anyhow::Context as _;
use tokio::process::Command;

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Said {
    /// Exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// Runs a command to its end.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn by(command: &mut Command) -> anyhow::Result<Self> {
        let output = command.output().await?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) })
    }

    /// Its answer in JSON.
    ///
    /// # Errors
    /// When it did not succeed, or answered something else.
    pub fn json(self) -> anyhow::Result<serde_json::Value> {
        anyhow::ensure!(self.code == Some(0), "it failed: {self:?}");
        serde_json::from_str(&self.out).with_context(|| self.out)
    }
}
