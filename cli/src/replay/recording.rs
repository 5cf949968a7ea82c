//! A recording, read and checked before the first row is sent.

use std::path::Path;

use anyhow::Context as _;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::map::Map;

pub struct Recording {
    pub map: Map,
    pub rows: Vec<Row>,
    /// Values that were empty or no numbers.
    pub skipped: u64,
}

pub struct Row {
    pub time_s: f64,
    /// In the order of the map's channels.
    pub values: Vec<Option<f64>>,
}

impl Recording {
    pub fn open(path: &Path, map: Option<Map>) -> anyhow::Result<Self> {
        let file = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {file}"))?;
        let header = text.lines().next().with_context(|| format!("{file} is empty"))?;
        let map = map.or_else(|| Map::recognise(header)).with_context(|| {
            format!("{file} is not recognised; write a mapping file (--map, see --help)")
        })?;
        let delimiter = u8::try_from(map.delimiter).context("delimiter: one ASCII character")?;
        let mut csv = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let header = csv.headers()?.clone();
        let column = |name: &str| {
            header
                .iter()
                .position(|h| h.trim() == name)
                .with_context(|| format!("{file} has no column {name:?}"))
        };
        let time = column(&map.time)?;
        let columns =
            map.channel.iter().map(|c| column(&c.column)).collect::<anyhow::Result<Vec<_>>>()?;
        let mut rows = Vec::new();
        let mut skipped = 0;
        for (i, record) in csv.records().enumerate() {
            let at = || format!("{file}, row {}", i + 2);
            let record = record.with_context(at)?;
            let time_s =
                parse_time(record.get(time).unwrap_or(""), &map.time_format).with_context(at)?;
            let number = |column: &usize| {
                let value = record.get(*column)?.trim().parse::<f64>().ok()?;
                value.is_finite().then_some(value)
            };
            let values: Vec<_> = columns.iter().map(number).collect();
            skipped += values.iter().filter(|v| v.is_none()).count() as u64;
            rows.push(Row { time_s, values });
        }
        anyhow::ensure!(!rows.is_empty(), "{file} has a header and no rows");
        Ok(Self { map, rows, skipped })
    }
}

fn parse_time(text: &str, format: &str) -> anyhow::Result<f64> {
    let text = text.trim();
    match format {
        "unix" => text.parse().with_context(|| format!("{text:?} is no Unix time")),
        "rfc3339" => {
            let time: jiff::Timestamp =
                text.parse().with_context(|| format!("{text:?} is no RFC 3339 time"))?;
            Ok(time.as_duration().as_secs_f64())
        }
        _ => {
            let time = DateTime::strptime(format, text)
                .with_context(|| format!("{text:?} does not match {format:?}"))?;
            Ok(time.to_zoned(TimeZone::UTC)?.timestamp().as_duration().as_secs_f64())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_three_ways() {
        let skab = parse_time("2020-03-09 10:34:33", "%Y-%m-%d %H:%M:%S").unwrap();
        assert_eq!(skab, 1_583_750_073.0);
        assert_eq!(parse_time("2020-03-09T10:34:33Z", "rfc3339").unwrap(), skab);
        assert_eq!(parse_time("1583750073", "unix").unwrap(), skab);
        assert!(parse_time("yesterday", "rfc3339").is_err());
    }
}
