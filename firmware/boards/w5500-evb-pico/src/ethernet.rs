//! Ethernet through the W5500 on SPI0, and IPv4 by DHCP.

use embassy_executor::{SpawnError, Spawner};
use embassy_net::{Config, Runner as NetRunner, Stack, StackResources};
use embassy_net_wiznet::chip::W5500;
use embassy_net_wiznet::{Device, Runner, State};
use embassy_rp::gpio::{Input, Output};
use embassy_rp::peripherals::SPI0;
use embassy_rp::spi::{Async, Spi};
use embassy_time::Delay;
use embedded_hal_bus::spi::ExclusiveDevice;
use static_cell::{ConstStaticCell, StaticCell};
use station::network::{Memory, Network};

type Bus = ExclusiveDevice<Spi<'static, SPI0, Async>, Output<'static>, Delay>;
type Chip = Runner<'static, W5500, Bus, Input<'static>, Output<'static>>;

/// One connection, and a socket each for DHCP and names.
const SOCKETS: usize = 3;

static STATE: ConstStaticCell<State<4, 4>> = ConstStaticCell::new(State::new());
static RESOURCES: StaticCell<StackResources<SOCKETS>> = StaticCell::new();
static MEMORY: StaticCell<Memory> = StaticCell::new();

/// The chip's wires.
pub struct Wires {
    /// SPI0.
    pub spi: Spi<'static, SPI0, Async>,
    /// Chip select.
    pub select: Output<'static>,
    /// Interrupt.
    pub interrupt: Input<'static>,
    /// Reset.
    pub reset: Output<'static>,
}

/// Why there is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, defmt::Format)]
pub enum EthernetError {
    /// The chip does not answer as a W5500 does.
    Chip,
    /// A task could not be started, since it runs already.
    Task,
}

impl From<SpawnError> for EthernetError {
    fn from(_: SpawnError) -> Self {
        Self::Task
    }
}

#[embassy_executor::task]
async fn chip(runner: Chip) -> ! {
    runner.run().await
}

#[embassy_executor::task]
async fn stack(mut runner: NetRunner<'static, Device<'static>>) -> ! {
    runner.run().await
}

/// Starts the chip and the stack.
///
/// # Errors
/// When the chip is not there.
pub async fn start(
    spawner: Spawner,
    wires: Wires,
    address: [u8; 6],
    seed: u64,
) -> Result<Network<'static>, EthernetError> {
    let Wires { spi, select, interrupt, reset } = wires;
    let bus = match ExclusiveDevice::new(spi, select, Delay) {
        Ok(bus) => bus,
        Err(never) => match never {},
    };
    let state = STATE.take();
    let opened = embassy_net_wiznet::new(address, state, bus, interrupt, reset).await;
    let (device, runner) = opened.map_err(|_| EthernetError::Chip)?;
    spawner.spawn(chip(runner)?);
    let resources = RESOURCES.init(StackResources::new());
    let config = Config::dhcpv4(Default::default());
    let (net, runner): (Stack<'static>, _) = embassy_net::new(device, config, resources, seed);
    spawner.spawn(stack(runner)?);
    Ok(Network::new(net, MEMORY.init(Memory::new())))
}
