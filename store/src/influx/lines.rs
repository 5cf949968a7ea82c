//! Line protocol: readings and rollups as InfluxDB takes them, compressed.
//! <https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/>

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::Range;

use telemetry::pack::Sample;

use crate::{Bucket, StoreError};

/// Measurement of readings: tags board, channel, unit; field `value`.
pub(super) const READING: &str = "reading";
/// Measurement of rollups: the same tags; fields count, min, max, sum, first, last; the time is the
/// start of the window.
pub(super) const ROLLUP: &str = "rollup";
/// Measurement of marks: hours whose rollups have to be made again; no tags, field `n`.
pub(super) const ROLLUP_DUE: &str = "rollup_due";

/// Lines, one after the other.
#[derive(Default)]
pub(super) struct Lines {
    text: String,
    ends: Vec<usize>,
}

impl Lines {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn reading(&mut self, tags: &str, sample: Sample) {
        // Debug writes the shortest text that reads back as the same double, with an exponent.
        let Sample { measured_at_us, value } = sample;
        self.push(format_args!("{READING},{tags} value={value:?} {measured_at_us}000"));
    }

    pub fn rollup(&mut self, tags: &str, start_us: i64, b: &Bucket) {
        let Bucket { count, min, max, sum, first, last } = b;
        let (first, last) = (first.value, last.value);
        self.push(format_args!(
            "{ROLLUP},{tags} count={count}i,min={min:?},max={max:?},sum={sum:?},first={first:?},\
             last={last:?} {start_us}000"
        ));
    }

    pub fn due(&mut self, hour_us: i64) {
        self.push(format_args!("{ROLLUP_DUE} n=1i {hour_us}000"));
    }

    fn push(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = self.text.write_fmt(line);
        self.text.push('\n');
        self.ends.push(self.text.len());
    }

    pub fn text(&self, lines: Range<usize>) -> &str {
        let start = lines.start.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..lines.end.checked_sub(1).map_or(0, |last| self.ends[last])]
    }

    /// The lines as gzip, which InfluxDB takes with `Content-Encoding: gzip`.
    pub fn compressed(&self, lines: Range<usize>) -> Result<Vec<u8>, StoreError> {
        let bytes = Vec::with_capacity(self.text.len() / 8);
        let mut gzip = flate2::write::GzEncoder::new(bytes, flate2::Compression::fast());
        let written = gzip.write_all(self.text(lines).as_bytes());
        written.and_then(|()| gzip.finish()).map_err(|e| StoreError::Answer(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_carry_the_measured_time_in_nanoseconds_and_exact_values() {
        let mut lines = Lines::default();
        lines.reading("board=b", Sample { measured_at_us: 1_700_000_000_000_001, value: 0.1 });
        lines.reading("board=b", Sample { measured_at_us: -5, value: 1e300 });
        lines.due(0);
        assert_eq!(
            lines.text(0..2),
            "reading,board=b value=0.1 1700000000000001000\nreading,board=b value=1e300 -5000\n"
        );
        assert_eq!(lines.text(2..3), "rollup_due n=1i 0000\n");
    }
}
