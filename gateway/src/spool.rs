//! The spool: what was received stands on disk before it is acknowledged.
//!
//! One SQLite table in WAL mode with `synchronous=FULL`. A thread of its own takes everything that
//! waits, writes it as one row, syncs once, and then answers every sender (group commit). Entries
//! carry an ever-growing sequence number; a row is deleted when the server has confirmed it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rusqlite::{Connection, OptionalExtension, params};
use telemetry::delivery::{Delivery, Header};
use tokio::sync::{mpsc, watch};

use crate::limits::{
    BUSY_MESSAGES, COMMIT_BYTES, COMMIT_MESSAGES, DELIVERY_BYTES, GATHERING_COMMIT, SPOOL_BYTES,
    WAITING_MESSAGES,
};

/// Why the spool did not take or give an entry.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// The file cannot be opened, read or written. The message stays unacknowledged; mend the disk.
    #[error("the spool file: {0}")]
    File(#[from] rusqlite::Error),
    /// The disk budget is used up. The message stays unacknowledged until the server takes some.
    #[error("the spool is full ({SPOOL_BYTES} bytes); the server has to take entries first")]
    Full,
    /// The spool was closed.
    #[error("the spool is closed")]
    Closed,
}

/// Called once the entry is on disk, or cannot be put there.
pub type Done = Box<dyn FnOnce(Result<(), SpoolError>) + Send>;

enum Job {
    Append { entries: Vec<u8>, count: u64, done: Done },
    Confirm { last_seq: u64 },
}

/// Figures for `/metrics`.
#[derive(Debug, Default)]
pub struct SpoolFigures {
    /// Entries written since the start.
    pub entries: AtomicU64,
    /// Commits since the start.
    pub commits: AtomicU64,
    /// Bytes that wait for the server.
    pub waiting_bytes: AtomicU64,
    /// Rows whose checksum did not match and that were set aside.
    pub set_aside: AtomicU64,
    /// Whether the last commit failed: the disk or the spool is full, or the file cannot be
    /// written. Nothing is acknowledged until a commit succeeds.
    pub failing: AtomicBool,
}

/// The sending and reading side of a spool. Clones share the spool.
#[derive(Clone)]
pub struct Spool {
    jobs: mpsc::Sender<Job>,
    committed: watch::Receiver<u64>,
    reader: Arc<std::sync::Mutex<Connection>>,
    gateway: Arc<str>,
    /// What it has done so far.
    pub figures: Arc<SpoolFigures>,
}

/// Ends with the last [`Spool`]; wait for it to be sure that everything is on disk.
pub struct SpoolThread(std::thread::JoinHandle<()>);

impl SpoolThread {
    /// Waits until the spool has written what it took and closed its file.
    pub async fn finished(self) {
        let _ = tokio::task::spawn_blocking(move || self.0.join()).await;
    }
}

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS spool (
  last_seq INTEGER PRIMARY KEY,
  first_seq INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  entries BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS set_aside (
  last_seq INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, entries BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS gateway (
  one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, confirmed INTEGER NOT NULL
);";

fn open(path: &Path) -> Result<Connection, rusqlite::Error> {
    let db = Connection::open(path)?;
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    Ok(db)
}

impl Spool {
    /// Opens or creates the spool in a file.
    ///
    /// # Errors
    /// When the file cannot be opened or is no spool.
    pub fn open(path: &Path) -> Result<(Self, SpoolThread), SpoolError> {
        let writer = open(path)?;
        writer.execute_batch(SCHEMA)?;
        writer.execute(
            "INSERT INTO gateway (one, id, confirmed) VALUES (1, ?1, 0) ON CONFLICT DO NOTHING",
            [uuid::Uuid::now_v7().to_string()],
        )?;
        let (gateway, confirmed): (String, u64) =
            writer.query_row("SELECT id, confirmed FROM gateway", [], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        let (last, bytes): (Option<u64>, u64) = writer.query_row(
            "SELECT max(last_seq), coalesce(sum(length(entries)), 0) FROM spool",
            [],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        let last_seq = last.unwrap_or(0).max(confirmed);
        let figures = Arc::new(SpoolFigures::default());
        figures.waiting_bytes.store(bytes, Ordering::Relaxed);
        let (jobs, waiting) = mpsc::channel(WAITING_MESSAGES);
        let (commit_tx, committed) = watch::channel(last_seq);
        let worker =
            Writer { db: writer, last_seq, committed: commit_tx, figures: figures.clone() };
        let thread = std::thread::Builder::new()
            .name("spool".into())
            .spawn(move || worker.run(waiting))
            .map_err(|_| SpoolError::Closed)?;
        let reader = Arc::new(std::sync::Mutex::new(open(path)?));
        let spool = Self { jobs, committed, reader, gateway: gateway.into(), figures };
        Ok((spool, SpoolThread(thread)))
    }

    /// The id of the gateway whose spool this is.
    #[must_use]
    pub fn gateway(&self) -> &str {
        &self.gateway
    }

    /// Hands entries over; `done` is called when they are on disk. Waits while too many wait.
    ///
    /// # Errors
    /// When the spool is closed.
    pub async fn append(&self, entries: Vec<u8>, count: u64, done: Done) -> Result<(), SpoolError> {
        let job = Job::Append { entries, count, done };
        self.jobs.send(job).await.map_err(|_| SpoolError::Closed)
    }

    /// The server has taken everything up to `last_seq`.
    ///
    /// # Errors
    /// When the spool is closed.
    pub async fn confirm(&self, last_seq: u64) -> Result<(), SpoolError> {
        self.jobs.send(Job::Confirm { last_seq }).await.map_err(|_| SpoolError::Closed)
    }

    /// The newest sequence number on disk, as it grows.
    #[must_use]
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.committed.clone()
    }

    /// The oldest entries after `after`, up to [`DELIVERY_BYTES`]; `None` when there are none.
    ///
    /// A row whose checksum does not match is set aside and counted; the rows behind it still
    /// travel.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_after(&self, after: u64) -> Result<Option<Delivery>, SpoolError> {
        let db = self.reader.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut rows = db.prepare_cached(
            "SELECT first_seq, last_seq, crc, entries FROM spool WHERE last_seq > ?1 ORDER BY last_seq",
        )?;
        let mut rows = rows.query([after])?;
        let mut delivery: Option<Delivery> = None;
        while let Some(row) = rows.next()? {
            let (first_seq, last_seq): (u64, u64) = (row.get(0)?, row.get(1)?);
            let bytes = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            if crc32fast::hash(bytes) != row.get::<_, u32>(2)? {
                tracing::error!(first_seq, last_seq, "A spool row is damaged and was set aside");
                self.figures.set_aside.fetch_add(1, Ordering::Relaxed);
                db.execute(
                    "INSERT INTO set_aside SELECT last_seq, first_seq, entries FROM spool \
                     WHERE last_seq = ?1 ON CONFLICT DO NOTHING",
                    [last_seq],
                )?;
                continue;
            }
            if delivery.as_ref().is_some_and(|d| d.header.last_seq + 1 != first_seq) {
                // Entries of one delivery are numbered without a gap.
                break;
            }
            let header = Header { gateway: self.gateway.to_string(), first_seq, last_seq };
            match &mut delivery {
                None => delivery = Some(Delivery { header, entries: bytes.to_vec() }),
                Some(d) => {
                    d.entries.extend_from_slice(bytes);
                    d.header.last_seq = last_seq;
                }
            }
            if delivery.as_ref().is_some_and(|d| d.entries.len() >= DELIVERY_BYTES) {
                break;
            }
        }
        Ok(delivery)
    }

    /// Where the server has confirmed up to.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn confirmed(&self) -> Result<u64, SpoolError> {
        let db = self.reader.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let seq = db.query_row("SELECT confirmed FROM gateway", [], |r| r.get(0)).optional()?;
        Ok(seq.unwrap_or(0))
    }
}

struct Writer {
    db: Connection,
    last_seq: u64,
    committed: watch::Sender<u64>,
    figures: Arc<SpoolFigures>,
}

impl Writer {
    fn run(mut self, mut waiting: mpsc::Receiver<Job>) {
        let mut jobs = Vec::new();
        let mut busy = false;
        while waiting.blocking_recv_many(&mut jobs, COMMIT_MESSAGES) > 0 {
            if busy {
                std::thread::sleep(GATHERING_COMMIT);
                while jobs.len() < COMMIT_MESSAGES
                    && let Ok(job) = waiting.try_recv()
                {
                    jobs.push(job);
                }
            }
            busy = jobs.len() >= BUSY_MESSAGES;
            self.group_commit(&mut jobs);
        }
    }

    fn group_commit(&mut self, jobs: &mut Vec<Job>) {
        let mut row = Vec::new();
        let mut count = 0;
        let mut answers = Vec::new();
        let mut confirmed = None;
        for job in jobs.drain(..) {
            match job {
                Job::Append { entries, count: n, done } => {
                    row.extend_from_slice(&entries);
                    count += n;
                    answers.push(done);
                    if row.len() >= COMMIT_BYTES {
                        self.write(std::mem::take(&mut row), count, None, &mut answers);
                        count = 0;
                    }
                }
                Job::Confirm { last_seq } => confirmed = confirmed.max(Some(last_seq)),
            }
        }
        if count > 0 || confirmed.is_some() {
            self.write(row, count, confirmed, &mut answers);
        }
    }

    fn write(&mut self, row: Vec<u8>, count: u64, confirmed: Option<u64>, answers: &mut Vec<Done>) {
        let result = self.commit(&row, count, confirmed);
        if let Err(error) = &result {
            tracing::error!(%error, waiting = answers.len(), "The spool could not write; nothing of it was acknowledged");
        }
        self.figures.failing.store(result.is_err(), Ordering::Relaxed);
        for done in answers.drain(..) {
            done(match &result {
                Ok(()) => Ok(()),
                Err(SpoolError::Full) => Err(SpoolError::Full),
                Err(_) => Err(SpoolError::Closed),
            });
        }
        if result.is_ok() && count > 0 {
            self.committed.send_replace(self.last_seq);
        }
    }

    fn commit(&mut self, row: &[u8], count: u64, confirmed: Option<u64>) -> Result<(), SpoolError> {
        let waiting = self.figures.waiting_bytes.load(Ordering::Relaxed);
        if count > 0 && waiting + row.len() as u64 > SPOOL_BYTES {
            return Err(SpoolError::Full);
        }
        let tx = self.db.transaction()?;
        let mut freed = 0;
        if let Some(seq) = confirmed {
            freed = tx
                .prepare_cached(
                    "SELECT coalesce(sum(length(entries)), 0) FROM spool WHERE last_seq <= ?1",
                )?
                .query_row([seq], |r| r.get::<_, u64>(0))?;
            tx.prepare_cached("DELETE FROM spool WHERE last_seq <= ?1")?.execute([seq])?;
            tx.prepare_cached("UPDATE gateway SET confirmed = max(confirmed, ?1)")?
                .execute([seq])?;
        }
        let last_seq = self.last_seq + count;
        if count > 0 {
            tx.prepare_cached(
                "INSERT INTO spool (last_seq, first_seq, crc, entries) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                last_seq,
                self.last_seq + 1,
                crc32fast::hash(row),
                row
            ])?;
        }
        tx.commit()?;
        self.last_seq = last_seq;
        self.figures.entries.fetch_add(count, Ordering::Relaxed);
        self.figures.commits.fetch_add(1, Ordering::Relaxed);
        let now = waiting + row.len() as u64 - freed.min(waiting);
        self.figures.waiting_bytes.store(now, Ordering::Relaxed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    async fn put(spool: &Spool, bytes: &[u8]) {
        let (tx, rx) = oneshot::channel();
        let done: Done = Box::new(move |r| tx.send(r).unwrap_or(()));
        spool.append(bytes.to_vec(), 1, done).await.unwrap();
        rx.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn what_was_taken_is_there_after_a_restart_and_numbers_go_on() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spool.db");
        let (spool, thread) = Spool::open(&path).unwrap();
        put(&spool, b"one").await;
        put(&spool, b"two").await;
        spool.confirm(1).await.unwrap();
        drop(spool);
        thread.finished().await;

        let (spool, _thread) = Spool::open(&path).unwrap();
        let delivery = spool.next_after(0).unwrap().unwrap();
        assert_eq!(delivery.entries, b"two");
        assert_eq!((delivery.header.first_seq, delivery.header.last_seq), (2, 2));
        spool.confirm(2).await.unwrap();
        put(&spool, b"three").await;
        assert_eq!(spool.next_after(2).unwrap().unwrap().header.first_seq, 3);
    }

    #[tokio::test]
    async fn a_damaged_row_is_set_aside_and_the_next_still_travels() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spool.db");
        let (spool, _thread) = Spool::open(&path).unwrap();
        put(&spool, b"one").await;
        put(&spool, b"two").await;
        open(&path).unwrap().execute("UPDATE spool SET crc = 1 WHERE last_seq = 1", []).unwrap();
        assert_eq!(spool.next_after(0).unwrap().unwrap().entries, b"two");
        assert_eq!(spool.figures.set_aside.load(Ordering::Relaxed), 1);
    }
}
