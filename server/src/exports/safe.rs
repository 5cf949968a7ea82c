//! Cells that no spreadsheet takes for a formula.

use std::borrow::Cow;

/// A text as a cell. Where it begins like a formula, an apostrophe is put in front, which spreadsheets
/// show as the text itself (OWASP, CSV Injection).
pub(super) fn cell(text: &str) -> Cow<'_, str> {
    let begins =
        ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    match text.starts_with(begins) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_cell_begins_like_a_formula_and_the_text_is_all_there(text in "[=+@\t\r\n＝＋－＠-]?.*") {
            let cell = cell(&text);
            let first = cell.chars().next();
            prop_assert!(!first.is_some_and(|c| "=+-@\t\r\n＝＋－＠".contains(c)), "{}", cell);
            prop_assert!(cell.ends_with(&text));
        }
    }
}
