//! A real PostgreSQL cluster on a free port.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::{Child, Command};

use crate::{free_ports, until};

/// A PostgreSQL process on an empty cluster; ended when dropped.
pub struct Postgres {
    child: Child,
    _dir: tempfile::TempDir,
    /// Address of its database, `postgres://postgres@127.0.0.1:port/postgres`.
    pub url: String,
}

/// The newest version that Debian has installed.
fn programs() -> anyhow::Result<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|found| found.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort();
    versions.pop().context("PostgreSQL is missing: apt-get install postgresql")
}

/// PostgreSQL refuses to run as root, so root becomes the user that Debian's package made.
fn command(program: PathBuf) -> anyhow::Result<Command> {
    if !am_root()? {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    Ok(command)
}

fn am_root() -> anyhow::Result<bool> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let uid = status.lines().find_map(|line| line.strip_prefix("Uid:")).context("Uid")?;
    Ok(uid.split_whitespace().next() == Some("0"))
}

impl Postgres {
    /// Makes a cluster and starts it.
    ///
    /// # Errors
    /// When it is not installed, or does not come up.
    pub async fn start() -> anyhow::Result<Self> {
        let programs = programs()?;
        let dir = tempfile::tempdir()?;
        if am_root()? {
            let given = Command::new("chown").arg("postgres").arg(dir.path()).status().await?;
            anyhow::ensure!(given.success(), "cannot give the folder to the user postgres");
        }
        let cluster = dir.path().join("cluster");
        let made = command(programs.join("initdb"))?
            .args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "-D"])
            .arg(&cluster)
            .current_dir(dir.path())
            .output()
            .await?;
        anyhow::ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let [port] = free_ports()?;
        let child = command(programs.join("postgres"))?
            .arg("-D")
            .arg(&cluster)
            .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-c", "unix_socket_directories="])
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let ready = programs.join("pg_isready");
        until("PostgreSQL to take connections", || async {
            let asked = Command::new(&ready)
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
                .status();
            Ok(asked.await?.success().then_some(()))
        })
        .await?;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Ok(Self { child, _dir: dir, url })
    }
}

impl Drop for Postgres {
    /// One that is killed leaves a segment of shared memory behind, of which a machine has 4096: so it is
    /// asked for an immediate shutdown first, and killed if it has not ended within two seconds.
    fn drop(&mut self) {
        let Some(id) = self.child.id() else { return };
        let asked = std::process::Command::new("kill").args(["-QUIT", &id.to_string()]).status();
        let began = std::time::Instant::now();
        while asked.as_ref().is_ok_and(std::process::ExitStatus::success)
            && began.elapsed() < std::time::Duration::from_secs(2)
            && matches!(self.child.try_wait(), Ok(None))
        {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }
}
