//! InfluxDB line protocol: measurement `reading`, tags board, channel and unit, field `value`, times
//! in nanoseconds. <https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/>
//!
//! Read is what any program writes by the rules of the protocol, whatever its measurement is called;
//! a line without a unit has none.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Read as _, Write};
use std::sync::Arc;

use influxdb_line_protocol::{FieldValue, ParsedLine, parse_lines};

use crate::series::{Known, Series};
use crate::tags::{decoded, encoded};
use crate::{ReadError, Reading, Row, Unreadable, WriteError};

/// Longest line that is read, bytes.
const LINE_BYTES: u64 = 64 * 1024;

/// See [`crate::Writer`].
pub(crate) struct Writer<W: Write> {
    file: BufWriter<W>,
    /// The last series and what its lines begin with.
    last: Option<(Arc<Series>, String)>,
}

impl<W: Write> Writer<W> {
    pub fn new(file: W) -> Self {
        Self { file: BufWriter::with_capacity(1 << 16, file), last: None }
    }

    pub fn write(&mut self, reading: &Reading) -> Result<(), WriteError> {
        let Reading { series, measured_at_us, value } = reading;
        let at_ns = measured_at_us
            .checked_mul(1000)
            .ok_or(WriteError::Time { measured_at_us: *measured_at_us })?;
        let begins = match &mut self.last {
            Some((last, begins)) if last == series => begins,
            last => &mut last.insert((Arc::clone(series), beginning(series))).1,
        };
        Ok(writeln!(self.file, "{begins} value={value:?} {at_ns}")?)
    }

    pub fn finish(self) -> Result<W, WriteError> {
        self.file.into_inner().map_err(|e| WriteError::File(e.into_error()))
    }
}

fn beginning(series: &Series) -> String {
    let Series { board, channel, unit } = series;
    let [board, channel, unit] = [board, channel, unit].map(|text| encoded(text));
    format!("reading,board={board},channel={channel},unit={unit}")
}

/// See [`crate::Rows`].
pub(crate) struct Rows {
    file: BufReader<File>,
    line: Vec<u8>,
    place: u64,
    known: Known,
    ended: bool,
}

impl Rows {
    pub fn open(file: File) -> Self {
        let file = BufReader::with_capacity(1 << 16, file);
        Self { file, line: Vec::new(), place: 0, known: Known::default(), ended: false }
    }

    /// Reads the next line. Says whether there was one.
    fn take_line(&mut self) -> std::io::Result<bool> {
        self.line.clear();
        self.place += 1;
        let read = (&mut self.file).take(LINE_BYTES + 1).read_until(b'\n', &mut self.line)?;
        if read as u64 > LINE_BYTES && self.line.last() != Some(&b'\n') {
            self.file.skip_until(b'\n')?;
        }
        Ok(read > 0)
    }

    /// `None` for a comment or an empty line.
    fn reading(&mut self) -> Option<Result<Reading, Unreadable>> {
        if self.line.len() as u64 > LINE_BYTES {
            return Some(Err(Unreadable(format!("the line is longer than {LINE_BYTES} bytes"))));
        }
        let Ok(line) = std::str::from_utf8(&self.line) else {
            return Some(Err(Unreadable("the line is not UTF-8 text".to_owned())));
        };
        let parsed = parse_lines(line).next()?;
        Some(match parsed {
            Ok(parsed) => reading(&parsed, &mut self.known),
            Err(error) => {
                use influxdb_line_protocol::Error;
                let cause = match error {
                    Error::GenericParsingError { .. } => "it does not parse".to_owned(),
                    error => error.to_string(),
                };
                Err(Unreadable(format!("not line protocol: {cause}")))
            }
        })
    }
}

fn reading(line: &ParsedLine<'_>, known: &mut Known) -> Result<Reading, Unreadable> {
    let missing = |what: &str| Unreadable(format!("the line has no {what}"));
    let board = line.tag_value("board").ok_or_else(|| missing("tag board"))?;
    let channel = line.tag_value("channel").ok_or_else(|| missing("tag channel"))?;
    let unit = line.tag_value("unit").map_or("%", |unit| unit.as_str());
    let field = line.field_value("value").ok_or_else(|| missing("field value"))?;
    let at_ns = line.timestamp.ok_or_else(|| missing("time"))?;
    let value = match field {
        FieldValue::F64(value) => *value,
        #[expect(clippy::cast_precision_loss, reason = "a reading is a double")]
        FieldValue::I64(value) => *value as f64,
        #[expect(clippy::cast_precision_loss, reason = "a reading is a double")]
        FieldValue::U64(value) => *value as f64,
        FieldValue::String(_) | FieldValue::Boolean(_) => {
            return Err(Unreadable("value is no number".to_owned()));
        }
    };
    let series = known.find(&decoded(board.as_str()), &decoded(channel.as_str()), &decoded(unit));
    Ok(Reading { series, measured_at_us: at_ns.div_euclid(1000), value })
}

impl Iterator for Rows {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.take_line() {
                Ok(true) => {}
                Ok(false) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error.into()));
                }
            }
            if let Some(reading) = self.reading() {
                return Some(Ok(Row { place: self.place, reading }));
            }
        }
        None
    }
}
