//! Access to device registers: the only volatile reads and writes of this crate.
#![allow(unsafe_code)]

/// The registers of one device, 4 KiB from `BASE`.
#[derive(Debug, Clone, Copy)]
pub struct Device<const BASE: usize>(());

/// Bytes that one device decodes (AN385, memory map).
const SIZE: usize = 0x1000;

impl<const BASE: usize> Device<BASE> {
    /// The device there. Private to this crate: its modules name real devices only.
    pub(crate) const fn new() -> Self {
        const { assert!(BASE >= 0x4000_0000 && BASE < 0x6000_0000, "not a peripheral's address") };
        Self(())
    }

    /// Reads a register by its offset in bytes.
    #[inline(always)]
    pub(crate) fn read<const OFFSET: usize>(self) -> u32 {
        const { assert!(OFFSET < SIZE && OFFSET.is_multiple_of(4), "not a register") };
        // SAFETY: an aligned word inside the peripheral region, where no Rust object lies.
        unsafe { ((BASE + OFFSET) as *const u32).read_volatile() }
    }

    /// Writes a register by its offset in bytes.
    #[inline(always)]
    pub(crate) fn write<const OFFSET: usize>(self, value: u32) {
        const { assert!(OFFSET < SIZE && OFFSET.is_multiple_of(4), "not a register") };
        // SAFETY: as in `read`; no device of this crate can write to memory by itself.
        unsafe { ((BASE + OFFSET) as *mut u32).write_volatile(value) }
    }
}
