//! A sensor board in the emulator.
#![no_std]
#![no_main]
use core::cell::RefCell;
use core::fmt::Write;
use cortex_m_rt::entry;
use embedded_storage::nor_flash::{NorFlash, ReadNorFlash};
use mps2::{clock, host, i2c, inputs, last_words};

#[entry]
fn main() -> ! {
    clock::start();
    let _ = last_words::take();
    let bus = RefCell::new(i2c::Shield::start());
    let mut inputs = inputs::Inputs::new(&bus);
    let mut f = mps2::flash::Flash::open("/tmp/t/flash").unwrap();
    let mut b = [0; 8];
    f.read(0, &mut b).unwrap();
    let _ = writeln!(host::Console, "{b:x?}");
    f.write(0, &[0xf0, 1, 2, 3, b[4] & 0xfe, 5, 6, 7]).unwrap();
    for _ in 0..3 {
        for n in ["tmp105", "adm1272-current", "adm1272-voltage", "max34451-0"] {
            let from = clock::cycles();
            let v = inputs.named(n).unwrap().read();
            let t = from.wrapping_sub(clock::cycles());
            let _ = writeln!(host::Console, "{} {n} {v:?} {t}", clock::now_ms());
        }
        let from = clock::now_ms();
        while clock::now_ms() < from + 1000 {
            clock::sleep();
        }
    }
    host::exit(7)
}
