//! A process that a test starts: where it is, on which port, its CPU time and memory.

use std::net::TcpListener;
use std::path::PathBuf;

use anyhow::Context as _;

/// Where what is built or made once is kept.
pub(crate) fn cache() -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    std::env::var_os("CACHE").map_or(home.join(".cache/aftercare"), PathBuf::from)
}

/// A binary that `scripts/build-part` built, from the cache folder or the path.
///
/// # Errors
/// When it is not there.
pub fn built(name: &str) -> anyhow::Result<PathBuf> {
    let variable = format!("AFTERCARE_{}", name.to_uppercase());
    let cached = cache().join("bin").join(name);
    let given = std::env::var_os(&variable).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = given
        .into_iter()
        .chain([cached])
        .chain(std::env::split_paths(&path).map(|folder| folder.join(name)).collect::<Vec<_>>());
    found
        .into_iter()
        .find(|file| file.exists())
        .with_context(|| format!("{name} is missing: run scripts/build-part {name}"))
}

/// Ports of 127.0.0.1 that nobody listens on, each another one.
///
/// # Errors
/// When there is none left.
pub fn free_ports<const N: usize>() -> anyhow::Result<[u16; N]> {
    // All are held until all are chosen.
    let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0"));
    let mut ports = [0; N];
    for (port, listener) in ports.iter_mut().zip(&listeners) {
        let listener = listener.as_ref().map_err(|e| anyhow::anyhow!("no port is free: {e}"))?;
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}

/// User and system time of a process since its start, seconds (proc(5), fields 14 and 15).
///
/// # Errors
/// When there is no such process.
pub fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold spaces.
    let (_, after) = stat.rsplit_once(')').context("a name in parentheses")?;
    let ticks = after.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    // USER_HZ is 100 on every Linux that Rust runs on.
    Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
}

/// Largest resident memory of a process so far, bytes.
///
/// # Errors
/// When there is no such process.
pub fn peak_memory(pid: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).context("VmHWM")?;
    let kib = line.trim().trim_end_matches(" kB").parse::<u64>()?;
    Ok(kib * 1024)
}
