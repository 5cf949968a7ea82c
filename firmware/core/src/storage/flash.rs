//! Readings and settings in NOR flash.

use core::ops::Range;

use embedded_storage_async::nor_flash::MultiwriteNorFlash;
use sequential_storage::Error;
use sequential_storage::cache::{Cache, Uncached};
use sequential_storage::queue::{QueueConfig, QueueStorage};

use super::block::BLOCK_BYTES;
use super::blocking::wait;
use super::{Storage, StorageError, Visit, rounded};
use crate::checksum::crc32;

/// A log of readings and the settings, each in a range of pages of its own.
///
/// The flash must bear a second write of a word that only clears bits (`MultiwriteNorFlash`):
/// that is how a reading is forgotten without erasing its page. Flash with error correction, as in
/// some STM32, does not; such a board keeps its readings in an external flash or does without.
#[derive(Debug)]
pub struct FlashStorage<F> {
    flash: F,
    settings: Range<u32>,
    readings: Range<u32>,
}

type Queue<'f, F> = QueueStorage<&'f mut F, Cache<Uncached, Uncached, Uncached, ()>>;

impl<F: MultiwriteNorFlash> FlashStorage<F> {
    /// Uses two ranges of a flash, in bytes from its begin: at least two pages each.
    ///
    /// # Errors
    /// [`StorageError::Layout`] when a range does not begin and end with a page, is smaller than
    /// two pages or larger than the flash, or the two overlap.
    pub fn new(flash: F, settings: Range<u32>, readings: Range<u32>) -> Result<Self, StorageError> {
        let apart = settings.end <= readings.start || readings.end <= settings.start;
        let storage = Self { flash, settings, readings };
        for range in [&storage.settings, &storage.readings] {
            let pages = range.end.saturating_sub(range.start) as usize / F::ERASE_SIZE;
            let inside = range.end as usize <= storage.flash.capacity();
            if !(apart && inside && pages >= 2) {
                return Err(StorageError::Layout);
            }
            if QueueConfig::<&mut F>::try_new(range.clone()).is_err() {
                return Err(StorageError::Layout);
            }
        }
        Ok(storage)
    }

    /// Gives the flash back.
    pub fn into_flash(self) -> F {
        self.flash
    }

    fn queue(&mut self, range: Range<u32>) -> Result<Queue<'_, F>, StorageError> {
        let config = QueueConfig::try_new(range).map_err(|_| StorageError::Layout)?;
        Ok(QueueStorage::new(&mut self.flash, config, Cache::new_uncached()))
    }
}

impl<S> From<Error<S>> for StorageError {
    fn from(error: Error<S>) -> Self {
        match error {
            Error::FullStorage => Self::Full,
            Error::Storage { .. } => Self::Flash,
            _ => Self::Corrupt,
        }
    }
}

impl<F: MultiwriteNorFlash> Storage for FlashStorage<F> {
    fn append(&mut self, block: &[u8]) -> Result<(), StorageError> {
        let mut queue = self.queue(self.readings.clone())?;
        Ok(wait(queue.push(block, false))?)
    }

    fn visit(&mut self, visitor: &mut dyn FnMut(&[u8]) -> Visit) -> Result<(), StorageError> {
        let mut buffer = [0; rounded(BLOCK_BYTES)];
        let mut queue = self.queue(self.readings.clone())?;
        wait(each(&mut queue, &mut buffer, visitor))
    }

    fn clear(&mut self) -> Result<(), StorageError> {
        let mut queue = self.queue(self.readings.clone())?;
        Ok(wait(queue.erase_all())?)
    }

    fn load(&mut self, buffer: &mut [u8]) -> Result<usize, StorageError> {
        let mut queue = self.queue(self.settings.clone())?;
        // Counted first, so that the newest can be read to where it is wanted: what comes behind
        // it, torn, would be read over it.
        let mut left = 0;
        wait(each(&mut queue, buffer, &mut |_| {
            left += 1;
            Visit::Keep
        }))?;
        let mut length = 0;
        wait(each(&mut queue, buffer, &mut |settings| {
            length = settings.len();
            left -= 1;
            if left > 0 { Visit::Keep } else { Visit::Stop }
        }))?;
        Ok(length)
    }

    fn save(&mut self, buffer: &mut [u8], length: usize) -> Result<(), StorageError> {
        let settings = buffer.get(..length).unwrap_or_default();
        let sum = |bytes: &[u8]| (bytes.len(), crc32(bytes.iter().copied()));
        let expected = sum(settings);
        let mut queue = self.queue(self.settings.clone())?;
        let mut newest = None;
        match wait(queue.push(settings, true)) {
            Ok(()) => {
                // If it cannot be read it is not there.
                let _ = wait(each(&mut queue, buffer, &mut |found| {
                    newest = Some(sum(found));
                    Visit::Keep
                }));
            }
            Err(Error::Storage { .. }) => return Err(StorageError::Flash),
            Err(_) => {}
        }
        if newest == Some(expected) {
            return Ok(());
        }
        wait(queue.erase_all())?;
        Err(StorageError::Corrupt)
    }
}

/// Shows the items of a queue, oldest first. One function for blocks and settings: the iterator of
/// the queue is a kilobyte of flash each time that it is used. The buffer comes from outside, since
/// a future is moved and what is in it lies on the stack twice.
async fn each<F: MultiwriteNorFlash>(
    queue: &mut Queue<'_, F>,
    buffer: &mut [u8],
    visitor: &mut dyn FnMut(&[u8]) -> Visit,
) -> Result<(), StorageError> {
    let mut items = queue.iter().await?;
    while let Some(item) = items.next(buffer).await? {
        match visitor(&item) {
            Visit::Keep => {}
            Visit::Forget => {
                item.pop().await?;
            }
            Visit::Stop => break,
        }
    }
    Ok(())
}
