//! A sensor board of a STM32F407 and a W5500. See README.md beside this folder.
#![no_std]
#![no_main]

mod flash;
mod inputs;
mod start;

use core::cell::RefCell;
use core::mem::MaybeUninit;

use board::agent::Agent;
use board::boot::Boot;
use board::config::ConfigError;
use board::limits::MAX_CONFIG_BYTES;
use board::storage::{Blocking, FlashStorage};
use defmt_rtt as _;
use ds18b20::Wire;
use embassy_executor::Spawner;
use embassy_futures::select::select3;
use embassy_stm32::exti::{self, ExtiInput};
use embassy_stm32::flash::Flash;
use embassy_stm32::gpio::{Level, Output, OutputOpenDrain, Pull, Speed};
use embassy_stm32::i2c::{self, I2c};
use embassy_stm32::peripherals::{DMA1_CH3, DMA1_CH4, IWDG, RNG};
use embassy_stm32::rng::{self, Rng};
use embassy_stm32::spi::{self, Spi};
use embassy_stm32::time::Hertz;
use embassy_stm32::wdg::IndependentWatchdog;
use embassy_stm32::{bind_interrupts, dma, interrupt};
use embassy_time::{Delay, Timer};
use embedded_hal_bus::spi::ExclusiveDevice;
use embedded_storage::nor_flash::ReadNorFlash as _;
use link::State;
use panic_persist as _;
use static_cell::{ConstStaticCell, StaticCell};
use station::{Hardware, Station, ethernet};

use crate::flash::Sectors;
use crate::inputs::{Inputs, Wire1, Wires2};

const FIRMWARE: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// Readings that wait in memory; what is more waits in flash.
const RING: usize = 512;

/// A board whose loop stands still for so long begins anew, µs; longer than all sectors of readings
/// take to erase.
const HANGS_US: u32 = 20_000_000;

type Keeper = Agent<FlashStorage<Blocking<Sectors>>, RING>;

static KEEPER: ConstStaticCell<MaybeUninit<Keeper>> = ConstStaticCell::new(MaybeUninit::uninit());
static LINK: ConstStaticCell<link::Memory> = ConstStaticCell::new(link::Memory::new());
static ETHERNET: ConstStaticCell<ethernet::Memory> = ConstStaticCell::new(ethernet::Memory::new());
static I2C: StaticCell<RefCell<Wires2>> = StaticCell::new();
static ONE_WIRE: StaticCell<RefCell<Wire1>> = StaticCell::new();

bind_interrupts!(struct Interrupts {
    DMA1_STREAM3 => dma::InterruptHandler<DMA1_CH3>;
    DMA1_STREAM4 => dma::InterruptHandler<DMA1_CH4>;
    EXTI9_5 => exti::InterruptHandler<interrupt::typelevel::EXTI9_5>;
    RNG => rng::InterruptHandler<RNG>;
});

/// The lamp and the watchdog.
struct Hands {
    lamp: RefCell<Output<'static>>,
    watchdog: RefCell<IndependentWatchdog<'static, IWDG>>,
}

impl Hardware for Hands {
    fn lamp(&self, on: bool) {
        self.lamp.borrow_mut().set_level(if on { Level::High } else { Level::Low });
    }

    fn alive(&self) {
        self.watchdog.borrow_mut().pet();
    }

    fn link(&self, state: State) {
        if let Some(words) = station::words(state) {
            defmt::info!("{}", words);
        }
    }
}

#[embassy_executor::main]
async fn main(_spawner: Spawner) {
    let p = embassy_stm32::init(start::clocks());
    let boot = start::boot(FIRMWARE);
    let mut lamp = Output::new(p.PD12, Level::Low, Speed::Low);
    let sectors = Sectors(Flash::new_blocking(p.FLASH).into_blocking_regions().bank1_region3);
    let keeper = match keeper(sectors, boot) {
        Ok(keeper) => keeper,
        Err(error) => {
            defmt::error!("no configuration: {}", defmt::Display2Format(&error));
            blink(&mut lamp).await
        }
    };

    let mut fast = spi::Config::default();
    fast.frequency = Hertz(10_000_000);
    let bus = Spi::new(p.SPI2, p.PB13, p.PB15, p.PB14, p.DMA1_CH4, p.DMA1_CH3, Interrupts, fast);
    let chip = device(bus, Output::new(p.PB12, Level::High, Speed::VeryHigh));
    let interrupt = ExtiInput::new(p.PC6, p.EXTI6, Pull::Up, Interrupts);
    let reset = Output::new(p.PC8, Level::High, Speed::Low);

    let mut slow = spi::Config::default();
    slow.frequency = Hertz(1_000_000);
    slow.mode = spi::MODE_1;
    let thermometer = Spi::new_blocking(p.SPI3, p.PB3, p.PB5, p.PB4, slow);
    let thermometer = device(thermometer, Output::new(p.PD0, Level::High, Speed::Medium));
    let two_wires = I2c::new_blocking(p.I2C3, p.PA8, p.PC9, i2c::Config::default());
    let one_wire = OutputOpenDrain::new(p.PD2, Level::High, Speed::Medium);
    let mut inputs = Inputs::new(
        I2C.init(RefCell::new(two_wires)),
        thermometer,
        ONE_WIRE.init(RefCell::new(Wire::new(one_wire, Delay))),
    );

    let mut random = Rng::new(p.RNG, Interrupts);
    let seed = u64::from(random.next_u32()) << 32 | u64::from(random.next_u32());
    let memory = ETHERNET.take();
    let address = start::ethernet_address();
    let started = ethernet::start(memory, chip, interrupt, reset, address, seed).await;
    let Ok((network, driven)) = started else {
        defmt::error!("the W5500 does not answer");
        blink(&mut lamp).await
    };
    let mut watchdog = IndependentWatchdog::new(p.IWDG, HANGS_US);
    watchdog.unleash();
    let hands = Hands { lamp: RefCell::new(lamp), watchdog: RefCell::new(watchdog) };
    let station = Station::new(keeper, hands);
    let settings = station.settings();
    let linking = link::run(&settings, &network, &station, LINK.take(), seed as u32);
    select3(linking, driven, station.measure(&mut inputs)).await;
    // A command said so, and its answer has arrived.
    cortex_m::peripheral::SCB::sys_reset();
}

/// A device that has its bus for itself.
fn device<BUS>(bus: BUS, select: Output<'static>) -> ExclusiveDevice<BUS, Output<'static>, Delay> {
    match ExclusiveDevice::new(bus, select, Delay) {
        Ok(device) => device,
        Err(never) => match never {},
    }
}

/// Begins the agent's run with the configuration and the readings that the flash has. By itself: what
/// lies on the stack meanwhile is free again afterwards.
#[inline(never)]
fn keeper(mut sectors: Sectors, boot: Boot) -> Result<&'static mut Keeper, ConfigError> {
    let mut bytes = [0; MAX_CONFIG_BYTES];
    sectors.read(flash::CONFIG, &mut bytes).map_err(|_| ConfigError::Incomplete)?;
    let storage = FlashStorage::new(Blocking(sectors), flash::SETTINGS, flash::READINGS);
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
