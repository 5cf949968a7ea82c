//! A detector's whole state as text, to be resumed exactly.

use serde::{Deserialize, Serialize};

use crate::detector::Detector;

/// Raised whenever the meaning of the stored state changes.
pub(crate) const VERSION: u32 = 3;

#[derive(Serialize)]
struct Out<'a> {
    version: u32,
    detector: &'a Detector,
}

#[derive(Deserialize)]
struct In {
    version: u32,
    detector: Detector,
}

#[derive(Deserialize)]
struct Head {
    version: u32,
}

/// Why a snapshot cannot be resumed. In either case the caller starts a new detector and feeds it
/// from stored readings.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Written by another version.
    #[error("the snapshot has version {found}, this program reads version {reads}")]
    Version {
        /// The version found in the snapshot.
        found: u32,
        /// The version that could be resumed.
        reads: u32,
    },
    /// Not a snapshot, or damaged.
    #[error("the snapshot cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

impl Detector {
    /// The whole state as JSON.
    ///
    /// # Errors
    /// Only when the settings hold a figure that JSON cannot carry.
    pub fn snapshot(&self) -> Result<String, SnapshotError> {
        Ok(serde_json::to_string(&Out { version: VERSION, detector: self })?)
    }

    /// The detector as it was when [`snapshot`](Self::snapshot) was taken: fed with the same
    /// readings, both give the same findings.
    ///
    /// # Errors
    /// See [`SnapshotError`].
    pub fn resume(snapshot: &str) -> Result<Self, SnapshotError> {
        let head: Head = serde_json::from_str(snapshot)?;
        if head.version != VERSION {
            return Err(SnapshotError::Version { found: head.version, reads: VERSION });
        }
        let body: In = serde_json::from_str(snapshot)?;
        debug_assert_eq!(body.version, VERSION);
        Ok(body.detector)
    }
}
