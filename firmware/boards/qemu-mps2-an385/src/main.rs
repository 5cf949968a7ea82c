//! A sensor board in the emulator.
#![no_std]
#![no_main]

use core::cell::Cell;
use core::future::poll_fn;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use cortex_m_rt::entry;
use link::{Settings, State, Traffic};
use mps2::network::{self, Network};
use mps2::{clock, host, last_words};
use static_cell::ConstStaticCell;
use telemetry::topic::Kind;

static NETWORK: ConstStaticCell<network::Memory> = ConstStaticCell::new(network::Memory::new());
static LINK: ConstStaticCell<link::Memory> = ConstStaticCell::new(link::Memory::new());

struct T(Cell<u64>);
impl Traffic for T {
    fn next_message(&self, buffer: &mut [u8]) -> Option<(Kind, usize)> {
        if clock::now_ms() < self.0.get() {
            return None;
        }
        buffer[..5].copy_from_slice(b"hello");
        Some((Kind::Readings, 5))
    }
    async fn message_waits(&self) {
        poll_fn(|_| if clock::now_ms() < self.0.get() { Poll::Pending } else { Poll::Ready(()) })
            .await
    }
    fn delivered(&self) {
        self.0.set(clock::now_ms() + 1000);
        host::print(c"delivered\n");
    }
    fn command(&self, payload: &[u8]) {
        host::print_bytes(payload);
        host::print(c"\n");
    }
    fn entered(&self, state: State) {
        host::print(match state {
            State::Resolving => c"resolving\n",
            State::Connecting(_) => c"connecting\n",
            State::Up => c"up\n",
            State::Down(d) => match d {
                link::Down::Lost => c"lost\n",
                link::Down::Silent => c"silent\n",
                link::Down::Unreachable => c"unreachable\n",
                link::Down::DoesNotFit => c"fit\n",
                link::Down::Refused => c"refused\n",
                _ => c"other\n",
            },
        });
    }
}

#[entry]
fn main() -> ! {
    clock::start();
    let before = last_words::take();
    host::print(c"board: started\n");
    host::print_bytes(before.text().as_bytes());
    let seed = host::seconds() ^ clock::cycles().rotate_left(16);
    let network = Network::start(NETWORK.take(), seed);
    let settings =
        Settings { board: "b1", host: "10.0.2.2", port: 18830, username: "", password: "" };
    let traffic = T(Cell::new(0));
    let mut link = pin!(link::run(&settings, &network, &traffic, LINK.take(), seed));
    loop {
        network.poll();
        let _ = link.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        network.poll();
        clock::sleep();
    }
}
