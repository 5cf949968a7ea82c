//! What a board keeps over a reset.
//!
//! Two things lie in flash: a log of blocks of readings that nobody has acknowledged, and the
//! settings, whole, each time they change. Why they are two queues of `sequential-storage`, and
//! not a map, is told in `docs/decisions/0016-what-a-board-keeps.md`.

pub(crate) mod block;
mod blocking;
mod flash;

pub use blocking::Blocking;
pub use flash::FlashStorage;

/// Room for an item, rounded up to the largest word of a flash.
pub(crate) const fn rounded(bytes: usize) -> usize {
    bytes.next_multiple_of(32)
}

/// Keeps bytes over a reset. Nothing in here may panic, whatever the flash holds.
pub trait Storage {
    /// Whether anything is kept at all.
    const KEEPS: bool = true;

    /// Adds a block of readings behind those that are there.
    ///
    /// # Errors
    /// [`StorageError::Full`] when the oldest have to go first; the caller counts them and tries
    /// again.
    fn append(&mut self, block: &[u8]) -> Result<(), StorageError>;

    /// Shows the blocks, oldest first, and does with each what `visitor` says.
    ///
    /// # Errors
    /// When the flash does not answer or is corrupt.
    fn visit(&mut self, visitor: &mut dyn FnMut(&[u8]) -> Visit) -> Result<(), StorageError>;

    /// Forgets all blocks: what to do when the log is corrupt, or lies in a flash that held
    /// something else before.
    ///
    /// # Errors
    /// When the flash does not answer.
    fn clear(&mut self) -> Result<(), StorageError>;

    /// Reads the settings that were last saved whole into `buffer`, and says how many bytes they
    /// are: 0 when there are none. The buffer's length is a multiple of 32, as flash is read.
    ///
    /// # Errors
    /// When the flash does not answer.
    fn load(&mut self, buffer: &mut [u8]) -> Result<usize, StorageError>;

    /// Saves the settings that are the first `length` bytes of `buffer`. The ones before stay until
    /// these are whole. The buffer is used to read them back; it is as large as for
    /// [`Storage::load`], and what is in it afterwards is not said.
    ///
    /// # Errors
    /// When the flash does not answer. [`StorageError::Corrupt`] when the pages held something
    /// between which the settings cannot be found again: they are empty now, and the settings are
    /// to be saved once more.
    fn save(&mut self, buffer: &mut [u8], length: usize) -> Result<(), StorageError>;
}

/// What to do with a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// Keep it and show the next one.
    Keep,
    /// Forget it and show the next one.
    Forget,
    /// Keep it and show no more.
    Stop,
}

/// Why something could not be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// No room; the oldest blocks have to go first.
    #[error("the flash is full")]
    Full,
    /// What lies there makes no sense, even after repair.
    #[error("the flash is corrupt")]
    Corrupt,
    /// The flash answers with an error.
    #[error("the flash does not work")]
    Flash,
    /// The ranges that were given do not lie on pages, or are too small.
    #[error("the ranges in flash do not fit its pages")]
    Layout,
    /// This board keeps nothing.
    #[error("the board has no flash for this")]
    None,
}

/// For a board without flash: what is not acknowledged before a reset is gone.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoStorage;

impl Storage for NoStorage {
    const KEEPS: bool = false;

    fn append(&mut self, _: &[u8]) -> Result<(), StorageError> {
        Err(StorageError::None)
    }

    fn visit(&mut self, _: &mut dyn FnMut(&[u8]) -> Visit) -> Result<(), StorageError> {
        Ok(())
    }

    fn clear(&mut self) -> Result<(), StorageError> {
        Ok(())
    }

    fn load(&mut self, _: &mut [u8]) -> Result<usize, StorageError> {
        Ok(0)
    }

    fn save(&mut self, _: &mut [u8], _: usize) -> Result<(), StorageError> {
        Err(StorageError::None)
    }
}

#[cfg(test)]
pub(crate) mod mock;
#[cfg(test)]
mod tests;
