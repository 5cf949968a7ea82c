//! A Linux machine as a board: its program, with a file as its sensor.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::{Child, Command};

use crate::{Aftercare, TOKEN, binary};

/// The program; killed when dropped.
pub struct LinuxBoard {
    child: Child,
    dir: PathBuf,
}

/// The program, built by `scripts/build-board linux`.
fn program() -> anyhow::Result<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let cache = std::env::var_os("CACHE").map_or(home.join(".cache/aftercare"), PathBuf::from);
    let program = cache.join("firmware-target/release/linux-board");
    anyhow::ensure!(program.exists(), "the board is missing: scripts/build-board linux");
    Ok(program)
}

impl LinuxBoard {
    /// Has a board issued by a server, in a folder: one channel `oil`, °C, once in so many
    /// milliseconds, from a file that is not there yet. Then starts it, with its broker at a port
    /// of this machine.
    ///
    /// # Errors
    /// When the server does not issue it, or the program has not been built.
    pub async fn issued(
        up: &Aftercare,
        port: u16,
        dir: &Path,
        name: &str,
        interval_ms: u32,
    ) -> anyhow::Result<Self> {
        let wanted = format!(
            "[broker]\nhost = \"127.0.0.1\"\nport = {port}\n[[channels]]\nname = \"oil\"\n\
             unit = \"Cel\"\nsource = \"oil\"\ninterval_ms = {interval_ms}\n"
        );
        std::fs::write(dir.join("wanted.toml"), wanted)?;
        let issued = Command::new(binary())
            .args(["board", "new", name, "--config", "wanted.toml", "--output", "board.cfg"])
            .args(["--server", &up.http])
            .env("AFTERCARE_TOKEN", TOKEN)
            .current_dir(dir)
            .output()
            .await?;
        let said = String::from_utf8_lossy(&issued.stderr);
        anyhow::ensure!(issued.status.success(), "aftercare board new: {said}");
        let path = dir.join("oil");
        let inputs = format!("[oil]\nsensor = \"file\"\npath = \"{}\"\n", path.display());
        std::fs::write(dir.join("inputs.toml"), inputs)?;
        Self::start(dir)
    }

    /// Starts the board of a folder, with the flash that the run before left.
    ///
    /// # Errors
    /// When the program has not been built.
    pub fn start(dir: &Path) -> anyhow::Result<Self> {
        let log = std::fs::File::options().create(true).append(true).open(dir.join("log"))?;
        let child = Command::new(program()?)
            .args(["board.cfg", "--flash", "board.flash", "--inputs", "inputs.toml"])
            .current_dir(dir)
            .stdin(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self { child, dir: dir.to_owned() })
    }

    /// What the sensor measures from now on, °C; `None` takes it away.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn warm(&self, celsius: Option<f64>) -> anyhow::Result<()> {
        let (path, new) = (self.dir.join("oil"), self.dir.join("oil.new"));
        match celsius {
            // In one step, or the board may read half of it.
            Some(celsius) => {
                std::fs::write(&new, format!("{}\n", (celsius * 1e3).round()))?;
                Ok(std::fs::rename(new, path)?)
            }
            None => Ok(std::fs::remove_file(path)?),
        }
    }

    /// What it has said so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }

    /// Asks it to end, and answers its exit code.
    ///
    /// # Errors
    /// When it has not ended after five seconds.
    pub async fn terminate(mut self) -> anyhow::Result<Option<i32>> {
        let id = self.child.id().context("the process has ended already")?;
        Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        let ended = tokio::time::timeout(std::time::Duration::from_secs(5), self.child.wait());
        Ok(ended.await.context("it did not end within five seconds")??.code())
    }
}
