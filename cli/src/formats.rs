//! Formats of files as a person names them.

use std::path::Path;

use anyhow::Context as _;
use exchange::Format;

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum FormatName {
    /// board,channel,unit,time,value
    Csv,
    /// Columns, compressed; for pandas, DuckDB and their like
    Parquet,
    /// InfluxDB line protocol
    Lines,
}

impl FormatName {
    /// The format that was given, or else the one that the ending of the file names.
    pub fn or_by_ending(given: Option<Self>, file: &Path) -> anyhow::Result<Format> {
        match given {
            Some(Self::Csv) => Ok(Format::Csv),
            Some(Self::Parquet) => Ok(Format::Parquet),
            Some(Self::Lines) => Ok(Format::Lines),
            None => Format::of(file).with_context(|| {
                format!(
                    "{}: the ending names no format (.csv, .parquet, .lp); \
                     give --format csv, parquet or lines",
                    file.display()
                )
            }),
        }
    }
}
