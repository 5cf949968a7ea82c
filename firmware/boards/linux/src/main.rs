//! A sensor board on Linux. See README.md beside this folder.

mod clock;
mod flash;
mod i2c;
mod inputs;
mod lamp;
mod last_words;
mod source;
mod value_file;

use std::io::IsTerminal as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use async_signal::{Signal, Signals};
use board::agent::Agent;
use board::boot::Boot;
use board::config::Config;
use board::storage::{Blocking, FlashStorage};
use clap::Parser;
use embassy_time::Timer;
use futures_lite::{FutureExt as _, StreamExt as _};
use link::State;
use station::{Hardware, Station};

use crate::flash::Flash;
use crate::inputs::Inputs;
use crate::lamp::Lamp;

const FIRMWARE: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// Readings that wait in memory; what is more waits in the flash file.
const RING: usize = 1024;

/// How often the operating system's time is looked at, seconds.
const CLOCK_SECONDS: u64 = 60;

/// Reports what sensors on this computer measure: a Raspberry Pi or any Linux machine as a board.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
struct Args {
    /// What `aftercare board new` wrote
    config: PathBuf,
    /// File that holds readings nobody has acknowledged yet; made when it is not there
    #[arg(long, value_name = "FILE")]
    flash: PathBuf,
    /// Sensors of this computer, by the names that the configuration uses as sources
    #[arg(long, value_name = "FILE")]
    inputs: Option<PathBuf>,
    /// LED that blinks when somebody looks for this board, a folder of /sys/class/leds
    #[arg(long, value_name = "FOLDER")]
    lamp: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  # The temperature of this computer's processor, once a second.
  aftercare board new shelf-1 --broker 127.0.0.1:1883 --channel cpu:Cel:cpu
  linux-board shelf-1.cfg --flash shelf-1.flash

  # Sensors on the pins of a Raspberry Pi; inputs.toml names them (see README.md).
  linux-board press-3.cfg --flash press-3.flash --inputs inputs.toml \\
      --lamp /sys/class/leds/ACT

Ends at SIGTERM and Ctrl-C with what is not acknowledged in the flash file. Exit code 0, or 1 when
it cannot start.";

/// How the run ended.
enum End {
    Signal,
    RestartByCommand,
}

struct Hands(Lamp);

impl Hardware for Hands {
    fn lamp(&self, on: bool) {
        if on {
            tracing::info!("somebody asks which board this is");
        }
        self.0.set(on);
    }

    /// Whoever starts this program looks after it (systemd, `Restart=always`).
    fn alive(&self) {}

    fn link(&self, state: State) {
        if let Some(words) = station::words(state) {
            match state {
                State::Down(_) => tracing::warn!("{words}"),
                _ => tracing::info!("{words}"),
            }
        }
    }
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    let before = last_words::take(&args.flash);
    last_words::listen(&args.flash);
    let config = config(&args.config)?;
    let mut inputs = match &args.inputs {
        Some(path) => Inputs::read(path)?,
        None => Inputs::built_in(),
    };
    for channel in config.channels.iter().filter(|c| !inputs.has(&c.source)) {
        tracing::warn!(channel = %channel.name, source = %channel.source, "no such input");
    }
    let flash =
        Flash::open(&args.flash).with_context(|| format!("cannot use {}", args.flash.display()))?;
    let storage = FlashStorage::new(Blocking(flash), flash::SETTINGS, flash::READINGS)
        .context("the ranges of the flash")?;
    let boot = Boot::new(FIRMWARE, before.reset, before.panic.as_deref());
    let mut agent = Box::new(Agent::<_, RING>::new(config, storage, boot, station::now()));
    let station = Station::new(&mut *agent, Hands(Lamp::at(args.lamp)));
    let end = async_io::block_on(run(&station, &mut inputs))?;
    station.switch_off();
    match end {
        // The connection ends without a farewell, so the broker publishes `offline` at once.
        End::Signal => Ok(()),
        End::RestartByCommand => {
            tracing::info!("beginning anew, as commanded");
            last_words::commanded(&args.flash)?;
            let mut again = std::process::Command::new(std::env::current_exe()?);
            // The flash file is unlocked as soon as this process image is gone.
            Err(again.args(std::env::args_os().skip(1)).exec()).context("cannot begin anew")
        }
    }
}

fn config(path: &Path) -> anyhow::Result<Config> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Config::decode(&bytes).with_context(|| format!("{} cannot be used", path.display()))
}

async fn run<S: board::storage::Storage>(
    station: &Station<'_, Hands, S, RING>,
    inputs: &mut Inputs,
) -> anyhow::Result<End> {
    let mut signals = Signals::new([Signal::Term, Signal::Int])?;
    let signal = async {
        signals.next().await;
        Ok(End::Signal)
    };
    let measuring = async {
        station.measure(inputs).await;
        Ok(End::RestartByCommand)
    };
    let telling = async {
        loop {
            if let Some(unix_ms) = clock::synchronised() {
                station.tell_time(unix_ms);
            }
            Timer::after_secs(CLOCK_SECONDS).await;
        }
    };
    let network = std_embedded_nal_async::Stack::default();
    let settings = station.settings();
    let mut memory = Box::new(link::Memory::new());
    let linking =
        async { link::run(&settings, &network, station, &mut memory, clock::seed()).await };
    signal.or(measuring).or(telling).or(linking).await
}
