//! A sensor board in the emulator: boot, then one loop over sensors, network and link.
#![no_std]
#![no_main]

use core::cell::RefCell;
use core::pin::pin;
use core::task::{Context, Waker};

use board::agent::Agent;
use board::boot::Boot;
use board::clock::Uptime;
use board::storage::{Blocking, FlashStorage};
use cortex_m_rt::entry;
use mps2::flash::{self, Flash};
use mps2::i2c::Shield;
use mps2::inputs::Inputs;
use mps2::network::{self, Network};
use mps2::settings::{self, Paths, SettingsError};
use mps2::station::{Keeper, Station};
use mps2::{clock, host, last_words, watchdog};
use static_cell::{ConstStaticCell, StaticCell};

static NETWORK: ConstStaticCell<network::Memory> = ConstStaticCell::new(network::Memory::new());
static LINK: ConstStaticCell<link::Memory> = ConstStaticCell::new(link::Memory::new());
static KEEPER: StaticCell<Keeper> = StaticCell::new();

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

/// The agent, with the configuration and the flash that the host has. By itself, as are the next
/// two: what lies on the stack in one is free again in the other.
#[inline(never)]
fn keeper() -> Result<&'static mut Keeper, SettingsError> {
    let paths = Paths::read()?;
    let agent = idle(paths.flash()?);
    paths.configure(agent)?;
    let before = last_words::take();
    agent.begin(Boot::new(FIRMWARE, before.reset, before.panic()), Uptime(clock::now_ms()));
    Ok(agent)
}

#[inline(never)]
fn idle(flash: Flash) -> &'static mut Keeper {
    let storage = FlashStorage::new(Blocking(flash), flash::SETTINGS, flash::READINGS)
        .expect("the ranges lie in the flash");
    KEEPER.init_with(|| Agent::idle(storage))
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
