//! A sensor board in the emulator.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use mps2::{clock, host, last_words};

#[entry]
fn main() -> ! {
    clock::start();
    let before = last_words::take();
    host::print(c"board: started\n");
    host::print_bytes(before.text().as_bytes());
    if before.ending == last_words::Ending::PowerOn {
        let from = clock::now_ms();
        while clock::now_ms() < from + 1000 {
            clock::sleep();
        }
        panic!("as asked");
    }
    host::exit(7)
}
