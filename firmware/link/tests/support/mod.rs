//! A board, its network and its broker, for the tests of the link.

mod broker;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

pub use broker::{Broker, Packet};
use embedded_nal_async::{AddrType, Dns, TcpConnect};
use link::{Settings, State, Traffic};
use telemetry::topic::Kind;

/// What a test lets the board say, and what the board has heard.
#[derive(Default)]
pub struct Board {
    waiting: RefCell<VecDeque<&'static str>>,
    delivered: Cell<usize>,
    commands: RefCell<Vec<Vec<u8>>>,
    states: RefCell<Vec<State>>,
}

impl Board {
    pub fn wants_to_say(&self, text: &'static str) {
        self.waiting.borrow_mut().push_back(text);
    }

    pub fn delivered(&self) -> usize {
        self.delivered.get()
    }

    pub fn commands(&self) -> Vec<Vec<u8>> {
        self.commands.borrow().clone()
    }

    pub fn states(&self) -> Vec<State> {
        self.states.borrow().clone()
    }
}

impl Traffic for Board {
    fn next_kind(&self) -> Option<Kind> {
        (!self.waiting.borrow().is_empty()).then_some(Kind::Readings)
    }

    fn next_message(&self, buffer: &mut [u8]) -> Option<usize> {
        let text = *self.waiting.borrow().front()?;
        buffer[..text.len()].copy_from_slice(text.as_bytes());
        Some(text.len())
    }

    async fn message_waits(&self) {
        turn().await;
    }

    fn delivered(&self) {
        self.waiting.borrow_mut().pop_front();
        self.delivered.set(self.delivered.get() + 1);
    }

    fn command(&self, payload: &[u8]) {
        self.commands.borrow_mut().push(payload.to_vec());
    }

    fn entered(&self, state: State) {
        self.states.borrow_mut().push(state);
    }
}

/// Until the future is asked again.
async fn turn() {
    let mut asked = false;
    poll_fn(|_| if std::mem::replace(&mut asked, true) { Poll::Ready(()) } else { Poll::Pending })
        .await;
}

/// The machine's own network, asked again and again.
struct Loopback;

struct Stream(TcpStream);

impl TcpConnect for Loopback {
    type Error = io::Error;
    type Connection<'a> = Stream;

    async fn connect(&self, remote: SocketAddr) -> io::Result<Stream> {
        let stream = TcpStream::connect(remote)?;
        stream.set_nonblocking(true)?;
        Ok(Stream(stream))
    }
}

impl Dns for Loopback {
    type Error = io::Error;

    async fn get_host_by_name(&self, _: &str, _: AddrType) -> io::Result<IpAddr> {
        Err(io::ErrorKind::NotFound.into())
    }

    async fn get_host_by_address(&self, _: IpAddr, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// Asks until the answer is another than "not yet".
async fn ready<T>(mut ask: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    poll_fn(|_| match ask() {
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
        answer => Poll::Ready(answer),
    })
    .await
}

impl embedded_io_async::ErrorType for Stream {
    type Error = io::Error;
}

impl embedded_io_async::Read for Stream {
    async fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        ready(|| self.0.read(bytes)).await
    }
}

impl embedded_io_async::Write for Stream {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        ready(|| self.0.write(bytes)).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs the board's link until what the broker has received, or anything else, satisfies `done`;
/// for twenty seconds at most.
pub fn drive_until<R>(
    broker: &Broker,
    board: &Board,
    mut done: impl FnMut(&[Packet]) -> Option<R>,
) -> R {
    let settings = Settings {
        board: "pump-7",
        host: "127.0.0.1",
        port: broker.port,
        username: "pump-7",
        password: "secret",
    };
    let mut memory = link::Memory::new();
    let mut link = pin!(link::run(&settings, &Loopback, board, &mut memory, 7));
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let Poll::Pending = link.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if let Some(answer) = done(&broker.received()) {
            return answer;
        }
        assert!(Instant::now() < deadline, "twenty seconds; states {:?}", board.states());
        std::thread::yield_now();
    }
}
