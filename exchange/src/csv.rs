//! CSV (RFC 4180): `board,channel,unit,time,value`, times in RFC 3339, UTC, to the microsecond.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, Write};

use ::csv::{ByteRecord, ReaderBuilder};
use jiff::Timestamp;

use crate::series::Known;
use crate::{ReadError, Reading, Row, Unreadable, WriteError};

const COLUMNS: [&str; 5] = ["board", "channel", "unit", "time", "value"];

/// See [`crate::Writer`].
pub(crate) struct Writer<W: Write> {
    csv: ::csv::Writer<W>,
}

impl<W: Write> Writer<W> {
    pub fn new(file: W) -> Result<Self, WriteError> {
        let mut csv = ::csv::Writer::from_writer(file);
        csv.write_record(COLUMNS).map_err(io::Error::from)?;
        Ok(Self { csv })
    }

    pub fn write(&mut self, reading: &Reading) -> Result<(), WriteError> {
        let Reading { series, measured_at_us, value } = reading;
        let time = Timestamp::from_microsecond(*measured_at_us)
            .map_err(|_| WriteError::Time { measured_at_us: *measured_at_us })?;
        // Debug writes the shortest text that reads back as the same double.
        let (time, value) = (format!("{time:.6}"), format!("{value:?}"));
        let record = [&series.board, &series.channel, &series.unit, &time, &value];
        Ok(self.csv.write_record(record).map_err(io::Error::from)?)
    }

    pub fn finish(mut self) -> Result<W, WriteError> {
        self.csv.flush()?;
        self.csv.into_inner().map_err(|e| WriteError::File(e.into_error()))
    }
}

/// See [`crate::Rows`].
pub(crate) struct Rows {
    csv: ::csv::Reader<File>,
    record: ByteRecord,
    /// Where each of [`COLUMNS`] stands.
    columns: [usize; 5],
    known: Known,
    /// What to add to the line that the reader names.
    lines_more: u64,
    ended: bool,
}

/// Longest header, bytes.
const HEADER_BYTES: u64 = 64 * 1024;

/// Whether lines end with CR and LF. The reader then counts each line before its LF, one too few.
fn has_crlf(file: &File) -> io::Result<bool> {
    let mut header = Vec::new();
    BufReader::new(file).take(HEADER_BYTES).read_until(b'\n', &mut header)?;
    (&*file).rewind()?;
    Ok(header.ends_with(b"\r\n"))
}

impl Rows {
    pub fn open(file: File) -> Result<Self, ReadError> {
        let lines_more = u64::from(has_crlf(&file)?);
        let mut csv = ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(file);
        let header = csv.byte_headers().map_err(io::Error::from)?.clone();
        let mut columns = [0; 5];
        for (at, name) in columns.iter_mut().zip(COLUMNS) {
            let found = header.iter().position(|h| h.trim_ascii() == name.as_bytes());
            *at = found.ok_or_else(|| {
                ReadError::Unsuitable(format!(
                    "the first line has no column {name:?}; it has to be {}",
                    COLUMNS.join(",")
                ))
            })?;
        }
        Ok(Self {
            csv,
            record: ByteRecord::new(),
            columns,
            known: Known::default(),
            lines_more,
            ended: false,
        })
    }

    fn place(&self, position: Option<&::csv::Position>) -> u64 {
        position.map_or(0, ::csv::Position::line) + self.lines_more
    }

    fn reading(&mut self) -> Result<Reading, Unreadable> {
        let mut fields = [""; 5];
        for ((field, at), name) in fields.iter_mut().zip(self.columns).zip(COLUMNS) {
            let bytes = self.record.get(at).unwrap_or_default();
            *field = std::str::from_utf8(bytes)
                .map_err(|_| Unreadable(format!("{name} is not UTF-8 text")))?;
        }
        let [board, channel, unit, time, value] = fields;
        let measured_at: Timestamp = time
            .trim()
            .parse()
            .map_err(|_| Unreadable(format!("time {time:?} is not RFC 3339")))?;
        let value = value
            .trim()
            .parse()
            .map_err(|_| Unreadable(format!("value {value:?} is no number")))?;
        let series = self.known.find(board, channel, unit);
        Ok(Reading { series, measured_at_us: measured_at.as_microsecond(), value })
    }
}

impl Iterator for Rows {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.csv.read_byte_record(&mut self.record);
        match read {
            Ok(false) => None,
            Ok(true) => {
                let place = self.place(self.record.position());
                Some(Ok(Row { place, reading: self.reading() }))
            }
            Err(error) => Some(match error.into_kind() {
                ::csv::ErrorKind::UnequalLengths { pos, expected_len, len } => Ok(Row {
                    place: self.place(pos.as_ref()),
                    reading: Err(Unreadable(format!("{len} columns instead of {expected_len}"))),
                }),
                ::csv::ErrorKind::Io(error) => {
                    self.ended = true;
                    Err(error.into())
                }
                other => {
                    self.ended = true;
                    Err(ReadError::Unsuitable(format!("{other:?}")))
                }
            }),
        }
    }
}
