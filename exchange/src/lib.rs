//! Files of readings: CSV, Parquet and InfluxDB line protocol, written and read as streams.
//!
//! Every format holds the same: board, channel, unit, measured time in microseconds and value.
//! Whatever is written reads back bit for bit. Memory is bounded by one row group of Parquet or one
//! line, however long the file is.

mod csv;
mod lines;
mod parquet;
mod series;
mod tags;

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

pub use series::Series;

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A header, then one reading a line.
    Csv,
    /// Columns, compressed.
    Parquet,
    /// InfluxDB line protocol.
    Lines,
}

impl Format {
    /// The format that a file's ending names.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            "lp" | "line" | "lines" => Some(Self::Lines),
            _ => None,
        }
    }
}

/// One value of a channel at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Whose it is; shared by the readings of a file.
    pub series: Arc<Series>,
    /// When it was measured, microseconds since the Unix epoch, UTC.
    pub measured_at_us: i64,
    /// The value in the unit of its series. A file may hold what is not finite.
    pub value: f64,
}

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The system refuses, for instance because no space is left.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// The Parquet writer refuses.
    #[error(transparent)]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// A time that the format has no words for.
    #[error("{measured_at_us} µs since 1970 is a time that this format cannot hold")]
    Time {
        /// The time.
        measured_at_us: i64,
    },
}

/// Writes readings to a file of any format.
pub struct Writer<W: Write + Send>(Kind<W>);

enum Kind<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    Parquet(Box<parquet::Writer<W>>),
    Lines(lines::Writer<W>),
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// When its beginning cannot be written.
    pub fn new(format: Format, file: W) -> Result<Self, WriteError> {
        Ok(Self(match format {
            Format::Csv => Kind::Csv(Box::new(csv::Writer::new(file)?)),
            Format::Parquet => Kind::Parquet(Box::new(parquet::Writer::new(file)?)),
            Format::Lines => Kind::Lines(lines::Writer::new(file)),
        }))
    }

    /// Adds one reading.
    ///
    /// # Errors
    /// When it cannot be written; the file is not to be used then.
    pub fn write(&mut self, reading: &Reading) -> Result<(), WriteError> {
        match &mut self.0 {
            Kind::Csv(w) => w.write(reading),
            Kind::Parquet(w) => w.write(reading),
            Kind::Lines(w) => w.write(reading),
        }
    }

    /// Ends the file and gives it back; what is buffered is written.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub fn finish(self) -> Result<W, WriteError> {
        match self.0 {
            Kind::Csv(w) => w.finish(),
            Kind::Parquet(w) => w.finish(),
            Kind::Lines(w) => w.finish(),
        }
    }
}

/// A file that cannot be read, or not any further.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system refuses.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// It holds something else than readings.
    #[error("{0}")]
    Unsuitable(String),
    /// The Parquet reader refuses: the file is damaged or cut short.
    #[error("the file is damaged or cut short: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
}

/// Why one line or row is no reading. The others are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

/// What stands at one place of a file.
#[derive(Debug)]
pub struct Row {
    /// Line of a text or row of a table, counted from one.
    pub place: u64,
    /// The reading, or why there is none.
    pub reading: Result<Reading, Unreadable>,
}

/// The rows of a file, in order. After an error there are no more.
pub struct Rows(Box<dyn Iterator<Item = Result<Row, ReadError>> + Send>);

impl Rows {
    /// Opens a file and checks what it begins with.
    ///
    /// # Errors
    /// When the file cannot be read or is of another kind.
    pub fn open(format: Format, file: File) -> Result<Self, ReadError> {
        if file.metadata()?.len() == 0 {
            return Err(ReadError::Empty);
        }
        Ok(Self(match format {
            Format::Csv => Box::new(csv::Rows::open(file)?),
            Format::Parquet => Box::new(parquet::Rows::open(file)?),
            Format::Lines => Box::new(lines::Rows::open(file)),
        }))
    }
}

impl Iterator for Rows {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}
