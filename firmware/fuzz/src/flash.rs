use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};

/// Bytes of a page.
pub const PAGE: usize = 1024;
const WORD: usize = 4;

/// A flash in memory.
#[derive(Debug, Clone)]
pub struct RamFlash(pub Vec<u8>);

/// An access that a real flash refuses.
#[derive(Debug, Clone, Copy)]
pub struct Refused;

impl NorFlashError for Refused {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::NotAligned
    }
}

impl ErrorType for RamFlash {
    type Error = Refused;
}

impl ReadNorFlash for RamFlash {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Refused> {
        let from = offset as usize;
        bytes.copy_from_slice(self.0.get(from..from + bytes.len()).ok_or(Refused)?);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.0.len()
    }
}

impl NorFlash for RamFlash {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Refused> {
        self.0.get_mut(from as usize..to as usize).ok_or(Refused)?.fill(0xFF);
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Refused> {
        let from = offset as usize;
        if !from.is_multiple_of(WORD) || !bytes.len().is_multiple_of(WORD) {
            return Err(Refused);
        }
        let place = self.0.get_mut(from..from + bytes.len()).ok_or(Refused)?;
        place.iter_mut().zip(bytes).for_each(|(to, from)| *to &= from);
        Ok(())
    }
}

impl MultiwriteNorFlash for RamFlash {}
