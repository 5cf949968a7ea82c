//! The user lamp (FPGA I/O, AN385, section 4.5), which shows which board this is.

use crate::registers::Device;

const IO: Device<0x4002_8000> = Device::new();
/// Two lamps, a bit each.
const LAMPS: usize = 0x00;

/// Turns the lamp on or off.
pub fn set(on: bool) {
    IO.write::<LAMPS>(u32::from(on));
}
