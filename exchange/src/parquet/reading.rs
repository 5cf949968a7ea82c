//! Reading: the five columns in step, a batch of rows at a time.
//!
//! Files of other programs may have their columns in another order, more of them, and values that
//! are missing; times in milliseconds or nanoseconds; values in single precision.

use std::fs::File;

use parquet::basic::{LogicalType, TimeUnit, Type as Kind};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use super::BATCH;
use crate::series::Known;
use crate::{ReadError, Reading, Row, Unreadable};

/// Where the five columns are, and what the times count.
struct Layout {
    texts: [usize; 3],
    time: usize,
    time_unit: TimeUnit,
    value: usize,
}

fn unsuitable(text: String) -> ReadError {
    ReadError::Unsuitable(text)
}

impl Layout {
    fn of(schema: &SchemaDescriptor) -> std::result::Result<Self, ReadError> {
        let find = |name: &str| {
            let mut columns = schema.columns().iter();
            let at = columns.position(|c| c.path().string() == name && c.max_rep_level() == 0);
            let at = at.ok_or_else(|| unsuitable(format!("there is no column {name:?}")))?;
            Ok::<_, ReadError>((at, schema.column(at)))
        };
        let text = |name: &str| match find(name)? {
            (at, column) if column.physical_type() == Kind::BYTE_ARRAY => Ok(at),
            _ => Err(unsuitable(format!("column {name:?} is no text"))),
        };
        let (time, column) = find("time")?;
        let time_unit = time_unit(&column)
            .ok_or_else(|| unsuitable("column \"time\" is no timestamp".to_owned()))?;
        let (value, column) = find("value")?;
        if ![Kind::DOUBLE, Kind::FLOAT].contains(&column.physical_type()) {
            return Err(unsuitable("column \"value\" is no floating-point number".to_owned()));
        }
        let texts = [text("board")?, text("channel")?, text("unit")?];
        Ok(Self { texts, time, time_unit, value })
    }

    fn time_us(&self, time: i64) -> Option<i64> {
        match self.time_unit {
            TimeUnit::MILLIS => time.checked_mul(1000),
            TimeUnit::MICROS => Some(time),
            TimeUnit::NANOS => Some(time.div_euclid(1000)),
        }
    }
}

fn time_unit(column: &ColumnDescriptor) -> Option<TimeUnit> {
    use parquet::basic::ConvertedType as Old;
    if column.physical_type() != Kind::INT64 {
        return None;
    }
    match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Timestamp(stamp)), _) => Some(stamp.unit),
        (None, Old::TIMESTAMP_MILLIS) => Some(TimeUnit::MILLIS),
        (None, Old::TIMESTAMP_MICROS) => Some(TimeUnit::MICROS),
        _ => None,
    }
}

/// See [`crate::Rows`].
pub(crate) struct Rows {
    file: SerializedFileReader<File>,
    layout: Layout,
    group: usize,
    columns: Option<Columns>,
    batch: std::vec::IntoIter<Row>,
    place: u64,
    known: Known,
    ended: bool,
}

impl Rows {
    pub fn open(file: File) -> std::result::Result<Self, ReadError> {
        let file = survived(|| SerializedFileReader::new(file))?;
        let layout = Layout::of(file.metadata().file_metadata().schema_descr())?;
        Ok(Self {
            file,
            layout,
            group: 0,
            columns: None,
            batch: Vec::new().into_iter(),
            place: 0,
            known: Known::default(),
            ended: false,
        })
    }

    /// Reads the next batch. Says whether there was one.
    fn refill(&mut self) -> Result<bool> {
        loop {
            if self.columns.is_none() {
                if self.group >= self.file.num_row_groups() {
                    return Ok(false);
                }
                self.columns = Some(Columns::of(&self.file, self.group, &self.layout)?);
                self.group += 1;
            }
            let Some(columns) = &mut self.columns else { continue };
            let rows = columns.next(&self.layout, &mut self.known, &mut self.place)?;
            if rows.is_empty() {
                self.columns = None;
            } else {
                self.batch = rows.into_iter();
                return Ok(true);
            }
        }
    }
}

impl Iterator for Rows {
    type Item = std::result::Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.batch.next() {
                return Some(Ok(row));
            }
            if self.ended {
                return None;
            }
            match survived(|| self.refill()) {
                Ok(true) => {}
                Ok(false) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error.into()));
                }
            }
        }
    }
}

/// The reader of the format panics on some damaged files (version 60: negative places in the footer,
/// lengths in pages). Nothing of it is used afterwards.
fn survived<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ParquetError::General("the file is damaged".to_owned())))
}

/// The columns of one row group.
struct Columns {
    texts: [ColumnReaderImpl<ByteArrayType>; 3],
    time: ColumnReaderImpl<Int64Type>,
    value: Values,
}

enum Values {
    Double(ColumnReaderImpl<DoubleType>),
    Float(ColumnReaderImpl<FloatType>),
}

fn strange() -> ParquetError {
    ParquetError::General("a column is of another type than the schema says".to_owned())
}

impl Columns {
    fn of(file: &SerializedFileReader<File>, group: usize, layout: &Layout) -> Result<Self> {
        let group = file.get_row_group(group)?;
        let text = |at: usize| match group.get_column_reader(at)? {
            ColumnReader::ByteArrayColumnReader(column) => Ok(column),
            _ => Err(strange()),
        };
        let [board, channel, unit] = layout.texts;
        let texts = [text(board)?, text(channel)?, text(unit)?];
        let time = match group.get_column_reader(layout.time)? {
            ColumnReader::Int64ColumnReader(column) => column,
            _ => return Err(strange()),
        };
        let value = match group.get_column_reader(layout.value)? {
            ColumnReader::DoubleColumnReader(column) => Values::Double(column),
            ColumnReader::FloatColumnReader(column) => Values::Float(column),
            _ => return Err(strange()),
        };
        Ok(Self { texts, time, value })
    }

    fn next(&mut self, layout: &Layout, known: &mut Known, place: &mut u64) -> Result<Vec<Row>> {
        let times = batch(&mut self.time)?;
        let values = match &mut self.value {
            Values::Double(column) => batch(column)?,
            Values::Float(column) => batch(column)?.into_iter().map(|v| v.map(f64::from)).collect(),
        };
        let [boards, channels, units] = &mut self.texts;
        let (boards, channels, units) = (batch(boards)?, batch(channels)?, batch(units)?);
        let lengths = [values.len(), boards.len(), channels.len(), units.len()];
        if lengths.iter().any(|n| *n != times.len()) {
            return Err(ParquetError::General("columns of different lengths".to_owned()));
        }
        let rows = (0..times.len()).map(|i| {
            *place += 1;
            let cells = Cells {
                board: boards[i].as_ref().map(ByteArray::data),
                channel: channels[i].as_ref().map(ByteArray::data),
                unit: units[i].as_ref().map(ByteArray::data),
                time: times[i],
                value: values[i],
            };
            Row { place: *place, reading: cells.reading(layout, known) }
        });
        Ok(rows.collect())
    }
}

/// One row; `None` where a cell holds nothing.
struct Cells<'a> {
    board: Option<&'a [u8]>,
    channel: Option<&'a [u8]>,
    unit: Option<&'a [u8]>,
    time: Option<i64>,
    value: Option<f64>,
}

impl Cells<'_> {
    fn reading(
        &self,
        layout: &Layout,
        known: &mut Known,
    ) -> std::result::Result<Reading, Unreadable> {
        let missing = |name: &str| Unreadable(format!("{name} is missing"));
        let board = text("board", self.board.ok_or_else(|| missing("board"))?)?;
        let channel = text("channel", self.channel.ok_or_else(|| missing("channel"))?)?;
        // A missing unit is none.
        let unit = text("unit", self.unit.unwrap_or_default())?;
        let measured_at_us = layout.time_us(self.time.ok_or_else(|| missing("time"))?);
        let measured_at_us =
            measured_at_us.ok_or_else(|| Unreadable("the time is out of range".to_owned()))?;
        let value = self.value.ok_or_else(|| missing("value"))?;
        Ok(Reading { series: known.find(board, channel, unit), measured_at_us, value })
    }
}

fn text<'a>(name: &str, bytes: &'a [u8]) -> std::result::Result<&'a str, Unreadable> {
    std::str::from_utf8(bytes).map_err(|_| Unreadable(format!("{name} is not UTF-8 text")))
}

/// The next values of a column; `None` where there is none. At the end of the row group it is empty.
fn batch<T: DataType>(column: &mut ColumnReaderImpl<T>) -> Result<Vec<Option<T::T>>> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let (rows, found, _) = column.read_records(BATCH, Some(&mut levels), None, &mut values)?;
    if levels.is_empty() && found == rows {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    // Columns are not nested, so a level of one is a value and zero is none.
    Ok(levels.into_iter().map(|level| if level > 0 { values.next() } else { None }).collect())
}
