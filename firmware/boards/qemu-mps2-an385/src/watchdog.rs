//! The watchdog (CMSDK APB watchdog, Arm DDI 0479, section 4.5): a board that hangs starts again.

use crate::registers::Device;

const WATCHDOG: Device<0x4000_8000> = Device::new();
/// Registers, by offset.
const LOAD: usize = 0x00;
const CONTROL: usize = 0x08;
const LOCK: usize = 0xc00;
/// Written to [`LOCK`], it opens the other registers.
const KEY: u32 = 0x1acc_e551;
/// Count down with an interrupt at zero, and reset at the second zero.
const INTERRUPT_AND_RESET: u32 = 0b11;
/// Cycles of its clock until the first zero; the second takes as long again.
const SECONDS: u32 = 25_000_000 * 8;

/// Starts it: from here on [`feed`] has to be called, or the board is restarted after eight seconds.
pub fn start() {
    WATCHDOG.write::<LOCK>(KEY);
    WATCHDOG.write::<LOAD>(SECONDS);
    WATCHDOG.write::<CONTROL>(INTERRUPT_AND_RESET);
    WATCHDOG.write::<LOCK>(0);
}

/// The main loop has come round.
pub fn feed() {
    WATCHDOG.write::<LOCK>(KEY);
    WATCHDOG.write::<LOAD>(SECONDS);
    WATCHDOG.write::<LOCK>(0);
}
