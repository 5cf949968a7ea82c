//! Readings on their way from memory to flash, and back from the run before.
//!
//! Older readings lie in the log, newer ones in the ring, and sequence numbers run through both.
//! What is acknowledged soon never touches the flash.

use super::Agent;
use crate::boot::LastWords;
use crate::clock::Uptime;
use crate::limits::FLASH_PAUSE_MS;
use crate::outbox::is_before;
use crate::ring::Reading;
use crate::settings::{KnownClock, SETTINGS_BYTES};
use crate::storage::block::{self, BLOCK_BYTES, Block, Head};
use crate::storage::{Storage, StorageError, Visit};

/// What is known of the log without reading it.
#[derive(Debug)]
pub(super) struct Log {
    /// Readings in it that are not acknowledged.
    pub waiting: u32,
    /// Sequence number up to which readings are acknowledged, not including it: a block of which
    /// some are stays until all are.
    pub acknowledged: u32,
    /// Checksum of the channels' names.
    pub names: u32,
    /// A block was written before the time was known.
    undated: bool,
    /// The flash failed; it is left alone until then.
    paused_until: Uptime,
    /// Lost readings that are in the saved settings.
    saved_lost: u32,
}

impl Log {
    pub fn new() -> Self {
        Self {
            waiting: 0,
            acknowledged: 0,
            names: 0,
            undated: false,
            paused_until: Uptime(0),
            saved_lost: 0,
        }
    }

    /// So many are really there. Gives back how many are missing.
    pub fn settle(&mut self, found: usize) -> u32 {
        let found = u32::try_from(found).unwrap_or(u32::MAX);
        let missing = self.waiting.saturating_sub(found);
        self.waiting -= missing;
        missing
    }
}

/// A lost count that grew by this much is saved, though nothing else is.
const LOSS_WORTH_SAVING: u32 = 64;

impl<S: Storage, const RING: usize> Agent<S, RING> {
    /// Takes up what the run before kept, and keeps its last words until they are reported.
    pub(super) fn resume(&mut self, panic: Option<LastWords>) {
        self.log.names = self.config.names();
        let first_run = !self.load();
        self.settings.boot = self.settings.boot.wrapping_add(1);
        self.outbox.lost = self.settings.lost;
        if panic.is_some() {
            self.settings.panic = panic;
        }
        if first_run || self.take_stock().is_err() {
            // Whatever lies there, nobody has written it as readings, or nobody can read it.
            let _ = self.storage.clear();
            self.log.waiting = 0;
        }
        self.save();
    }

    /// Reads the settings. Says whether there were any.
    #[inline(never)]
    fn load(&mut self) -> bool {
        let mut buffer = [0; SETTINGS_BYTES];
        let length = self.storage.load(&mut buffer).unwrap_or(0);
        let saved = buffer.get(..length).unwrap_or_default();
        self.settings.read(saved, &mut self.config);
        length > 0
    }

    /// Looks through the log: what can still be sent is counted; what cannot is lost, because its
    /// time can never be known, its channels have changed, or another firmware wrote it.
    fn take_stock(&mut self) -> Result<(), StorageError> {
        let Self { storage, settings, log, outbox, ring, .. } = self;
        let mut end = 0;
        let mut first = None;
        storage.visit(&mut |bytes| {
            let block = Block::read(bytes);
            let usable = block.filter(|block| {
                let head = &block.head;
                let dated = head.offset_ms.or_else(|| settings.clock_of(head.boot)).is_some();
                dated && head.names == log.names
            });
            end = block.map_or(end, |b| b.end());
            let Some(block) = usable else {
                outbox.lost = outbox.lost.saturating_add(block::count(bytes));
                return Visit::Forget;
            };
            first.get_or_insert(block.head.first);
            log.waiting = log.waiting.saturating_add(block::count(bytes));
            Visit::Keep
        })?;
        ring.begin_at(end);
        log.acknowledged = first.unwrap_or(end);
        Ok(())
    }

    pub(super) fn keep_in_ring(&mut self, reading: Reading) {
        if let Some(sequence) = self.ring.push(reading) {
            self.outbox.lose(sequence);
        }
    }

    /// When the oldest reading in memory has to be in flash.
    pub(super) fn keep_at(&self) -> Option<Uptime> {
        let oldest = self.ring.iter().next().filter(|_| S::KEEPS)?;
        let at = oldest.at + u64::from(self.config.keep_within_ms);
        Some(at.max(self.log.paused_until))
    }

    /// Writes what has been in memory for too long, or is too much for it.
    pub(super) fn keep(&mut self, now: Uptime) {
        let crowded = S::KEEPS && self.ring.len() * 2 > RING && now >= self.log.paused_until;
        if crowded || self.keep_at().is_some_and(|at| at <= now) {
            self.keep_all(now);
        }
        if self.outbox.lost > self.log.saved_lost.saturating_add(LOSS_WORTH_SAVING) {
            self.save();
        }
    }

    /// Writes all readings that are in memory.
    pub(super) fn keep_all(&mut self, now: Uptime) {
        while !self.ring.is_empty() {
            let head = Head {
                boot: self.settings.boot,
                first: self.ring.first(),
                names: self.log.names,
                offset_ms: self.clock.offset_ms(),
            };
            let mut buffer = [0; BLOCK_BYTES];
            let (bytes, count) = block::write(head, self.ring.iter(), &mut buffer);
            if self.append(bytes).is_err() {
                self.log.paused_until = now + FLASH_PAUSE_MS;
                return;
            }
            self.log.undated |= head.offset_ms.is_none();
            self.log.waiting += u32::try_from(count).unwrap_or(u32::MAX);
            self.ring.forget(count);
        }
    }

    /// Appends a block; the oldest ones make room for it.
    fn append(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        loop {
            match self.storage.append(bytes) {
                Err(StorageError::Full) => {
                    // A page is free again when all its blocks are forgotten.
                    if !self.lose_oldest_block()? {
                        return Err(StorageError::Full);
                    }
                }
                Err(StorageError::Corrupt) => {
                    self.outbox.lost = self.outbox.lost.saturating_add(self.log.waiting);
                    self.log.waiting = 0;
                    self.storage.clear()?;
                    return self.storage.append(bytes);
                }
                done => return done,
            }
        }
    }

    /// Forgets the oldest block and counts what of it was not acknowledged. Says whether there was
    /// one.
    fn lose_oldest_block(&mut self) -> Result<bool, StorageError> {
        let Self { storage, log, outbox, .. } = self;
        let mut found = false;
        storage.visit(&mut |bytes| {
            if found {
                return Visit::Stop;
            }
            found = true;
            for sequence in Block::read(bytes).iter().flat_map(Block::sequences) {
                if !is_before(sequence, log.acknowledged) {
                    log.waiting = log.waiting.saturating_sub(1);
                    outbox.lose(sequence);
                }
            }
            Visit::Forget
        })?;
        Ok(found)
    }

    /// Forgets readings up to a sequence number, not including it: they have arrived.
    pub(super) fn forget_readings(&mut self, end: u32) {
        let Self { storage, log, ring, .. } = self;
        if log.waiting > 0 {
            // If the flash fails now, they are sent again after the next reset: no harm.
            let _ = storage.visit(&mut |bytes| {
                let Some(block) = Block::read(bytes) else { return Visit::Forget };
                let arrived = |s: &u32| is_before(*s, end) && !is_before(*s, log.acknowledged);
                let count = block.sequences().filter(arrived).count();
                log.waiting = log.waiting.saturating_sub(u32::try_from(count).unwrap_or(0));
                let whole = !is_before(end, block.end());
                if whole { Visit::Forget } else { Visit::Stop }
            });
        }
        log.acknowledged = end;
        while !ring.is_empty() && is_before(ring.first(), end) {
            ring.forget(1);
        }
    }

    /// Saves the settings, with what commands changed.
    #[inline(never)]
    pub(super) fn save(&mut self) {
        if !S::KEEPS {
            return;
        }
        self.settings.lost = self.outbox.lost;
        let mut buffer = [0; SETTINGS_BYTES];
        // Pages that held something else are empty the second time.
        for _ in 0..2 {
            let Some(length) = self.settings.write(&self.config, &mut buffer) else { return };
            match self.storage.save(&mut buffer, length) {
                Ok(()) => self.log.saved_lost = self.settings.lost,
                Err(StorageError::Corrupt) => continue,
                Err(_) => {}
            }
            return;
        }
    }

    /// Somebody told the time: the blocks that were written without it can be dated, also by the
    /// next run.
    pub(super) fn time_is_known(&mut self) {
        let Some(offset_ms) = self.clock.offset_ms().filter(|_| self.log.undated) else { return };
        self.log.undated = false;
        self.settings.remember_clock(KnownClock { boot: self.settings.boot, offset_ms });
        self.save();
    }
}
