//! The two interrupts that end a sleep.
#![allow(unsafe_code)]

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;

/// Interrupt lines of the AN385 image that this board uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Line {
    /// The dual timer's tick.
    Timer = 10,
    /// A frame has arrived.
    Ethernet = 13,
}

// SAFETY: the numbers are those of AN385, table 4-2, and fixed.
unsafe impl InterruptNumber for Line {
    fn number(self) -> u16 {
        self as u16
    }
}

/// Lets a line interrupt.
pub(crate) fn enable(line: Line) {
    // SAFETY: no critical section of this board is built on a masked line.
    unsafe { NVIC::unmask(line) };
}

/// Ends [`cortex_m::interrupt::disable`].
pub(crate) fn release() {
    // SAFETY: called by `clock::sleep` only, which is not called from a critical section.
    unsafe { cortex_m::interrupt::enable() };
}

/// An entry of the vector table.
#[derive(Clone, Copy)]
pub union Vector {
    handler: unsafe extern "C" fn(),
    none: usize,
}

/// Where the processor finds the handlers. It ends with the last line that is used, which saves
/// most of a KiB; cortex-m-rt places it behind the exceptions (its feature `device`).
#[unsafe(link_section = ".vector_table.interrupts")]
#[unsafe(no_mangle)]
pub static __INTERRUPTS: [Vector; LINES] = {
    let mut table = [Vector { none: 0 }; LINES];
    table[Line::Timer as usize] = Vector { handler: timer };
    table[Line::Ethernet as usize] = Vector { handler: ethernet };
    table
};
const LINES: usize = Line::Ethernet as usize + 1;

extern "C" fn timer() {
    crate::clock::ticked();
}

/// The line stays up until the frame is read: the main loop reads, then unmasks.
extern "C" fn ethernet() {
    NVIC::mask(Line::Ethernet);
}
