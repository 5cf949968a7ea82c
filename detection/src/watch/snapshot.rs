//! A watch's whole state as text, to be resumed exactly.

use serde::{Deserialize, Serialize};

use super::Watch;
use crate::snapshot::{self, SnapshotError};

/// Raised whenever the meaning of the stored state changes; that of the detectors inside counts as
/// well. Never a version of a detector by itself.
const VERSION: u32 = 1000 + snapshot::VERSION;

#[derive(Serialize)]
struct Out<'a> {
    version: u32,
    watch: &'a Watch,
}

#[derive(Deserialize)]
struct In {
    watch: Watch,
}

#[derive(Deserialize)]
struct Head {
    version: u32,
}

impl Watch {
    /// The whole state as JSON.
    ///
    /// # Errors
    /// Only when the rules hold a figure that JSON cannot carry.
    pub fn snapshot(&self) -> Result<String, SnapshotError> {
        Ok(serde_json::to_string(&Out { version: VERSION, watch: self })?)
    }

    /// The watch as it was when [`snapshot`](Self::snapshot) was taken: fed with the same readings,
    /// both give the same reports.
    ///
    /// # Errors
    /// See [`SnapshotError`].
    pub fn resume(snapshot: &str) -> Result<Self, SnapshotError> {
        let head: Head = serde_json::from_str(snapshot)?;
        if head.version != VERSION {
            return Err(SnapshotError::Version { found: head.version, reads: VERSION });
        }
        let body: In = serde_json::from_str(snapshot)?;
        Ok(body.watch)
    }
}
