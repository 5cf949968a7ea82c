//! The emulated board: its firmware in QEMU, with sensors that a test can set.

use std::path::PathBuf;
use std::process::Stdio;

use ::board::config::{Broker, Channel, Config, Text};
use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{Child, Command};

use crate::until;

/// A board that is switched on; off when dropped.
pub struct Board {
    _child: Child,
    dir: tempfile::TempDir,
    monitor: (BufReader<OwnedReadHalf>, OwnedWriteHalf),
}

/// The firmware, built by `scripts/build-board qemu-mps2-an385`.
///
/// # Errors
/// When it has not been built.
pub fn firmware() -> anyhow::Result<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let cache = std::env::var_os("CACHE").map_or(home.join(".cache/aftercare"), PathBuf::from);
    let elf = cache.join("firmware-target/thumbv7m-none-eabi/release/qemu-mps2-an385");
    anyhow::ensure!(elf.exists(), "the firmware is missing: scripts/build-board qemu-mps2-an385");
    Ok(elf)
}

fn text<const N: usize>(from: &str) -> anyhow::Result<Text<N>> {
    Text::try_from(from).map_err(|_| anyhow::anyhow!("{from} is too long for a board"))
}

/// A configuration with a credential as the server answers it: temperature of a bearing, current of
/// a motor and voltage of a transmitter, each sent as often as it is measured, and each in flash as
/// soon as it is measured.
///
/// # Errors
/// When the credential is none.
pub fn configuration(credential: &Value, port: u16, interval_ms: u32) -> anyhow::Result<Config> {
    let of = |key: &str| credential[key].as_str().with_context(|| format!("no {key}"));
    let broker = Broker {
        // The host, as user networking shows it to the guest.
        host: text("10.0.2.2")?,
        port,
        username: text(of("username")?)?,
        password: text(of("password")?)?,
    };
    let mut key = [0; 32];
    for (at, byte) in key.iter_mut().enumerate() {
        let digits = of("command_key")?.get(2 * at..2 * at + 2).context("a key of 32 bytes")?;
        *byte = u8::from_str_radix(digits, 16)?;
    }
    let mut config = Config::new(text(of("username")?)?, broker, key);
    config.keep_within_ms = 0;
    let channels = [
        ("bearing", "Cel", "tmp105"),
        ("motor", "A", "adm1272-current"),
        ("discharge", "V", "max34451-0"),
    ];
    for (name, unit, source) in channels {
        let mut channel = Channel::new(text(name)?, text(unit)?, text(source)?);
        channel.sampling.interval_ms = interval_ms;
        config.channels.push(channel).map_err(|_| anyhow::anyhow!("too many channels"))?;
    }
    Ok(config)
}

impl Board {
    /// Switches a board on, with an empty flash.
    ///
    /// # Errors
    /// When QEMU or the firmware is missing.
    pub async fn on(config: &Config) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let mut bytes = [0; ::board::limits::MAX_CONFIG_BYTES];
        let length = config.encode(&mut bytes)?;
        std::fs::write(dir.path().join("config"), &bytes[..length])?;
        let (child, monitor) = switch_on(&dir).await?;
        Ok(Self { _child: child, dir, monitor })
    }

    /// Takes the power away at once, and gives it again: memory is lost, flash is not.
    ///
    /// # Errors
    /// When it does not come up again.
    pub async fn off_and_on(self) -> anyhow::Result<Self> {
        let Self { _child: mut child, dir, .. } = self;
        child.kill().await?;
        let (child, monitor) = switch_on(&dir).await?;
        Ok(Self { _child: child, dir, monitor })
    }

    /// What the board and QEMU have said so far.
    #[must_use]
    pub fn console(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("console")).unwrap_or_default()
    }

    /// Sets what a sensor measures: its id, property and value.
    ///
    /// # Errors
    /// When there is no such sensor.
    pub async fn set(&mut self, sensor: &str, property: &str, value: i64) -> anyhow::Result<()> {
        self.say("qom-set", &json!({"path": sensor, "property": property, "value": value})).await
    }

    /// The bearing's temperature, °C.
    ///
    /// # Errors
    /// When QEMU is gone.
    pub async fn warm(&mut self, celsius: f64) -> anyhow::Result<()> {
        self.set("bearing", "temperature", (celsius * 1e3) as i64).await
    }

    /// Presses the reset button.
    ///
    /// # Errors
    /// When QEMU is gone.
    pub async fn reset(&mut self) -> anyhow::Result<()> {
        self.say("system_reset", &json!({})).await
    }

    /// One command of the QEMU machine protocol.
    async fn say(&mut self, command: &str, arguments: &Value) -> anyhow::Result<()> {
        let request = json!({"execute": command, "arguments": arguments});
        self.monitor.1.write_all(format!("{request}\n").as_bytes()).await?;
        loop {
            let mut line = String::new();
            anyhow::ensure!(self.monitor.0.read_line(&mut line).await? > 0, "QEMU has ended");
            let answer: Value = serde_json::from_str(&line)?;
            anyhow::ensure!(answer.get("error").is_none(), "{command}: {answer}");
            // Events come in between.
            if answer.get("return").is_some() {
                return Ok(());
            }
        }
    }
}

type Monitor = (BufReader<OwnedReadHalf>, OwnedWriteHalf);

async fn switch_on(dir: &tempfile::TempDir) -> anyhow::Result<(Child, Monitor)> {
    let file = |name: &str| dir.path().join(name).display().to_string();
    let socket = file("monitor");
    // One of the run before would be taken for the new one.
    let _ = std::fs::remove_file(&socket);
    let console = std::fs::File::options().create(true).append(true).open(file("console"))?;
    let child = Command::new("qemu-system-arm")
        .args(["-machine", "mps2-an385", "-cpu", "cortex-m3", "-display", "none"])
        .args(["-monitor", "none", "-serial", "null", "-nic", "user"])
        .args(["-device", "tmp105,id=bearing,bus=i2c,address=0x48"])
        .args(["-device", "adm1272,id=motor,bus=i2c,address=0x20"])
        .args(["-device", "max34451,id=discharge,bus=i2c,address=0x21"])
        .args(["-qmp", &format!("unix:{socket},server=on,wait=off")])
        .arg("-semihosting-config")
        .arg(format!(
            "enable=on,target=native,arg=board,arg={},arg={}",
            file("config"),
            file("flash")
        ))
        .arg("-kernel")
        .arg(firmware()?)
        .stdin(Stdio::null())
        .stdout(console.try_clone()?)
        .stderr(console)
        .kill_on_drop(true)
        .spawn()
        .context("qemu-system-arm is missing: apt-get install qemu-system-arm")?;
    let stream = until("QEMU's monitor", || async { Ok(UnixStream::connect(&socket).await.ok()) });
    let (input, mut output) = stream.await?.into_split();
    let mut input = BufReader::new(input);
    output.write_all(b"{\"execute\": \"qmp_capabilities\"}\n").await?;
    // The greeting, and the answer.
    for _ in 0..2 {
        input.read_line(&mut String::new()).await?;
    }
    Ok((child, (input, output)))
}
