//! Flash in a file of the host, so that it outlives reset and power. It behaves as flash does:
//! erased to ones by the page, and a write only turns ones into zeros.

use core::ops::Range;

use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
    check_erase, check_read, check_write,
};

use crate::host::{CREATE, File, HostError, UPDATE};

/// Size, bytes.
pub const SIZE: u32 = 256 * 1024;
/// Where the agent keeps its settings, bytes from the begin.
pub const SETTINGS: Range<u32> = 0..2 * PAGE;
/// Where it keeps readings.
pub const READINGS: Range<u32> = SETTINGS.end..SIZE;
/// What is erased at a time, bytes.
pub const PAGE: u32 = 4096;
/// Bytes that go through memory at a time.
const PIECE: usize = 64;

/// The flash.
#[derive(Debug)]
pub struct Flash(File);

/// Why the flash did not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlashError {
    /// The caller asked for what no flash can: out of bounds, or not aligned.
    Asked(NorFlashErrorKind),
    /// The host's file.
    Host,
}

impl From<NorFlashErrorKind> for FlashError {
    fn from(kind: NorFlashErrorKind) -> Self {
        Self::Asked(kind)
    }
}

impl From<HostError> for FlashError {
    fn from(_: HostError) -> Self {
        Self::Host
    }
}

impl NorFlashError for FlashError {
    fn kind(&self) -> NorFlashErrorKind {
        match self {
            Self::Asked(kind) => *kind,
            Self::Host => NorFlashErrorKind::Other,
        }
    }
}

impl Flash {
    /// Opens the file, or makes one that is erased.
    ///
    /// # Errors
    /// When the host does not let the board.
    pub fn open(path: &str) -> Result<Self, FlashError> {
        if let Ok(file) = File::open(path, UPDATE) {
            let flash = Self(file);
            let there = flash.0.len()?;
            flash.fill(there, SIZE)?;
            return Ok(flash);
        }
        let flash = Self(File::open(path, CREATE)?);
        flash.fill(0, SIZE)?;
        Ok(flash)
    }

    fn fill(&self, from: u32, to: u32) -> Result<(), FlashError> {
        if from >= to {
            return Ok(());
        }
        self.0.seek(from)?;
        let mut left = (to - from) as usize;
        while left > 0 {
            let piece = left.min(PIECE);
            self.0.write(&[0xff; PIECE][..piece])?;
            left -= piece;
        }
        Ok(())
    }
}

impl ErrorType for Flash {
    type Error = FlashError;
}

impl ReadNorFlash for Flash {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        check_read(self, offset, bytes.len())?;
        self.0.seek(offset)?;
        if self.0.read(bytes)? == bytes.len() { Ok(()) } else { Err(FlashError::Host) }
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
        self.fill(from, to)
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashError> {
        check_write(self, offset, bytes.len())?;
        let mut at = offset;
        for piece in bytes.chunks(PIECE) {
            let mut there = [0; PIECE];
            let there = &mut there[..piece.len()];
            self.read(at, there)?;
            for (there, byte) in there.iter_mut().zip(piece) {
                *there &= byte;
            }
            self.0.seek(at)?;
            self.0.write(there)?;
            at += piece.len() as u32;
        }
        Ok(())
    }
}

impl MultiwriteNorFlash for Flash {}
