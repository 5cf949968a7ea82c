//! What goes wrong inside a file, before it is known to the caller which file it was.

use std::path::Path;

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

use crate::StoreError;

/// A failure inside one file.
#[derive(Debug)]
pub(super) enum Fault {
    /// SQLite refuses.
    Sqlite(rusqlite::Error),
    /// What is in there does not decode.
    Damaged(String),
}

pub(super) type Outcome<T> = Result<T, Fault>;

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<pco::errors::PcoError> for Fault {
    fn from(error: pco::errors::PcoError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl Fault {
    /// What the caller is told.
    pub fn of(self, file: &Path) -> StoreError {
        let file = file.to_owned();
        let error = match self {
            Self::Damaged(what) => return StoreError::Damaged { file, what },
            Self::Sqlite(error) => error,
        };
        let extended = error.sqlite_error().map(|e| e.extended_code);
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Full { file },
            // The index of the write-ahead log is a file too, and cannot grow either.
            _ if extended == Some(SQLITE_IOERR_SHMSIZE) => StoreError::Full { file },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                StoreError::ReadOnly { file }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::InUse { file },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::Damaged { file, what: error.to_string() }
            }
            _ => StoreError::File { file, cause: error.into() },
        }
    }
}

/// What the caller is told about a file or folder that the system refuses.
pub(super) fn refused(error: std::io::Error, file: &Path) -> StoreError {
    use std::io::ErrorKind as Kind;
    let file = file.to_owned();
    match error.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => StoreError::Full { file },
        Kind::ReadOnlyFilesystem | Kind::PermissionDenied => StoreError::ReadOnly { file },
        _ => StoreError::File { file, cause: error.into() },
    }
}
