//! A NOR flash in memory whose power can be cut after any byte.

use std::vec;
use std::vec::Vec;

use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};

pub const PAGE: usize = 512;
pub const WORD: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlashError {
    /// The power was cut.
    Dead,
    /// An access that a real flash refuses.
    Refused,
}

impl NorFlashError for FlashError {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::Other
    }
}

#[derive(Debug, Clone)]
pub struct MockFlash {
    pub bytes: Vec<u8>,
    /// Bytes that are still written or erased before the power goes; `None` for ever.
    pub power: Option<usize>,
    /// Bytes written and erased so far.
    pub worn: usize,
}

impl MockFlash {
    pub fn new(pages: usize) -> Self {
        Self { bytes: vec![0xFF; pages * PAGE], power: None, worn: 0 }
    }

    fn spend(&mut self) -> Result<(), FlashError> {
        if let Some(left) = &mut self.power {
            *left = left.checked_sub(1).ok_or(FlashError::Dead)?;
        }
        self.worn += 1;
        Ok(())
    }
}

impl ErrorType for MockFlash {
    type Error = FlashError;
}

impl ReadNorFlash for MockFlash {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        if self.power == Some(0) {
            return Err(FlashError::Dead);
        }
        let from = offset as usize;
        let source = self.bytes.get(from..from + bytes.len()).ok_or(FlashError::Refused)?;
        bytes.copy_from_slice(source);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl NorFlash for MockFlash {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), FlashError> {
        if ![from, to].iter().all(|at| (*at as usize).is_multiple_of(PAGE)) {
            return Err(FlashError::Refused);
        }
        for at in from as usize..to as usize {
            self.spend()?;
            self.bytes[at] = 0xFF;
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashError> {
        if ![offset as usize, bytes.len()].iter().all(|at| at.is_multiple_of(WORD)) {
            return Err(FlashError::Refused);
        }
        for (i, byte) in bytes.iter().enumerate() {
            self.spend()?;
            self.bytes[offset as usize + i] &= byte;
        }
        Ok(())
    }
}

impl MultiwriteNorFlash for MockFlash {}
