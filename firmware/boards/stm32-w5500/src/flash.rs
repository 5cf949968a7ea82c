//! What lies in the flash's seven sectors of 128 KiB (RM0090, table 5).

use core::ops::Range;

use embassy_stm32::flash::{Bank1Region3, Blocking, Error};
use embedded_storage::nor_flash::{ErrorType, MultiwriteNorFlash, NorFlash, ReadNorFlash};

const SECTOR: u32 = 128 * 1024;
/// Where the agent keeps its settings, bytes from the begin of the first large sector, which is the
/// program's.
pub const SETTINGS: Range<u32> = SECTOR..3 * SECTOR;
/// Where it keeps readings: some 30 000.
pub const READINGS: Range<u32> = SETTINGS.end..CONFIG;
/// Where the configuration is loaded to: the last sector, 0x080e0000.
pub const CONFIG: u32 = 6 * SECTOR;

/// The large sectors. A sector takes up to two seconds to erase, in which the program stands still
/// (DS8626, "Flash memory programming"); that is once in some 10 000 readings.
pub struct Sectors(pub Bank1Region3<'static, Blocking>);

impl ErrorType for Sectors {
    type Error = Error;
}

impl ReadNorFlash for Sectors {
    const READ_SIZE: usize = Bank1Region3::<'static, Blocking>::READ_SIZE;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Error> {
        ReadNorFlash::read(&mut self.0, offset, bytes)
    }

    fn capacity(&self) -> usize {
        ReadNorFlash::capacity(&self.0)
    }
}

impl NorFlash for Sectors {
    const WRITE_SIZE: usize = Bank1Region3::<'static, Blocking>::WRITE_SIZE;
    const ERASE_SIZE: usize = Bank1Region3::<'static, Blocking>::ERASE_SIZE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Error> {
        NorFlash::erase(&mut self.0, from, to)
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Error> {
        NorFlash::write(&mut self.0, offset, bytes)
    }
}

/// It has no error correction, so a bit that is one may be cleared later (RM0090, section 3.6.4).
impl MultiwriteNorFlash for Sectors {}
