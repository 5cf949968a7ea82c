//! Readings of a server as files.

use std::path::Path;

use serde_json::Value;

use crate::{Aftercare, Said};

impl Aftercare {
    /// Imports a file; answers what became of it.
    ///
    /// # Errors
    /// When the import fails or refuses a reading.
    pub async fn import(&self, file: &Path) -> anyhow::Result<Value> {
        let said = Said::by(self.command("import").arg(file).arg("--json")).await?;
        Ok(said.json()?["files"][0].take())
    }

    /// Exports everything into a file; answers the number of readings.
    ///
    /// # Errors
    /// When the export fails.
    pub async fn export(&self, file: &Path) -> anyhow::Result<u64> {
        let mut command = self.command("export");
        let command = command.arg("--output").arg(file).args(["--json", "--force"]);
        Ok(Said::by(command).await?.json()?["readings"].as_u64().unwrap_or_default())
    }

    /// Every reading that it holds, as lines that tell every bit.
    ///
    /// # Errors
    /// When the export fails.
    pub async fn everything(&self, dir: &Path) -> anyhow::Result<String> {
        let file = dir.join("everything.csv");
        self.export(&file).await?;
        Ok(std::fs::read_to_string(file)?)
    }
}

/// The lines of a text, in an order that does not depend on the one they came in.
#[must_use]
pub fn sorted_lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    lines
}
