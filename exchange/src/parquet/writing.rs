//! Writing: rows are gathered into a row group, which is then written column by column.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::BATCH;
use crate::series::Series;
use crate::{Reading, WriteError};

const SCHEMA: &str = "message readings {
  required binary board (STRING);
  required binary channel (STRING);
  required binary unit (STRING);
  required int64 time (TIMESTAMP(MICROS, true));
  required double value;
}";

/// Rows of one row group; so many are in memory, 20 bytes each.
const GROUP: usize = 1 << 17;

/// See [`crate::Writer`].
pub(crate) struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    series: Vec<Arc<Series>>,
    /// For each row the index of its series.
    of: Vec<u32>,
    times: Vec<i64>,
    values: Vec<f64>,
}

impl<W: Write + Send> Writer<W> {
    pub fn new(file: W) -> std::result::Result<Self, WriteError> {
        let time = ColumnPath::from("time");
        let properties = WriterProperties::builder()
            .set_created_by("Aftercare".to_owned())
            .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::default()))
            // Times of a series rise steadily: differences take less room than a dictionary.
            .set_column_dictionary_enabled(time.clone(), false)
            .set_column_encoding(time, Encoding::DELTA_BINARY_PACKED)
            .set_column_dictionary_enabled(ColumnPath::from("value"), false);
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let file = SerializedFileWriter::new(file, schema, Arc::new(properties.build()))?;
        Ok(Self { file, series: Vec::new(), of: Vec::new(), times: Vec::new(), values: Vec::new() })
    }

    pub fn write(&mut self, reading: &Reading) -> std::result::Result<(), WriteError> {
        let known = self.series.iter().rposition(|s| *s == reading.series);
        let index = known.unwrap_or_else(|| {
            self.series.push(Arc::clone(&reading.series));
            self.series.len() - 1
        });
        self.of.push(u32::try_from(index).unwrap_or(u32::MAX));
        self.times.push(reading.measured_at_us);
        self.values.push(reading.value);
        if self.times.len() >= GROUP {
            self.write_group()?;
        }
        Ok(())
    }

    pub fn finish(mut self) -> std::result::Result<W, WriteError> {
        if !self.times.is_empty() {
            self.write_group()?;
        }
        Ok(self.file.into_inner()?)
    }

    fn write_group(&mut self) -> Result<()> {
        let mut group = self.file.next_row_group()?;
        write_texts(&mut group, &self.of, self.series.iter().map(|s| s.board.as_str()))?;
        write_texts(&mut group, &self.of, self.series.iter().map(|s| s.channel.as_str()))?;
        write_texts(&mut group, &self.of, self.series.iter().map(|s| s.unit.as_str()))?;
        if let Some(mut column) = group.next_column()? {
            column.typed::<Int64Type>().write_batch(&self.times, None, None)?;
            column.close()?;
        }
        if let Some(mut column) = group.next_column()? {
            column.typed::<DoubleType>().write_batch(&self.values, None, None)?;
            column.close()?;
        }
        group.close()?;
        self.series.clear();
        self.of.clear();
        self.times.clear();
        self.values.clear();
        Ok(())
    }
}

fn write_texts<'a, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    of: &[u32],
    texts: impl Iterator<Item = &'a str>,
) -> Result<()> {
    let texts: Vec<ByteArray> = texts.map(ByteArray::from).collect();
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    for of in of.chunks(BATCH) {
        let texts: Vec<ByteArray> = of.iter().map(|i| texts[*i as usize].clone()).collect();
        column.typed::<ByteArrayType>().write_batch(&texts, None, None)?;
    }
    column.close()
}
