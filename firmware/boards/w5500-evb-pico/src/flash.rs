//! What lies in the second MiB of the board's flash.

use core::ops::Range;

use embassy_rp::flash::{Blocking, ERASE_SIZE, Flash};
use embassy_rp::peripherals::FLASH;

/// Size of the flash, bytes.
pub const SIZE: usize = 2 * 1024 * 1024;
/// Where the agent keeps its settings, bytes from the begin of the flash.
pub const SETTINGS: Range<u32> = 0x10_0000..0x10_4000;
/// Where it keeps readings: a MiB, some 80 000 of them.
pub const READINGS: Range<u32> = SETTINGS.end..CONFIG;
/// Where the configuration is loaded to: the last page.
pub const CONFIG: u32 = (SIZE - ERASE_SIZE) as u32;

/// The flash of this board.
pub type BoardFlash = Flash<'static, FLASH, Blocking, SIZE>;

/// An address for Ethernet that no other board has: locally administered (IEEE 802, section 8.4),
/// with the number that the flash's maker gave it.
pub fn ethernet_address(flash: &mut BoardFlash) -> [u8; 6] {
    let mut id = [0; 8];
    // Without a number it is the same on all boards; the flash that cannot say it cannot boot.
    let _ = flash.blocking_unique_id(&mut id);
    let [_, _, _, a, b, c, d, e] = id;
    [0x02, a, b, c, d, e]
}
