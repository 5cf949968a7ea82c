//! A real PostgreSQL cluster on a free port.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::{Child, Command};

use crate::part::{cache, free_ports};
use crate::until;

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

async fn own(folder: &Path) -> anyhow::Result<()> {
    let given = Command::new("chown").arg("postgres").arg(folder).status().await?;
    anyhow::ensure!(given.success(), "cannot give the folder to the user postgres");
    Ok(())
}

async fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().await?;
    anyhow::ensure!(copied.success(), "cannot copy {} to {}", from.display(), to.display());
    Ok(())
}

/// An empty cluster of this version to copy, kept in the cache: making one takes a second of a
/// processor, and every test has its own.
async fn template(programs: &Path) -> anyhow::Result<PathBuf> {
    let version = programs.parent().and_then(Path::file_name).context("a version")?;
    let name = format!("postgres-{}-{}", version.to_string_lossy(), std::env::consts::ARCH);
    let kept = cache().join(name);
    if kept.exists() {
        return Ok(kept);
    }
    let dir = tempfile::tempdir()?;
    if am_root()? {
        own(dir.path()).await?;
    }
    let cluster = dir.path().join("cluster");
    let made = command(programs.join("initdb"))?
        .args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "-D"])
        .arg(&cluster)
        .current_dir(dir.path())
        .output()
        .await?;
    anyhow::ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    // Moved into its place whole; whoever comes second throws its own away.
    std::fs::create_dir_all(cache())?;
    let coming = tempfile::tempdir_in(cache())?;
    copy(&cluster, &coming.path().join("cluster")).await?;
    match std::fs::rename(coming.path().join("cluster"), &kept) {
        Err(error) if !kept.exists() => Err(error.into()),
        _ => Ok(kept),
    }
}

impl Postgres {
    /// Makes a cluster and starts it.
    ///
    /// # Errors
    /// When it is not installed, or does not come up.
    pub async fn start() -> anyhow::Result<Self> {
        let programs = programs()?;
        let dir = tempfile::tempdir()?;
        let cluster = dir.path().join("cluster");
        copy(&template(&programs).await?, &cluster).await?;
        if am_root()? {
            own(dir.path()).await?;
        }
        let [port] = free_ports()?;
        let child = command(programs.join("postgres"))?
            .arg("-D")
            .arg(&cluster)
            .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-c", "unix_socket_directories="])
            // A process that is killed loses nothing by it; only a machine that loses power would.
            .args(["-c", "fsync=off", "-c", "full_page_writes=off"])
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
