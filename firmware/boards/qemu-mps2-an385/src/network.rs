//! IPv4 by DHCP and one TCP connection, as `embedded-nal-async` has them. Nothing wakes a waiting
//! future: the main loop calls [`Network::poll`] and asks all of them again.

use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::net::{IpAddr, SocketAddr};
use core::task::Poll;

use embedded_nal_async::{AddrType, Dns, TcpConnect};
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet, SocketStorage};
use smoltcp::socket::{dhcpv4, tcp};
use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{IpAddress, IpCidr};
use static_cell::StaticCell;

use crate::ethernet::Ethernet;

/// TCP's buffers, bytes: the largest packet that comes, and most of what goes; the rest waits in the
/// MQTT client.
const RECEIVE_BYTES: usize = link::limits::RECEIVE_BYTES;
const SEND_BYTES: usize = 512;
/// A connection that is not answered for so long is given up.
const TCP_TIMEOUT: Duration = Duration::from_secs(20);
/// First of the ports for outgoing connections (RFC 6335, section 6), and how many there are.
const FIRST_PORT: u16 = 49_152;
const PORTS: u32 = 16_384;

/// What the stack keeps; one for the whole run.
#[derive(Debug)]
pub struct Memory {
    ethernet: Ethernet,
    receive: [u8; RECEIVE_BYTES],
    send: [u8; SEND_BYTES],
}

/// Apart from [`Memory`], which is all zeros and so takes no flash.
static SOCKETS: StaticCell<[SocketStorage<'static>; 2]> = StaticCell::new();

impl Memory {
    /// Empty.
    #[must_use]
    pub const fn new() -> Self {
        Self { ethernet: Ethernet::new(), receive: [0; RECEIVE_BYTES], send: [0; SEND_BYTES] }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

struct Stack {
    ethernet: &'static mut Ethernet,
    interface: Interface,
    sockets: SocketSet<'static>,
    dhcp: SocketHandle,
    tcp: SocketHandle,
}

/// The board's network.
pub struct Network {
    stack: RefCell<Stack>,
    random: Cell<u32>,
    addressed: Cell<bool>,
}

/// Why there is no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkError {
    /// The other side refused, did not answer, or is gone.
    Closed,
    /// Names are not resolved on this board: the broker is configured by its address.
    NoNames,
}

impl core::fmt::Display for NetworkError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Closed => "the connection is closed",
            Self::NoNames => "names are not resolved here",
        })
    }
}

impl core::error::Error for NetworkError {}

impl embedded_io_async::Error for NetworkError {
    fn kind(&self) -> embedded_io_async::ErrorKind {
        embedded_io_async::ErrorKind::ConnectionReset
    }
}

fn now() -> Instant {
    Instant::from_millis(crate::clock::now_ms() as i64)
}

impl Network {
    /// Starts the controller and asks for an address. The seed differs from boot to boot, so that
    /// a connection which the other side still holds from before is not met again.
    #[must_use]
    // Apart: what it puts on the stack would lie there for the whole run.
    #[inline(never)]
    pub fn start(memory: &'static mut Memory, seed: u32) -> Self {
        let Memory { ethernet, receive, send } = memory;
        let mut config = Config::new(ethernet.start().into());
        config.random_seed = u64::from(seed);
        let interface = Interface::new(config, ethernet, now());
        let mut sockets = SocketSet::new(&mut SOCKETS.init([SocketStorage::EMPTY; 2])[..]);
        let dhcp = sockets.add(dhcpv4::Socket::new());
        let mut socket = tcp::Socket::new(
            tcp::SocketBuffer::new(&mut receive[..]),
            tcp::SocketBuffer::new(&mut send[..]),
        );
        socket.set_timeout(Some(TCP_TIMEOUT));
        socket.set_nagle_enabled(false);
        let tcp = sockets.add(socket);
        let stack = Stack { ethernet, interface, sockets, dhcp, tcp };
        // Never zero, which the generator below would not leave.
        Self {
            stack: RefCell::new(stack),
            random: Cell::new(seed | 1),
            addressed: Cell::new(false),
        }
    }

    /// Takes in what has arrived and sends what waits.
    pub fn poll(&self) {
        let mut stack = self.stack.borrow_mut();
        let Stack { ethernet, interface, sockets, dhcp, .. } = &mut *stack;
        interface.poll(now(), *ethernet, sockets);
        match sockets.get_mut::<dhcpv4::Socket<'_>>(*dhcp).poll() {
            None => {}
            Some(dhcpv4::Event::Configured(lease)) => {
                let address = IpCidr::Ipv4(lease.address);
                interface.update_ip_addrs(|all| {
                    all.clear();
                    // There is room for one, it has just been made.
                    let _ = all.push(address);
                });
                let routes = interface.routes_mut();
                routes.remove_default_ipv4_route();
                if let Some(router) = lease.router {
                    let _ = routes.add_default_ipv4_route(router);
                }
                self.addressed.set(true);
            }
            Some(dhcpv4::Event::Deconfigured) => {
                interface.update_ip_addrs(|all| all.clear());
                interface.routes_mut().remove_default_ipv4_route();
                self.addressed.set(false);
            }
        }
    }

    /// Whether the board has an address.
    #[must_use]
    pub fn is_addressed(&self) -> bool {
        self.addressed.get()
    }

    fn with_tcp<R>(&self, f: impl FnOnce(&mut tcp::Socket<'static>, &mut Interface) -> R) -> R {
        let mut stack = self.stack.borrow_mut();
        let Stack { interface, sockets, tcp, .. } = &mut *stack;
        f(sockets.get_mut(*tcp), interface)
    }

    /// A port that the connection before did not have (xorshift, Marsaglia 2003).
    fn port(&self) -> u16 {
        let mut x = self.random.get();
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        self.random.set(x);
        FIRST_PORT + (x % PORTS) as u16
    }
}

impl TcpConnect for Network {
    type Error = NetworkError;
    type Connection<'a> = Connection<'a>;

    async fn connect(&self, remote: SocketAddr) -> Result<Connection<'_>, NetworkError> {
        poll_fn(|_| if self.is_addressed() { Poll::Ready(()) } else { Poll::Pending }).await;
        // The stack is built for IPv4 alone.
        let IpAddr::V4(address) = remote.ip() else { return Err(NetworkError::Closed) };
        let remote = (IpAddress::Ipv4(address), remote.port());
        let port = self.port();
        self.with_tcp(|socket, interface| {
            socket.abort();
            socket.connect(interface.context(), remote, port).map_err(|_| NetworkError::Closed)
        })?;
        let connection = Connection(self);
        poll_fn(|_| {
            self.with_tcp(|socket, _| match socket.state() {
                tcp::State::SynSent | tcp::State::SynReceived => Poll::Pending,
                tcp::State::Established => Poll::Ready(Ok(())),
                _ => Poll::Ready(Err(NetworkError::Closed)),
            })
        })
        .await?;
        Ok(connection)
    }
}

impl Dns for Network {
    type Error = NetworkError;

    async fn get_host_by_name(&self, _: &str, _: AddrType) -> Result<IpAddr, NetworkError> {
        Err(NetworkError::NoNames)
    }

    async fn get_host_by_address(&self, _: IpAddr, _: &mut [u8]) -> Result<usize, NetworkError> {
        Err(NetworkError::NoNames)
    }
}

/// The open connection; closed when dropped.
pub struct Connection<'a>(&'a Network);

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        self.0.with_tcp(|socket, _| socket.abort());
    }
}

impl embedded_io_async::ErrorType for Connection<'_> {
    type Error = NetworkError;
}

impl embedded_io_async::Read for Connection<'_> {
    async fn read(&mut self, bytes: &mut [u8]) -> Result<usize, NetworkError> {
        poll_fn(|_| {
            self.0.with_tcp(|socket, _| {
                if socket.can_recv() {
                    Poll::Ready(socket.recv_slice(bytes).map_err(|_| NetworkError::Closed))
                } else if socket.may_recv() {
                    Poll::Pending
                } else {
                    Poll::Ready(Ok(0))
                }
            })
        })
        .await
    }
}

impl embedded_io_async::Write for Connection<'_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, NetworkError> {
        poll_fn(|_| {
            self.0.with_tcp(|socket, _| {
                if socket.can_send() {
                    Poll::Ready(socket.send_slice(bytes).map_err(|_| NetworkError::Closed))
                } else if socket.may_send() {
                    Poll::Pending
                } else {
                    Poll::Ready(Err(NetworkError::Closed))
                }
            })
        })
        .await
    }

    /// What was written is sent by the next [`Network::poll`], without being asked.
    async fn flush(&mut self) -> Result<(), NetworkError> {
        Ok(())
    }
}
