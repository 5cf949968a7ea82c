//! The telemetry store: readings by series, behind one trait.
//!
//! A series is what one channel of one board reported in one unit. The store knows nothing of
//! assets: measurement points are dated views on series, so a changed binding never rewrites a
//! reading.

mod bucket;
pub mod copying;
mod description;
pub mod embedded;
pub mod influx;
pub mod limits;
mod plan;
mod range;
mod retention;
mod series;

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use telemetry::pack::Sample;

pub use bucket::{Bucket, Grid};
pub use description::{NamedSeries, NotedTicket};
pub use plan::{Piece, Source, pieces};
pub use range::Range;
pub use retention::{Kept, Resolution, Retention};
pub use series::{SeriesId, SeriesName};

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The query makes no sense; the text says why. The client can mend it.
    #[error("{0}")]
    Query(&'static str),
    /// No space is left. Nothing of the batch is stored; the gateway keeps it and comes again.
    #[error(
        "no space is left for {}: free some; nothing of this was stored",
        .file.display()
    )]
    Full {
        /// What could not grow.
        file: PathBuf,
    },
    /// The file or its folder must not be written. Nothing is stored until the operator mends it.
    #[error("{} is read-only: let this user write to it and its folder", .file.display())]
    ReadOnly {
        /// What could not be written.
        file: PathBuf,
    },
    /// Another process has it open. Only one may: end the other, or choose another folder.
    #[error("{} is in use by another process: end that one, or choose another folder", .file.display())]
    InUse {
        /// What is in use.
        file: PathBuf,
    },
    /// What is in the file is not what was written. The rest of the store is unharmed.
    #[error("{} is damaged ({what}): move it away, or put back a copy of it", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The file cannot be read or written for another reason. Nothing of the batch is stored.
    #[error("{}: {cause}", .file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the database or the system says.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database is away, busy or resting. Nothing of the batch may be stored: try again later,
    /// the gateway keeps it.
    #[error("{0}")]
    Away(String),
    /// The database will not have us: a person has to mend the account. Nothing is lost meanwhile.
    #[error("{0}")]
    Refused(String),
    /// The database answered something that makes no sense. Nothing of ours is harmed.
    #[error("InfluxDB's answer does not read: {0}")]
    Answer(String),
    /// The store is shutting down.
    #[error("the telemetry store is closing")]
    Closing,
}

/// Readings to write, by series. Of several with one time the last stays.
pub type Batch = Vec<(SeriesId, Vec<Sample>)>;

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Readings that are on disk now.
    pub stored: u64,
    /// Readings that were outside [`limits::TIMES`] or older than the retention: not stored.
    pub expired: u64,
    /// Readings that the database refused for what they are: not stored, each is in the log.
    pub refused: u64,
}

/// Stores readings. Writing the same series and time again replaces the value, which makes a
/// repeated delivery harmless. A series that was never written is an empty one.
#[async_trait]
pub trait TelemetryStore: Send + Sync {
    /// Returns when everything is on disk.
    async fn write(&self, batch: Batch) -> Result<Written, StoreError>;

    /// The readings of `part` in the buckets of a grid; `None` where there was none. Where the
    /// readings themselves are no longer kept, their rollups answer, as finely as they can.
    async fn buckets(
        &self,
        id: SeriesId,
        part: Range,
        grid: Grid,
    ) -> Result<Vec<Option<Bucket>>, StoreError>;

    /// The first `limit` readings of a range in order of measurement.
    async fn raw(
        &self,
        id: SeriesId,
        range: Range,
        limit: usize,
    ) -> Result<Vec<Sample>, StoreError>;

    /// The newest reading of a range.
    async fn latest(&self, id: SeriesId, range: Range) -> Result<Option<Sample>, StoreError>;

    /// Series that have readings, in order.
    async fn series(&self) -> Result<Vec<SeriesId>, StoreError>;

    /// Deletes the readings of a range; what is derived from them follows.
    async fn delete(&self, id: SeriesId, range: Range) -> Result<(), StoreError>;

    /// Deletes what is older than its retention.
    async fn expire(&self) -> Result<(), StoreError>;

    /// Does now what the store would do later by itself, such as packing recent readings and
    /// making rollups.
    async fn settle(&self) -> Result<(), StoreError>;

    /// Copies everything that is written by now into a folder that is not there yet, while writes go
    /// on. Only for stores that keep their own files.
    async fn backup(&self, into: &Path) -> Result<(), StoreError>;

    /// Says what a series is called, before its first reading is written.
    fn introduce(&self, id: SeriesId, name: SeriesName);

    /// Whether other tools read its database directly, and so have a use for [`Self::name_series`] and
    /// [`Self::note_tickets`].
    fn is_read_by_others(&self) -> bool {
        false
    }

    /// Says what every series that speaks for a point is called, for tools that read the database
    /// directly: these names replace those that were said before.
    async fn name_series(&self, _: &[NamedSeries]) -> Result<(), StoreError> {
        Ok(())
    }

    /// Says how tickets stand, for the same tools. Saying it again replaces what was said.
    async fn note_tickets(&self, _: &[NotedTicket]) -> Result<(), StoreError> {
        Ok(())
    }

    /// Whether it could write now; the error says why not.
    async fn check(&self) -> Result<(), StoreError>;
}
