//! Flash in a file. It behaves as flash does: erased to ones by the page, and a write only turns ones
//! into zeros. What is written is on the disk when the write returns.

use core::ops::Range;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
    check_erase, check_read, check_write,
};

/// What is erased at a time, bytes.
const PAGE: u32 = 4096;
/// Size, bytes: some 80 000 readings.
const SIZE: u32 = 1024 * 1024;
/// Where the agent keeps its settings, bytes from the begin.
pub const SETTINGS: Range<u32> = 0..4 * PAGE;
/// Where it keeps readings.
pub const READINGS: Range<u32> = SETTINGS.end..SIZE;

/// The flash.
#[derive(Debug)]
pub struct Flash(File);

/// Why the flash did not do it.
#[derive(Debug)]
pub enum FlashError {
    /// The caller asked for what no flash can: out of bounds, or not aligned.
    Asked(NorFlashErrorKind),
    /// The file; the log says why.
    File,
}

impl From<NorFlashErrorKind> for FlashError {
    fn from(kind: NorFlashErrorKind) -> Self {
        Self::Asked(kind)
    }
}

impl From<io::Error> for FlashError {
    fn from(error: io::Error) -> Self {
        tracing::warn!(%error, "the flash file");
        Self::File
    }
}

impl NorFlashError for FlashError {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::Asked(kind) => *kind,
            Self::File => NorFlashErrorKind::Other,
        }
    }
}

impl Flash {
    /// Opens the file, or makes one that is erased. It belongs to this process until it ends.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut options = File::options();
        let file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        file.try_lock().map_err(|_| {
            io::Error::new(io::ErrorKind::ResourceBusy, "another board has it in use")
        })?;
        let flash = Self(file);
        let there = flash.0.metadata()?.len();
        let there = u32::try_from(there).unwrap_or(SIZE).min(SIZE);
        flash.fill(there, SIZE)?;
        Ok(flash)
    }

    fn fill(&self, from: u32, to: u32) -> io::Result<()> {
        let erased = vec![0xff; to.saturating_sub(from) as usize];
        self.0.write_all_at(&erased, u64::from(from))?;
        self.0.sync_data()
    }
}

impl ErrorType for Flash {
    type Error = FlashError;
}

impl ReadNorFlash for Flash {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        check_read(self, offset, bytes.len())?;
        Ok(self.0.read_exact_at(bytes, u64::from(offset))?)
    }

    fn capacity(&self) -> usize {
        SIZE as usize
    }
}

impl NorFlash for Flash {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = PAGE as usize;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), FlashError> {
        check_erase(self, from, to)?;
        Ok(self.fill(from, to)?)
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashError> {
        check_write(self, offset, bytes.len())?;
        let mut there = vec![0; bytes.len()];
        self.read(offset, &mut there)?;
        for (there, byte) in there.iter_mut().zip(bytes) {
            *there &= byte;
        }
        self.0.write_all_at(&there, u64::from(offset))?;
        Ok(self.0.sync_data()?)
    }
}

impl MultiwriteNorFlash for Flash {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_outlives_the_process_and_a_write_only_clears_bits() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("flash");
        let mut flash = Flash::open(&path).unwrap();
        flash.write(4, &[0xf0; 4]).unwrap();
        flash.write(4, &[0x3c; 4]).unwrap();
        assert!(flash.write(5, &[0; 4]).is_err(), "not aligned");
        drop(flash);
        let mut flash = Flash::open(&path).unwrap();
        let mut bytes = [0; 12];
        flash.read(0, &mut bytes).unwrap();
        assert_eq!(bytes[..4], [0xff; 4]);
        assert_eq!(bytes[4..8], [0x30; 4]);
        flash.erase(0, PAGE).unwrap();
        flash.read(0, &mut bytes).unwrap();
        assert_eq!(bytes, [0xff; 12]);
    }

    #[test]
    fn two_boards_do_not_share_a_flash_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("flash");
        let _first = Flash::open(&path).unwrap();
        assert!(Flash::open(&path).is_err());
    }
}
