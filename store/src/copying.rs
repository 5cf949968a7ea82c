//! Copying the readings of one store into another, a page at a time.

use telemetry::pack::Sample;

use crate::limits::COPIED_READINGS;
use crate::{Range, SeriesId, StoreError, TelemetryStore};

/// One page of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Readings on it.
    pub readings: u64,
    /// Where the next one begins; `None` after the last.
    pub next_us: Option<i64>,
}

impl Page {
    fn of(samples: &[Sample]) -> Self {
        let full = samples.len() >= COPIED_READINGS;
        let next_us = samples.last().filter(|_| full).map(|last| last.measured_at_us + 1);
        Self { readings: samples.len() as u64, next_us }
    }
}

/// Why a page was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// One of the stores fails. Pages that were copied stay so; go on from there later.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The other store would not keep so many readings for what they are.
    #[error(
        "{0} readings cannot be kept there: older than its retention, or refused (see the log)"
    )]
    NotKept(u64),
    /// A reading that was written does not read back as it was.
    #[error("the reading at {measured_at_us} µs does not read back as it was written")]
    Differs {
        /// Its time.
        measured_at_us: i64,
    },
}

fn page(from_us: i64) -> Range {
    Range { from_us, to_us: i64::MAX }
}

/// Copies the page of a series that begins at a time. Copying it again changes nothing.
///
/// # Errors
/// See [`CopyError`].
pub async fn copy(
    from: &dyn TelemetryStore,
    to: &dyn TelemetryStore,
    id: SeriesId,
    from_us: i64,
) -> Result<Page, CopyError> {
    let samples = from.raw(id, page(from_us), COPIED_READINGS).await?;
    let copied = Page::of(&samples);
    write(to, id, samples).await?;
    Ok(copied)
}

async fn write(
    to: &dyn TelemetryStore,
    id: SeriesId,
    samples: Vec<Sample>,
) -> Result<(), CopyError> {
    if samples.is_empty() {
        return Ok(());
    }
    let written = to.write(vec![(id, samples)]).await?;
    match written.expired + written.refused {
        0 => Ok(()),
        n => Err(CopyError::NotKept(n)),
    }
}

/// Reads the page that begins at a time back from both stores and compares every reading, to the
/// last bit. What is missing, because it came late while copying was interrupted, is copied.
///
/// Readings that only the second store has are left as they are.
///
/// # Errors
/// See [`CopyError`].
pub async fn compare(
    from: &dyn TelemetryStore,
    to: &dyn TelemetryStore,
    id: SeriesId,
    from_us: i64,
) -> Result<Page, CopyError> {
    let samples = from.raw(id, page(from_us), COPIED_READINGS).await?;
    let compared = Page::of(&samples);
    if differing(to, id, &samples).await?.is_some() {
        write(to, id, samples.clone()).await?;
        if let Some(measured_at_us) = differing(to, id, &samples).await? {
            return Err(CopyError::Differs { measured_at_us });
        }
    }
    Ok(compared)
}

/// Time of the first reading that the store has not, or not so.
async fn differing(
    to: &dyn TelemetryStore,
    id: SeriesId,
    samples: &[Sample],
) -> Result<Option<i64>, StoreError> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return Ok(None) };
    let range = Range { from_us: first.measured_at_us, to_us: last.measured_at_us + 1 };
    let mut there = to.raw(id, range, usize::MAX).await?.into_iter();
    let same = |a: &Sample, b: &Sample| {
        a.measured_at_us == b.measured_at_us && a.value.to_bits() == b.value.to_bits()
    };
    let differs = samples.iter().find(|wanted| {
        !there
            .find(|found| found.measured_at_us >= wanted.measured_at_us)
            .is_some_and(|found| same(&found, wanted))
    });
    Ok(differs.map(|sample| sample.measured_at_us))
}
