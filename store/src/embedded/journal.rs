//! The journal: one row and one sync a batch, until its readings are in chunks.
//!
//! A row of readings has per series its number and count, the times as differences of differences
//! (mostly one byte each), then the values, 8 bytes each. Integers are LEB128, signed ones in
//! zigzag. A row of a deletion has the series and the range. Rows count in their order.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use telemetry::pack::Sample;

use super::fault::{Fault, Outcome};
use super::folder;
use super::heads::Heads;
use crate::{Range, SeriesId, StoreError};

const SCHEMA: &str = "
CREATE TABLE entries (
  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, entry BLOB NOT NULL, crc INTEGER NOT NULL
);
CREATE TABLE trials (id INTEGER PRIMARY KEY, trial BLOB NOT NULL);";

const READINGS: i64 = 0;
const DELETION: i64 = 1;

/// `journal.db`.
pub(super) struct Journal {
    db: Connection,
    path: PathBuf,
    row: Vec<u8>,
}

impl Journal {
    /// Opens or creates it, and reads the heads from it.
    pub fn open(path: &Path) -> Result<(Self, Heads), StoreError> {
        let opened = || {
            let db = folder::connect(path, SCHEMA, true)?;
            let heads = replay(&db)?;
            Ok((db, heads))
        };
        let (db, heads) = opened().map_err(|fault: Fault| fault.of(path))?;
        Ok((Self { db, path: path.to_owned(), row: Vec::new() }, heads))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns when the batch is on disk.
    pub fn append(&mut self, batch: &[(SeriesId, Vec<Sample>)]) -> Result<(), StoreError> {
        self.row.clear();
        for (id, samples) in batch {
            encode(&mut self.row, *id, samples);
        }
        insert(&self.db, READINGS, &self.row).map_err(|fault| fault.of(&self.path))
    }

    /// Returns when it is on disk that the readings above it are deleted.
    pub fn append_deletion(&mut self, id: SeriesId, range: Range) -> Result<(), StoreError> {
        let words = [id.0, range.from_us, range.to_us];
        let entry: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        insert(&self.db, DELETION, &entry).map_err(|fault| fault.of(&self.path))
    }

    /// Puts the rest of the heads in the place of all rows.
    pub fn replace<'a>(
        &mut self,
        rest: impl Iterator<Item = (SeriesId, &'a [Sample])>,
    ) -> Result<(), StoreError> {
        self.row.clear();
        for (id, samples) in rest {
            encode(&mut self.row, id, samples);
        }
        let replaced = || {
            let tx = self.db.unchecked_transaction()?;
            tx.execute("DELETE FROM entries", [])?;
            if !self.row.is_empty() {
                insert(&tx, READINGS, &self.row)?;
            }
            Ok(tx.commit()?)
        };
        let replaced = replaced().map_err(|fault: Fault| fault.of(&self.path));
        self.row.shrink_to(1 << 20);
        replaced
    }

    /// Gives the space of rows that are gone back to the system.
    pub fn shrink(&self) -> Result<(), StoreError> {
        let shrunk = || {
            self.db.execute_batch("VACUUM")?;
            // Answers a row.
            Ok(self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
        };
        shrunk().map_err(|fault: Fault| fault.of(&self.path))
    }

    /// Writes as much as a large batch, takes it back, and leaves nothing.
    pub fn check(&self) -> Result<(), StoreError> {
        let tried = || {
            self.db.execute("INSERT INTO trials (trial) VALUES (zeroblob(65536))", [])?;
            Ok(self.db.execute("DELETE FROM trials", []).map(drop)?)
        };
        tried().map_err(|fault: Fault| fault.of(&self.path))
    }

    /// A copy of its rows as of now.
    pub fn copy(&self, into: &Path) -> Result<(), StoreError> {
        folder::copy(&self.db, into).map_err(|fault| folder::blamed(fault, &self.path, into))
    }
}

fn insert(db: &Connection, kind: i64, entry: &[u8]) -> Outcome<()> {
    db.prepare_cached("INSERT INTO entries (kind, entry, crc) VALUES (?1, ?2, ?3)")?
        .execute(params![kind, entry, crc32fast::hash(entry)])?;
    Ok(())
}

fn replay(db: &Connection) -> Outcome<Heads> {
    let mut heads = Heads::default();
    let mut rows = db.prepare("SELECT id, kind, entry, crc FROM entries ORDER BY id")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let entry = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let whole = row.get::<_, u32>(3)? == crc32fast::hash(entry);
        let read = match row.get(1)? {
            READINGS if whole => decode(entry, &mut heads),
            DELETION if whole => deletion(entry).map(|(id, range)| heads.delete(id, range)),
            _ => None,
        };
        read.ok_or_else(|| Fault::Damaged(format!("entry {id} does not read back")))?;
    }
    Ok(heads)
}

fn encode(row: &mut Vec<u8>, id: SeriesId, samples: &[Sample]) {
    row.reserve(samples.len() * 10 + 20);
    put(row, zigzag(id.0));
    put(row, samples.len() as u64);
    let (mut time, mut step) = (0_i64, 0_i64);
    for s in samples {
        let next = s.measured_at_us.wrapping_sub(time);
        put(row, zigzag(next.wrapping_sub(step)));
        (time, step) = (s.measured_at_us, next);
    }
    for s in samples {
        row.extend_from_slice(&s.value.to_le_bytes());
    }
}

fn decode(mut row: &[u8], heads: &mut Heads) -> Option<()> {
    let mut samples = Vec::new();
    while !row.is_empty() {
        let id = SeriesId(unzigzag(take(&mut row)?));
        let count = usize::try_from(take(&mut row)?).ok()?;
        if count > row.len() {
            return None;
        }
        samples.clear();
        let (mut time, mut step) = (0_i64, 0_i64);
        for _ in 0..count {
            step = step.wrapping_add(unzigzag(take(&mut row)?));
            time = time.wrapping_add(step);
            samples.push(Sample { measured_at_us: time, value: 0.0 });
        }
        for s in &mut samples {
            let (value, rest) = row.split_first_chunk::<8>()?;
            (s.value, row) = (f64::from_le_bytes(*value), rest);
        }
        heads.add(id, &samples);
    }
    Some(())
}

fn deletion(entry: &[u8]) -> Option<(SeriesId, Range)> {
    let (words, []) = entry.as_chunks::<8>() else { return None };
    let [id, from_us, to_us] = words else { return None };
    let range = Range { from_us: i64::from_le_bytes(*from_us), to_us: i64::from_le_bytes(*to_us) };
    Some((SeriesId(i64::from_le_bytes(*id)), range))
}

fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)).cast_unsigned()
}

fn unzigzag(n: u64) -> i64 {
    (n >> 1).cast_signed() ^ -((n & 1).cast_signed())
}

fn put(row: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        row.push(n.to_le_bytes()[0] | 0x80);
        n >>= 7;
    }
    row.push(n.to_le_bytes()[0]);
}

fn take(row: &mut &[u8]) -> Option<u64> {
    let mut n = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = row.split_first()?;
        *row = rest;
        n |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_read_back_exactly_and_cut_ones_are_noticed() {
        let at = |measured_at_us, value| Sample { measured_at_us, value };
        let odd = [at(i64::MIN, 5e-324), at(i64::MAX, -0.0), at(0, f64::MAX), at(-1, 0.1)];
        let even: Vec<_> = (0..100).map(|n| at(1_772_000_000_000_000 + n, 1.5)).collect();
        let mut row = Vec::new();
        encode(&mut row, SeriesId(-7), &odd);
        encode(&mut row, SeriesId(i64::MAX), &even);
        let mut heads = Heads::default();
        assert_eq!(decode(&row, &mut heads), Some(()));
        assert_eq!(heads.get(SeriesId(-7)), odd);
        assert_eq!(heads.get(SeriesId(i64::MAX)), even);
        row.clear();
        encode(&mut row, SeriesId(3), &even);
        for end in 1..row.len() {
            assert_eq!(decode(&row[..end], &mut Heads::default()), None);
        }
    }
}
