//! The two interrupts that end a sleep.
#![allow(unsafe_code)]

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;
use cortex_m_rt::exception;

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

#[exception]
unsafe fn DefaultHandler(number: i16) {
    match number {
        10 => crate::clock::ticked(),
        // The line stays up until the frame is read: the main loop reads, then unmasks.
        13 => NVIC::mask(Line::Ethernet),
        _ => panic!("an interrupt that nobody enabled"),
    }
}
