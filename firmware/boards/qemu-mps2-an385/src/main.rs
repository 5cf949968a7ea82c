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
use link::Settings;
use mps2::i2c::Shield;
use mps2::inputs::Inputs;
use mps2::network::{self, Network};
use mps2::station::Station;
use mps2::{clock, flash, host, last_words, settings, watchdog};
use static_cell::{ConstStaticCell, StaticCell};

static NETWORK: ConstStaticCell<network::Memory> = ConstStaticCell::new(network::Memory::new());
static LINK: ConstStaticCell<link::Memory> = ConstStaticCell::new(link::Memory::new());
static STATION: StaticCell<Station> = StaticCell::new();

const FIRMWARE: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

#[entry]
fn main() -> ! {
    clock::start();
    watchdog::start();
    let before = last_words::take();
    host::print(c"board: started\n");
    let (config, flash) = settings::read().unwrap_or_else(|error| {
        settings::explain(error);
        host::exit(2)
    });
    let (name, broker) = (config.board.clone(), config.broker.clone());
    let storage = FlashStorage::new(Blocking(flash), flash::SETTINGS, flash::READINGS)
        .expect("the ranges lie in the flash");
    let boot = Boot::new(FIRMWARE, before.reset, before.panic());
    let agent = Agent::new(config, storage, boot, Uptime(clock::now_ms()));
    let station = STATION.init(Station::new(agent));

    let bus = RefCell::new(Shield::start());
    let mut inputs = Inputs::new(&bus);
    let seed = host::seconds() ^ clock::cycles().rotate_left(16);
    let network = Network::start(NETWORK.take(), seed);
    let settings = Settings {
        board: &name,
        host: &broker.host,
        port: broker.port,
        username: &broker.username,
        password: &broker.password,
    };
    let mut link = pin!(link::run(&settings, &network, station, LINK.take(), seed));
    loop {
        station.measure(&mut inputs);
        network.poll();
        let _ = link.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        network.poll();
        watchdog::feed();
        clock::sleep();
    }
}
