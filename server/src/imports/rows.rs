//! A file becomes rows, and a row cells that are checked one by one: every mistake is found, not the
//! first.

use csv::StringRecord;

use super::kind::ImportKind;
use super::report::ImportError;
use crate::http::{Language, Problem};
use crate::limits::IMPORT_ROWS;
use crate::time;

/// A file that was read.
pub(super) struct File {
    /// Names of the columns, in the order of the file.
    header: Vec<String>,
    rows: Vec<StringRecord>,
    /// Mistakes in the header, and rows that are none.
    pub errors: Vec<ImportError>,
}

impl File {
    /// Reads CSV (RFC 4180) in UTF-8 with commas or semicolons; a byte order mark is skipped.
    pub fn read(kind: ImportKind, bytes: &[u8]) -> Result<Self, Problem> {
        let invalid = |text: String| Problem::Invalid(text);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes)
            .map_err(|_| invalid("the file has to be UTF-8: save it as `CSV UTF-8`".into()))?;
        if text.contains('\0') {
            return Err(invalid("the file has the character NUL".into()));
        }
        let first = text.lines().next().unwrap_or_default();
        let semicolons = first.matches(';').count() > first.matches(',').count();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(if semicolons { b';' } else { b',' })
            .flexible(true)
            .from_reader(text.as_bytes());
        let unreadable = |e: csv::Error| invalid(format!("the file is no CSV: {e}"));
        let header = reader.headers().map_err(unreadable)?;
        let header: Vec<String> = header.iter().map(|h| h.trim().to_lowercase()).collect();
        let mut file = Self { errors: check_header(kind, &header), header, rows: Vec::new() };
        for record in reader.into_records() {
            if file.rows.len() == IMPORT_ROWS {
                return Err(invalid(format!("a file may have {IMPORT_ROWS} rows: divide it")));
            }
            file.rows.push(record.map_err(unreadable)?);
        }
        Ok(file)
    }

    /// The rows with something in them, each with its number.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let rows = (2..).zip(&self.rows);
        let filled = rows.filter(|(_, record)| record.iter().any(|cell| !cell.trim().is_empty()));
        filled.map(|(number, record)| Row {
            number,
            header: &self.header,
            record,
            errors: Vec::new(),
        })
    }
}

fn check_header(kind: ImportKind, header: &[String]) -> Vec<ImportError> {
    let known = || kind.columns().iter().map(|column| column.name);
    let names = || known().collect::<Vec<_>>().join(", ");
    let mut errors = Vec::new();
    let mut add = |column: &str, problem: String| {
        errors.push(ImportError { row: 1, column: Some(column.to_owned()), problem });
    };
    for (at, name) in header.iter().enumerate() {
        if !known().any(|column| column == name) {
            add(name, format!("there is no such column; {} has {}", kind.as_str(), names()));
        } else if header.get(..at).is_some_and(|before| before.contains(name)) {
            add(name, "this column is there twice".to_owned());
        }
    }
    for column in kind.columns().iter().filter(|column| column.needed) {
        if !header.iter().any(|name| name == column.name) {
            add(column.name, "this column is missing".to_owned());
        }
    }
    errors
}

/// A row that is being read. A cell that is empty, or whose column the file does not have, says
/// nothing.
pub(super) struct Row<'a> {
    pub number: usize,
    header: &'a [String],
    record: &'a StringRecord,
    errors: Vec<ImportError>,
}

impl<'a> Row<'a> {
    fn cell(&self, column: &str) -> Option<&'a str> {
        let at = self.header.iter().position(|name| name == column)?;
        self.record.get(at).map(str::trim).filter(|cell| !cell.is_empty())
    }

    /// Notes a mistake in a cell.
    pub fn wrong(&mut self, column: &str, problem: impl Into<String>) {
        let (row, column) = (self.number, Some(column.to_owned()));
        self.errors.push(ImportError { row, column, problem: problem.into() });
    }

    /// A text that may be left out, of at most so many characters.
    pub fn text(&mut self, column: &str, most: usize) -> Option<&'a str> {
        let text = self.cell(column)?;
        if text.chars().count() > most {
            self.wrong(column, format!("it may have {most} characters"));
            return None;
        }
        Some(text)
    }

    /// A text that every row has.
    pub fn needed(&mut self, column: &str, most: usize) -> Option<&'a str> {
        if self.cell(column).is_none() {
            self.wrong(column, "it has to be filled in");
        }
        self.text(column, most)
    }

    /// Yes or no.
    pub fn flag(&mut self, column: &str) -> Option<bool> {
        match self.cell(column)?.to_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => {
                self.wrong(column, "it has to be true or false");
                None
            }
        }
    }

    /// A language, by its tag.
    pub fn language(&mut self, column: &str) -> Option<Language> {
        let tag = self.cell(column)?;
        let known = Language::ALL.into_iter().find(|l| l.as_str().eq_ignore_ascii_case(tag));
        if known.is_none() {
            let tags = Language::ALL.map(Language::as_str).join(", ");
            self.wrong(column, format!("it has to be one of {tags}"));
        }
        known
    }

    /// A number from a range, such as degrees; with a point or a comma.
    pub fn number(&mut self, column: &str, range: std::ops::RangeInclusive<f64>) -> Option<f64> {
        let number = self.cell(column)?.replace(',', ".").parse().ok();
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = range.into_inner();
            self.wrong(column, format!("it has to be a number from {least} to {most}"));
        }
        number
    }

    /// A day, or a time in RFC 3339, in microseconds.
    pub fn time(&mut self, column: &str) -> Option<i64> {
        let text = self.cell(column)?;
        let day = format!("{text}T00:00:00Z");
        let at = time::needed(column, text).or_else(|_| time::needed(column, &day)).ok();
        if at.is_none() {
            self.wrong(column, "it has to be a day such as 2026-01-31, or an RFC 3339 time");
        }
        at
    }

    /// Notes what the thing itself refuses, which is about the row.
    pub fn refused(&mut self, problem: String) {
        self.errors.push(ImportError { row: self.number, column: None, problem });
    }

    /// Whether a mistake was found.
    pub fn is_wrong(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The mistakes that were found, and one where the row is longer than the header.
    pub fn finish(mut self) -> Vec<ImportError> {
        if self.record.len() > self.header.len() {
            let (cells, columns) = (self.record.len(), self.header.len());
            self.refused(format!("it has {cells} cells, and the header {columns}"));
        }
        self.errors
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> File {
        File::read(ImportKind::Customers, text.as_bytes()).unwrap()
    }

    #[test]
    fn spreadsheets_write_commas_or_semicolons_and_a_byte_order_mark() {
        for text in [
            "name,notes\r\nNordic,\"a, b\"\r\n",
            "\u{feff}Name;Notes\nNordic;a, b\n",
            "notes,name\n\"a, b\",Nordic",
        ] {
            let file = read(text);
            assert_eq!(file.errors, [], "{text}");
            let mut row = file.rows().next().unwrap();
            assert_eq!((row.text("name", 9), row.text("notes", 9)), (Some("Nordic"), Some("a, b")));
            assert_eq!(row.number, 2);
        }
    }

    #[test]
    fn every_mistake_in_a_header_is_named() {
        let file = read("nmae,notes,notes\n");
        let wrong: Vec<_> = file.errors.iter().filter_map(|e| e.column.as_deref()).collect();
        assert_eq!(wrong, ["nmae", "notes", "name"]);
    }

    #[test]
    fn an_empty_row_counts_and_says_nothing() {
        let file = read("name,notes\nA,\n,\nB,b\n");
        assert_eq!(file.rows().map(|row| row.number).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn what_is_no_utf_8_is_refused_in_words() {
        let latin = File::read(ImportKind::Customers, b"name\nM\xfcller\n");
        assert!(matches!(latin, Err(Problem::Invalid(text)) if text.contains("UTF-8")));
    }

    proptest! {
        #[test]
        fn no_file_makes_the_reader_fail(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for kind in ImportKind::ALL {
                if let Ok(file) = File::read(kind, &bytes) {
                    for mut row in file.rows() {
                        for column in kind.columns() {
                            let _ = row.text(column.name, 3);
                            let _ = row.flag(column.name);
                            let _ = row.language(column.name);
                            let _ = row.number(column.name, 0.0..=1.0);
                            let _ = row.time(column.name);
                        }
                        let _ = row.finish();
                    }
                }
            }
        }
    }
}
