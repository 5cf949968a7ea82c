//! A sensor board in the emulator: boot, then one loop over sensors, network and link.
#![no_std]
#![no_main]

use core::cell::RefCell;
use core::mem::MaybeUninit;
use core::pin::pin;
use core::task::{Context, Waker};

use board::agent::Agent;
use board::boot::Boot;
use board::clock::Uptime;
use board::storage::{Blocking, FlashStorage};
use cortex_m_rt::entry;
use mps2::i2c::Shield;
use mps2::inputs::Inputs;
use mps2::network::{self, Network};
use mps2::settings::{self, MAX_FILE_BYTES, Paths, SettingsError};
use mps2::station::{Keeper, Station};
use mps2::{clock, flash, host, last_words, watchdog};
use static_cell::ConstStaticCell;

static NETWORK: ConstStaticCell<network::Memory> = ConstStaticCell::new(network::Memory::new());
static LINK: ConstStaticCell<link::Memory> = ConstStaticCell::new(link::Memory::new());
static KEEPER: ConstStaticCell<MaybeUninit<Keeper>> = ConstStaticCell::new(MaybeUninit::uninit());

const FIRMWARE: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

#[entry]
fn main() -> ! {
    clock::start();
    watchdog::start();
    host::print(c"board: started\n");
    match keeper() {
        Ok(keeper) => run(&Station::new(keeper)),
        Err(error) => {
            settings::explain(error);
            host::exit(2)
        }
    }
}

/// Begins the agent's run with the configuration and the flash that the host has. By itself, as is
/// [`run`]: what lies on the stack in one is free again in the other.
#[inline(never)]
fn keeper() -> Result<&'static mut Keeper, SettingsError> {
    let paths = Paths::read()?;
    let storage = FlashStorage::new(Blocking(paths.flash()?), flash::SETTINGS, flash::READINGS)
        .expect("the ranges lie in the flash");
    let mut bytes = [0; MAX_FILE_BYTES];
    let config = paths.config(&mut bytes)?;
    let before = last_words::take();
    let boot = Boot::new(FIRMWARE, before.reset, before.panic());
    Ok(Agent::place(KEEPER.take(), config, storage, boot, Uptime(clock::now_ms()))?)
}

/// The loop over sensors, network and link.
#[inline(never)]
fn run(station: &Station) -> ! {
    let bus = RefCell::new(Shield::start());
    let mut inputs = Inputs::new(&bus);
    let seed = host::seconds() ^ clock::cycles().rotate_left(16);
    let network = Network::start(NETWORK.take(), seed);
    let settings = station.settings();
    let mut link = pin!(link::run(&settings, &network, station, LINK.take(), seed));
    #[cfg(feature = "figures")]
    let mut figures = mps2::figures::Figures::default();
    loop {
        #[cfg(feature = "figures")]
        figures.woke();
        let _samples = station.measure(&mut inputs);
        network.poll();
        let _ = link.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        network.poll();
        watchdog::feed();
        #[cfg(feature = "figures")]
        {
            figures.sampled(_samples);
            figures.sleeps();
        }
        clock::sleep(station.next_due_ms());
    }
}
