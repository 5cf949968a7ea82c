//! The folder: which files there are, and connections to them.
//!
//! `journal.db`; `2026-01.db` with the chunks of a month; `2026-01.minute.db` and
//! `2026-01.hour.db` with its rollups; `lock`, held while the store is open.

use std::collections::{BTreeSet, VecDeque};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::fault::{Fault, Outcome, refused};
use super::month::Month;
use super::{chunk, rollups};
use crate::limits::IDLE_CONNECTIONS;
use crate::{Resolution, StoreError};

/// Format of the files.
const VERSION: i64 = 1;

/// What a file of a month holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holds {
    /// Readings in chunks.
    Readings,
    /// Rollups.
    Rollups(Resolution),
}

/// A file of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MonthFile {
    pub month: Month,
    pub holds: Holds,
}

impl MonthFile {
    pub fn readings(month: Month) -> Self {
        Self { month, holds: Holds::Readings }
    }

    pub fn rollups(month: Month, resolution: Resolution) -> Self {
        Self { month, holds: Holds::Rollups(resolution) }
    }

    fn name(self) -> String {
        let month = self.month;
        match self.holds {
            Holds::Readings => format!("{month}.db"),
            Holds::Rollups(Resolution::Minute) => format!("{month}.minute.db"),
            Holds::Rollups(Resolution::Hour) => format!("{month}.hour.db"),
        }
    }

    fn parse(name: &str) -> Option<Self> {
        let (month, suffix) = name.split_once('.')?;
        let holds = match suffix {
            "db" => Holds::Readings,
            "minute.db" => Holds::Rollups(Resolution::Minute),
            "hour.db" => Holds::Rollups(Resolution::Hour),
            _ => return None,
        };
        Some(Self { month: Month::parse(month)?, holds })
    }

    fn schema(self) -> &'static str {
        match self.holds {
            Holds::Readings => chunk::SCHEMA,
            Holds::Rollups(_) => rollups::SCHEMA,
        }
    }
}

/// Connections that nobody uses, the latest used last.
#[derive(Default)]
struct Idle {
    connections: VecDeque<(MonthFile, Connection)>,
    /// Files removed so far: what was opened before may be of a file that is gone.
    removals: u64,
}

/// The lock on a folder, given back when dropped.
struct Lock(File);

impl Drop for Lock {
    /// Closing the file is not enough: a child process that is being started may hold it open, too.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// The folder of a store, locked.
pub(super) struct Folder {
    dir: PathBuf,
    files: RwLock<BTreeSet<MonthFile>>,
    idle: Mutex<Idle>,
    /// Dropped last.
    _lock: Lock,
}

impl Folder {
    /// Opens or creates it, for this process alone.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(dir).map_err(|e| refused(e, dir))?;
        let path = dir.join("lock");
        let lock = File::create(&path).map_err(|e| refused(e, &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::InUse { file: dir.to_owned() });
            }
            Err(TryLockError::Error(e)) => return Err(refused(e, &path)),
        }
        let mut files = BTreeSet::new();
        for entry in fs::read_dir(dir).map_err(|e| refused(e, dir))? {
            let name = entry.map_err(|e| refused(e, dir))?.file_name();
            files.extend(name.to_str().and_then(MonthFile::parse));
        }
        Ok(Self {
            dir: dir.to_owned(),
            files: RwLock::new(files),
            idle: Mutex::default(),
            _lock: Lock(lock),
        })
    }

    pub fn path(&self, file: MonthFile) -> PathBuf {
        self.dir.join(file.name())
    }

    pub fn journal(&self) -> PathBuf {
        self.dir.join("journal.db")
    }

    pub fn has(&self, file: MonthFile) -> bool {
        self.files.read().unwrap_or_else(PoisonError::into_inner).contains(&file)
    }

    /// Months that have such a file, in order.
    pub fn months(&self, holds: Holds) -> Vec<Month> {
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        files.iter().filter(|f| f.holds == holds).map(|f| f.month).collect()
    }

    /// Reads from a file as of one moment; `None` when there is no such file.
    pub fn read<T>(
        &self,
        file: MonthFile,
        work: impl FnOnce(&Connection) -> Outcome<T>,
    ) -> Result<Option<T>, StoreError> {
        if !self.has(file) {
            return Ok(None);
        }
        let (connection, removals) = match self.connection(file, false) {
            Ok(found) => found,
            // Expired in between.
            Err(_) if !self.has(file) => return Ok(None),
            Err(fault) => return Err(fault.of(&self.path(file))),
        };
        let read = || {
            let tx = connection.unchecked_transaction()?;
            work(&tx)
        };
        let read = read().map_err(|fault| fault.of(&self.path(file)))?;
        self.give_back(file, connection, removals);
        Ok(Some(read))
    }

    /// Writes to a file, which is created when there is none: all of it or nothing.
    pub fn write<T>(
        &self,
        file: MonthFile,
        work: impl FnOnce(&Transaction<'_>) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        let written = || {
            let (mut connection, removals) = self.connection(file, true)?;
            // From here on there is one, even when what follows fails.
            self.files.write().unwrap_or_else(PoisonError::into_inner).insert(file);
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&tx)?;
            tx.commit()?;
            self.give_back(file, connection, removals);
            Ok(done)
        };
        written().map_err(|fault: Fault| fault.of(&self.path(file)))
    }

    /// Copies a file as of now, while others write; nothing when there is none.
    pub fn copy(&self, file: MonthFile, into: &Path) -> Result<(), StoreError> {
        let copied = self.connection(file, false).and_then(|(db, removals)| {
            copy(&db, into)?;
            self.give_back(file, db, removals);
            Ok(())
        });
        match copied {
            Err(_) if !self.has(file) => Ok(()),
            Err(fault) => Err(blamed(fault, &self.path(file), into)),
            Ok(()) => Ok(()),
        }
    }

    /// Deletes a file. Who still reads from it finds all of it.
    pub fn remove(&self, file: MonthFile) -> Result<(), StoreError> {
        self.files.write().unwrap_or_else(PoisonError::into_inner).remove(&file);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.removals += 1;
        idle.connections.retain(|(of, _)| *of != file);
        drop(idle);
        // The log first: without its database it is nothing, but with another it would be wrong.
        for suffix in ["-wal", "-shm", ""] {
            let path = self.dir.join(file.name() + suffix);
            match fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(refused(e, &path));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn connection(&self, file: MonthFile, create: bool) -> Outcome<(Connection, u64)> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let removals = idle.removals;
        let found = idle.connections.iter().rposition(|(of, _)| *of == file);
        let found = found.and_then(|at| idle.connections.remove(at));
        drop(idle);
        match found {
            Some((_, connection)) => Ok((connection, removals)),
            None => Ok((connect(&self.path(file), file.schema(), create)?, removals)),
        }
    }

    fn give_back(&self, file: MonthFile, connection: Connection, removals: u64) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.removals != removals {
            return;
        }
        idle.connections.push_back((file, connection));
        let oldest = if idle.connections.len() > IDLE_CONNECTIONS {
            idle.connections.pop_front()
        } else {
            None
        };
        drop(idle);
        // Closing may move its log into the file: not while others wait for a connection.
        drop(oldest);
    }
}

/// Opens a file of the store.
pub(super) fn connect(path: &Path, schema: &str, create: bool) -> Outcome<Connection> {
    use rusqlite::OpenFlags as Flags;
    let mut flags = Flags::SQLITE_OPEN_READ_WRITE | Flags::SQLITE_OPEN_NO_MUTEX;
    flags.set(Flags::SQLITE_OPEN_CREATE, create);
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(Duration::from_secs(10))?;
    db.set_prepared_statement_cache_capacity(32);
    let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
    if version == 0 {
        // Blobs of a chunk's size fill larger pages better.
        db.pragma_update(None, "page_size", 8192)?;
    }
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    // KiB of pages; the system caches the file anyway.
    db.pragma_update(None, "cache_size", -512)?;
    match version {
        0 => db.execute_batch(&format!(
            "BEGIN IMMEDIATE; {schema} PRAGMA user_version = {VERSION}; COMMIT"
        ))?,
        VERSION => {}
        _ => return Err(Fault::Damaged("a newer version of this program wrote it".to_owned())),
    }
    Ok(db)
}

/// Copies a file as of now, while others write.
pub(super) fn copy(db: &Connection, into: &Path) -> Outcome<()> {
    let name = into.to_str().ok_or_else(|| Fault::Damaged("its name is not text".to_owned()))?;
    db.execute("VACUUM INTO ?1", [name])?;
    Ok(())
}

/// What a failed copy says: damage is in the original, anything else happened to the copy.
pub(super) fn blamed(fault: Fault, original: &Path, copy: &Path) -> StoreError {
    match fault.of(original) {
        damaged @ StoreError::Damaged { .. } => damaged,
        StoreError::Full { .. } => StoreError::Full { file: copy.to_owned() },
        StoreError::ReadOnly { .. } => StoreError::ReadOnly { file: copy.to_owned() },
        other => other,
    }
}
