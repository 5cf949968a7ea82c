//! Ethernet through a W5500 on SPI, and IPv4 by DHCP.

use core::future::Future;

use embassy_futures::join::join;
use embassy_net::{Config, StackResources};
use embassy_net_wiznet::State;
use embassy_net_wiznet::chip::W5500;
use embedded_hal::digital::OutputPin;
use embedded_hal_async::digital::Wait;
use embedded_hal_async::spi::SpiDevice;

use crate::network::{self, Network};

/// One connection, and a socket each for DHCP and names.
const SOCKETS: usize = 3;
/// Frames that wait each way, 1514 bytes each.
const FRAMES: usize = 4;

/// Memory of chip, stack and connection; one for the whole run.
pub struct Memory {
    frames: State<FRAMES, FRAMES>,
    sockets: StackResources<SOCKETS>,
    connection: network::Memory,
}

impl Memory {
    /// Empty.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            frames: State::new(),
            sockets: StackResources::new(),
            connection: network::Memory::new(),
        }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

/// Nothing that answers as a W5500 does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoChip;

/// Starts the chip; `interrupt` and `reset` are its pins. The network works for as long as the future
/// beside it is polled, next to those that use it. The seed has to differ from run to run, or a
/// broker takes a new connection for an old one.
///
/// # Errors
/// When the chip is not there.
pub async fn start<'d, SPI, INT, RST>(
    memory: &'d mut Memory,
    spi: SPI,
    interrupt: INT,
    reset: RST,
    address: [u8; 6],
    seed: u64,
) -> Result<(Network<'d>, impl Future<Output = ()> + use<'d, SPI, INT, RST>), NoChip>
where
    SPI: SpiDevice + 'd,
    INT: Wait + 'd,
    RST: OutputPin + 'd,
{
    let Memory { frames, sockets, connection } = memory;
    let chip =
        embassy_net_wiznet::new::<_, _, W5500, _, _, _>(address, frames, spi, interrupt, reset);
    let (device, chip) = chip.await.map_err(|_| NoChip)?;
    let config = Config::dhcpv4(Default::default());
    let (stack, mut runner) = embassy_net::new(device, config, sockets, seed);
    let driven = async move {
        join(chip.run(), runner.run()).await;
    };
    Ok((Network::new(stack, connection), driven))
}
