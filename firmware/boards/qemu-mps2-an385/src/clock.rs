//! Time since boot, and sleep.
//!
//! A CMSDK dual timer (Arm DDI 0479, section 4.3) at 25 MHz: the first half runs free and is the
//! clock, the second interrupts every [`TICK_MS`] so that nothing waits longer than that. Counted
//! interrupts would be no clock: the emulator drops some when its host is busy.

use core::cell::Cell;
use core::task::Waker;

use cortex_m::peripheral::NVIC;
use critical_section::Mutex;
use embassy_time_driver::Driver;

use crate::interrupts::Line;
use crate::registers::Device;

/// How often the processor wakes at least, milliseconds.
pub const TICK_MS: u32 = 10;

/// Cycles of the timer in a millisecond.
const CYCLES_PER_MS: u32 = 25_000;

const TIMER: Device<0x4000_2000> = Device::new();
/// Registers of the dual timer, by offset.
const CLOCK_LOAD: usize = 0x00;
const CLOCK_VALUE: usize = 0x04;
const CLOCK_CONTROL: usize = 0x08;
const TICK_LOAD: usize = 0x20;
const TICK_CONTROL: usize = 0x28;
const TICK_CLEAR: usize = 0x2c;
/// Control: enabled, 32 bits.
const RUN: u32 = 0x82;
/// Control: periodic, with interrupt.
const PERIODIC: u32 = 0x60;

/// Carries the 32-bit counter over its overflow every 171 s.
struct Clock {
    /// Counter at the last whole millisecond that was counted.
    counted_to: Mutex<Cell<u32>>,
    now_ms: Mutex<Cell<u64>>,
}

embassy_time_driver::time_driver_impl!(static CLOCK: Clock = Clock {
    counted_to: Mutex::new(Cell::new(u32::MAX)),
    now_ms: Mutex::new(Cell::new(0)),
});

impl Driver for Clock {
    fn now(&self) -> u64 {
        critical_section::with(|cs| {
            let from = self.counted_to.borrow(cs);
            // It counts down.
            let passed_ms = from.get().wrapping_sub(TIMER.read::<CLOCK_VALUE>()) / CYCLES_PER_MS;
            from.set(from.get().wrapping_sub(passed_ms * CYCLES_PER_MS));
            let now = self.now_ms.borrow(cs);
            now.set(now.get() + u64::from(passed_ms));
            now.get()
        })
    }

    /// Nothing to do: whoever waits is asked again at every tick.
    fn schedule_wake(&self, _at: u64, _waker: &Waker) {}
}

/// Starts the clock at zero, and the tick.
pub fn start() {
    TIMER.write::<CLOCK_LOAD>(u32::MAX);
    TIMER.write::<CLOCK_CONTROL>(RUN);
    TIMER.write::<TICK_LOAD>(CYCLES_PER_MS * TICK_MS - 1);
    TIMER.write::<TICK_CONTROL>(RUN | PERIODIC);
    crate::interrupts::enable(Line::Timer);
}

/// Milliseconds since [`start`]; does not overflow.
#[must_use]
pub fn now_ms() -> u64 {
    embassy_time_driver::now()
}

/// The free-running counter, 25 cycles a microsecond, counting down: for measuring and for seeds.
#[must_use]
pub fn cycles() -> u32 {
    TIMER.read::<CLOCK_VALUE>()
}

/// Waits in low power for a moment (milliseconds since boot), a tick or a network frame, whichever
/// comes first.
pub fn sleep(until_ms: u64) {
    let wait_ms = until_ms.saturating_sub(now_ms()).clamp(1, u64::from(TICK_MS)) as u32;
    TIMER.write::<TICK_LOAD>(CYCLES_PER_MS * wait_ms - 1);
    // Masked, a pending interrupt still ends the wait, and none slips in before it.
    cortex_m::interrupt::disable();
    crate::interrupts::enable(Line::Ethernet);
    cortex_m::asm::wfi();
    crate::interrupts::release();
}

/// The tick has come.
pub(crate) fn ticked() {
    TIMER.write::<TICK_CLEAR>(1);
    // Also carries the counter over when nobody asks for the time.
    let _ = now_ms();
    NVIC::unpend(Line::Timer);
}
