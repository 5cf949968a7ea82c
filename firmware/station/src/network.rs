//! TCP and names of `embassy-net` as one network, as [`link::run`] takes it.

use core::net::{IpAddr, SocketAddr};

use embassy_net::Stack;
use embassy_net::dns::{DnsSocket, Error as DnsError};
use embassy_net::tcp::Error as TcpError;
use embassy_net::tcp::client::{TcpClient, TcpClientState, TcpConnection};
use embassy_time::Duration;
use embedded_nal_async::{AddrType, Dns, TcpConnect};

/// Buffers of the one connection, bytes: a message waits in the MQTT client until it fits.
const RECEIVE_BYTES: usize = 1024;
const SEND_BYTES: usize = 1024;
/// A connection over which nothing comes for so long is given up. Longer than MQTT's keep-alive,
/// which notices first.
const SILENCE: Duration = Duration::from_secs(30);

/// Memory of the connection; one for the whole run.
pub type Memory = TcpClientState<1, SEND_BYTES, RECEIVE_BYTES>;

/// The network of a board.
pub struct Network<'d> {
    stack: Stack<'d>,
    tcp: TcpClient<'d, 1, SEND_BYTES, RECEIVE_BYTES>,
    dns: DnsSocket<'d>,
}

impl<'d> Network<'d> {
    /// Over a stack that runs in a task of its own and takes its address by DHCP.
    pub fn new(stack: Stack<'d>, memory: &'d Memory) -> Self {
        let mut tcp = TcpClient::new(stack, memory);
        tcp.set_timeout(Some(SILENCE));
        Self { stack, tcp, dns: DnsSocket::new(stack) }
    }
}

impl<'d> TcpConnect for Network<'d> {
    type Error = TcpError;
    type Connection<'a>
        = TcpConnection<'a, 1, SEND_BYTES, RECEIVE_BYTES>
    where
        Self: 'a;

    async fn connect<'a>(&'a self, to: SocketAddr) -> Result<Self::Connection<'a>, TcpError> {
        // Without an address yet there is no way to anybody; the link waits for so long as it
        // waits for an answer.
        self.stack.wait_config_up().await;
        self.tcp.connect(to).await
    }
}

impl Dns for Network<'_> {
    type Error = DnsError;

    async fn get_host_by_name(&self, host: &str, of: AddrType) -> Result<IpAddr, DnsError> {
        self.stack.wait_config_up().await;
        self.dns.get_host_by_name(host, of).await
    }

    async fn get_host_by_address(&self, of: IpAddr, name: &mut [u8]) -> Result<usize, DnsError> {
        self.dns.get_host_by_address(of, name).await
    }
}
