//! The data folder belongs to one process at a time.
//!
//! The embedded store locks its own files; with readings in InfluxDB nothing else would keep a
//! second server, or a move of the readings, out of the folder.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::app::StartError;
use store::StoreError;

/// A data folder that is ours until this is dropped or the process ends, however it does.
#[derive(Debug)]
pub struct DataFolder {
    _lock: File,
}

impl DataFolder {
    /// Takes a folder that is there.
    ///
    /// # Errors
    /// When another process has it.
    pub fn take(data: &Path) -> Result<Self, StartError> {
        let file = data.join("lock");
        let failed = |e: std::io::Error| StartError::State(format!("{}: {e}", file.display()));
        let lock = File::create(&file).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                Err(StoreError::InUse { file: data.to_owned() }.into())
            }
            Err(TryLockError::Error(e)) => Err(failed(e)),
        }
    }
}
