//! Line protocol: readings and rollups as InfluxDB takes them, compressed.
//! <https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/>

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::Range;

use telemetry::pack::Sample;

use super::names::{Tags, tag_value};
use crate::{Bucket, NamedSeries, NotedTicket, StoreError};

/// Measurement of readings: tags board, channel, unit; field `value`.
pub(super) const READING: &str = "reading";
/// Measurement of rollups: the same tags; fields count, min, max, sum, first, last; the time is the
/// start of the window.
pub(super) const ROLLUP: &str = "rollup";
/// Measurement of marks: hours whose rollups have to be made again; no tags, field `n`.
pub(super) const ROLLUP_DUE: &str = "rollup_due";
/// Measurement of names, in the bucket of names: the tags of the series; the fields asset, point,
/// quantity, position, symbol (the unit as it is written), scale and offset (reported × scale +
/// offset is calibrated) and valid_to (nanoseconds); the time is the first moment for which it holds.
pub(super) const POINT: &str = "point";
/// Measurement of tickets, in the bucket of names: the tag id; the fields asset, number, state,
/// title and opened_at (nanoseconds); the time is since when the machine deviates.
pub(super) const TICKET: &str = "ticket";

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

    /// `valid` is within what InfluxDB can hold.
    pub fn point(&mut self, tags: &Tags, named: &NamedSeries, valid: crate::Range) {
        self.push(format_args!(
            "{POINT},{} asset={},point={},quantity={},position={},symbol={},scale={:?},\
             offset={:?},valid_to={}000i {}000",
            tags.line,
            Text(&named.asset),
            Text(&named.point),
            Text(&named.quantity),
            Text(&named.position),
            Text(&tags.symbol),
            named.scale,
            named.offset,
            valid.to_us,
            valid.from_us
        ));
    }

    pub fn ticket(&mut self, ticket: &NotedTicket) {
        self.push(format_args!(
            "{TICKET},id={} asset={},number={},state={},title={},opened_at={}000i {}000",
            tag_value(&ticket.id),
            Text(&ticket.asset),
            Text(&ticket.number),
            Text(&ticket.state),
            Text(&ticket.title),
            ticket.opened_us,
            ticket.since_us
        ));
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

/// A text as the value of a field.
struct Text<'a>(&'a str);

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            if matches!(c, '"' | '\\') {
                f.write_char('\\')?;
            }
            // A line break would be taken for the end of the line by those who count lines.
            f.write_char(if c.is_control() { ' ' } else { c })?;
        }
        f.write_char('"')
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

    #[test]
    fn names_stand_there_as_people_wrote_them() {
        let mut lines = Lines::default();
        lines.ticket(&NotedTicket {
            id: "018f".into(),
            number: "T-7".into(),
            asset: r#"Pump "7", \ old"#.into(),
            state: "open".into(),
            title: "two\nlines".into(),
            since_us: 5,
            opened_us: 6,
        });
        let expected = concat!(
            r#"ticket,id=018f asset="Pump \"7\", \\ old",number="T-7",state="open","#,
            r#"title="two lines",opened_at=6000i 5000"#,
            "\n"
        );
        assert_eq!(lines.text(0..1), expected);
    }
}
