//! Parquet: board, channel and unit as dictionaries of text, the time as a UTC timestamp in
//! microseconds, the value as a double. <https://parquet.apache.org/docs/file-format/>

mod reading;
mod writing;

pub(crate) use reading::Rows;
pub(crate) use writing::Writer;

/// Rows that are written or read in one go.
const BATCH: usize = 8192;
