//! Reads the CSV files of the public data sets, and `--set key=value` for the settings.

#![allow(dead_code)]

use std::path::Path;

use detection::Settings;

/// One line of a file.
pub struct Row {
    /// Microseconds since 1970.
    pub at_us: i64,
    /// The columns after the time.
    pub values: Vec<f64>,
}

/// A whole file: the names of its columns after the time, and its rows.
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

pub fn read(path: &Path, separator: char) -> Result<Table, String> {
    let named = |what: &str| format!("{}: {what}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| named(&error.to_string()))?;
    let mut lines = text.lines();
    let header = lines.next().ok_or_else(|| named("empty"))?;
    let columns = header.split(separator).skip(1).map(str::to_owned).collect();
    let mut rows = Vec::new();
    for line in lines {
        let mut cells = line.split(separator);
        let at_us = cells.next().and_then(instant_us).ok_or_else(|| named(line))?;
        let values = cells.map(str::parse).collect::<Result<_, _>>().map_err(|_| named(line))?;
        rows.push(Row { at_us, values });
    }
    Ok(Table { columns, rows })
}

/// `2020-03-09 10:34:33`, with or without a fraction, to microseconds since 1970.
/// Days from the civil date after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
pub fn instant_us(text: &str) -> Option<i64> {
    let whole = text.split('.').next()?;
    let parts: Vec<i64> = whole
        .split(['-', ' ', ':'])
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()
        .filter(|parts: &Vec<i64>| parts.len() == 6)?;
    let (month, day) = (parts[1], parts[2]);
    let year = parts[0] - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    Some((((days * 24 + parts[3]) * 60 + parts[4]) * 60 + parts[5]) * 1_000_000)
}

/// The default settings with every `--set key=value` of the command line applied.
pub fn settings(arguments: &[String]) -> Result<Settings, String> {
    let mut settings =
        serde_json::to_value(Settings::default()).map_err(|error| error.to_string())?;
    for pair in arguments.iter().filter(|argument| argument.contains('=')) {
        let (key, value) = pair.split_once('=').unwrap_or_default();
        let known = settings.get_mut(key).ok_or_else(|| format!("no setting named {key}"))?;
        *known = serde_json::from_str(value).map_err(|error| format!("{pair}: {error}"))?;
    }
    serde_json::from_value(settings).map_err(|error| error.to_string())
}
