//! A sensor board of a RP2040 and a W5500. See README.md beside this folder.
#![no_std]
#![no_main]

mod flash;
mod inputs;
mod waveform;

use core::cell::RefCell;
use core::mem::MaybeUninit;

use board::agent::Agent;
use board::boot::{Boot, Reset};
use board::config::ConfigError;
use board::limits::MAX_CONFIG_BYTES;
use board::storage::{Blocking, FlashStorage};
use defmt_rtt as _;
use ds18b20::Wire;
use embassy_executor::Spawner;
use embassy_futures::select::select3;
use embassy_rp::adc::{Adc, Channel};
use embassy_rp::clocks::RoscRng;
use embassy_rp::flash::Flash;
use embassy_rp::gpio::{Input, Level, Output, OutputOpenDrain, Pull};
use embassy_rp::i2c::{self, I2c};
use embassy_rp::peripherals::{DMA_CH0, DMA_CH1};
use embassy_rp::spi::{self, Spi};
use embassy_rp::watchdog::{ResetReason, Watchdog};
use embassy_rp::{bind_interrupts, dma};
use embassy_sync::blocking_mutex::Mutex;
use embassy_time::{Delay, Duration, Timer};
use embedded_hal_bus::spi::ExclusiveDevice;
use link::State;
use panic_persist as _;
use portable_atomic as _;
use static_cell::{ConstStaticCell, StaticCell};
use station::{Hardware, Station, ethernet};

use crate::flash::BoardFlash;
use crate::inputs::{Inputs, Pins, SharedWires4, Wire1, Wires2};

const FIRMWARE: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// Readings that wait in memory; what is more waits in flash.
const RING: usize = 512;

/// A board whose loop stands still for so long begins anew; the longest that the watchdog can wait
/// is 8.3 s.
const HANGS: Duration = Duration::from_secs(8);

type Keeper = Agent<FlashStorage<Blocking<BoardFlash>>, RING>;

static KEEPER: ConstStaticCell<MaybeUninit<Keeper>> = ConstStaticCell::new(MaybeUninit::uninit());
static LINK: ConstStaticCell<link::Memory> = ConstStaticCell::new(link::Memory::new());
static ETHERNET: ConstStaticCell<ethernet::Memory> = ConstStaticCell::new(ethernet::Memory::new());
static I2C: StaticCell<RefCell<Wires2>> = StaticCell::new();
static SPI: StaticCell<SharedWires4> = StaticCell::new();
static ONE_WIRE: StaticCell<RefCell<Wire1>> = StaticCell::new();

bind_interrupts!(struct Interrupts {
    DMA_IRQ_0 => dma::InterruptHandler<DMA_CH0>, dma::InterruptHandler<DMA_CH1>;
});

/// The lamp and the watchdog.
struct Hands {
    lamp: RefCell<Output<'static>>,
    watchdog: RefCell<Watchdog>,
}

impl Hardware for Hands {
    fn lamp(&self, on: bool) {
        self.lamp.borrow_mut().set_level(if on { Level::High } else { Level::Low });
    }

    fn alive(&self) {
        self.watchdog.borrow_mut().feed(HANGS);
    }

    fn link(&self, state: State) {
        if let Some(words) = station::words(state) {
            defmt::info!("{}", words);
        }
    }
}

/// Why the board began, and the last words of the run before.
fn boot(watchdog: &Watchdog) -> Boot {
    let panic = panic_persist::get_panic_message_utf8();
    let reset = match (panic, watchdog.reset_reason()) {
        (Some(_), _) => Reset::Panic,
        (None, Some(ResetReason::TimedOut)) => Reset::Watchdog,
        // Nothing but the command to reboot does it.
        (None, Some(ResetReason::Forced)) => Reset::Command,
        (None, None) => Reset::Power,
    };
    Boot::new(FIRMWARE, reset, panic)
}

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let p = embassy_rp::init(Default::default());
    let mut watchdog = Watchdog::new(p.WATCHDOG);
    let boot = boot(&watchdog);
    let mut lamp = Output::new(p.PIN_25, Level::Low);
    let mut flash: BoardFlash = Flash::new_blocking(p.FLASH);
    let address = flash::ethernet_address(&mut flash);
    let keeper = match keeper(flash, boot) {
        Ok(keeper) => keeper,
        Err(error) => {
            defmt::error!("no configuration: {}", defmt::Display2Format(&error));
            blink(&mut lamp).await
        }
    };

    let mut fast = spi::Config::default();
    fast.frequency = 20_000_000;
    let bus =
        Spi::new(p.SPI0, p.PIN_18, p.PIN_19, p.PIN_16, p.DMA_CH0, p.DMA_CH1, Interrupts, fast);
    let chip = match ExclusiveDevice::new(bus, Output::new(p.PIN_17, Level::High), Delay) {
        Ok(chip) => chip,
        Err(never) => match never {},
    };
    let interrupt = Input::new(p.PIN_21, Pull::Up);
    let reset = Output::new(p.PIN_20, Level::High);
    let pins = Pins {
        i2c: I2C.init(RefCell::new(I2c::new_blocking(
            p.I2C0,
            p.PIN_5,
            p.PIN_4,
            i2c::Config::default(),
        ))),
        spi: SPI.init(Mutex::new(RefCell::new(Spi::new_blocking(
            p.SPI1,
            p.PIN_10,
            p.PIN_11,
            p.PIN_12,
            spi::Config::default(),
        )))),
        select: [Output::new(p.PIN_13, Level::High), Output::new(p.PIN_14, Level::High)],
        wire: ONE_WIRE
            .init(RefCell::new(Wire::new(OutputOpenDrain::new(p.PIN_22, Level::High), Delay))),
        adc: (Adc::new_blocking(p.ADC, Default::default()), Channel::new_pin(p.PIN_26, Pull::None)),
    };
    let mut inputs = Inputs::new(pins);

    let mut random = RoscRng;
    let seed = random.next_u64();
    let memory = ETHERNET.take();
    let started = ethernet::start(memory, chip, interrupt, reset, address, seed).await;
    let Ok((network, driven)) = started else {
        defmt::error!("the W5500 does not answer");
        blink(&mut lamp).await
    };
    watchdog.start(HANGS);
    let hands = Hands { lamp: RefCell::new(lamp), watchdog: RefCell::new(watchdog) };
    let station = Station::new(keeper, hands);
    let settings = station.settings();
    let linking = link::run(&settings, &network, &station, LINK.take(), seed as u32);
    select3(linking, driven, station.measure(&mut inputs)).await;
    // A command said so, and its answer has arrived.
    station.hardware().watchdog.borrow_mut().trigger_reset();
}

/// Begins the agent's run with the configuration and the readings that the flash has. By itself: what
/// lies on the stack meanwhile is free again afterwards.
#[inline(never)]
fn keeper(mut flash: BoardFlash, boot: Boot) -> Result<&'static mut Keeper, ConfigError> {
    let mut bytes = [0; MAX_CONFIG_BYTES];
    flash.blocking_read(flash::CONFIG, &mut bytes).map_err(|_| ConfigError::Incomplete)?;
    let storage = FlashStorage::new(Blocking(flash), flash::SETTINGS, flash::READINGS);
    let storage = storage.expect("the ranges lie in the flash");
    Agent::place(KEEPER.take(), &bytes, storage, boot, station::now())
}

/// What the board cannot start without is missing: the lamp says so, the log says what.
async fn blink(lamp: &mut Output<'static>) -> ! {
    loop {
        lamp.toggle();
        Timer::after_millis(100).await;
    }
}
