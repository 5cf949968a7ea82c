//! What the words of a text are. Upper and lower case, accents and full-width forms make no difference
//! (Unicode compatibility decomposition, UAX #15). Chinese, Japanese and Korean are written without
//! spaces: there each character and each pair of neighbours is a word.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::limits::SEARCH_WORD_CHARS;

fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)
}

fn plain(text: &str) -> Vec<char> {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).nfc().collect()
}

/// Runs of characters that belong together: letters and digits, or CJK, or several of the first kind
/// with single signs between them, such as `pu-2024/0001`.
fn runs(text: &str) -> Vec<Vec<char>> {
    let mut runs: Vec<Vec<char>> = Vec::new();
    let mut open = false;
    for c in plain(text) {
        let fits = |run: &Vec<char>| run.last().is_some_and(|l| is_cjk(*l) == is_cjk(c));
        match runs.last_mut() {
            _ if !c.is_alphanumeric() => open = false,
            Some(run) if open && fits(run) => run.push(c),
            _ => {
                runs.push(vec![c]);
                open = true;
            }
        }
    }
    runs
}

fn cut(run: &[char]) -> String {
    run.iter().take(SEARCH_WORD_CHARS).collect()
}

/// Codes that are written with signs in them, such as `T-12` or `pu-2024/0001`, in one piece.
fn codes(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split_whitespace().filter_map(|piece| {
        let parts = runs(piece);
        let code: Vec<char> = parts.concat();
        let is_code = parts.len() > 1
            && code.iter().any(char::is_ascii_digit)
            && !code.iter().any(|c| is_cjk(*c));
        is_code.then(|| cut(&code))
    })
}

/// The words under which a text is found.
pub(super) fn of_text(text: &str) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = codes(text).collect();
    for run in runs(text) {
        if run.first().is_some_and(|c| is_cjk(*c)) {
            words.extend(run.iter().map(char::to_string));
            words.extend(run.windows(2).map(String::from_iter));
        } else {
            words.insert(cut(&run));
        }
    }
    words
}

/// The words that somebody asks for: a code stays in one piece.
pub(super) fn of_query(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in text.split_whitespace() {
        if let Some(code) = codes(piece).next() {
            words.push(code);
            continue;
        }
        for run in runs(piece) {
            match run.as_slice() {
                [first, _, ..] if is_cjk(*first) => {
                    words.extend(run.windows(2).map(String::from_iter));
                }
                _ => words.push(cut(&run)),
            }
        }
    }
    let mut seen = BTreeSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words
}

/// Whether a word can be begun or mistyped: a pair of Chinese characters cannot.
pub(super) fn has_grams(word: &str) -> bool {
    !word.chars().any(is_cjk)
}

/// The longest beginning that is kept of a word, characters.
pub(super) const BEGINNING: usize = 8;

/// `^` and the beginning of a word.
pub(super) fn beginning(word: &str) -> String {
    std::iter::once('^').chain(word.chars().take(BEGINNING)).collect()
}

/// Its runs of three characters.
pub(super) fn trigrams(word: &str) -> BTreeSet<String> {
    let chars: Vec<char> = word.chars().collect();
    chars.windows(3).map(String::from_iter).collect()
}

/// Everything under which a word is kept in the vocabulary.
pub(super) fn grams(word: &str) -> BTreeSet<String> {
    if !has_grams(word) {
        return BTreeSet::new();
    }
    let mut grams = trigrams(word);
    let begun = word.char_indices().skip(1).map(|(at, _)| &word[..at]).chain([word]);
    grams.extend(begun.take(BEGINNING).map(beginning));
    grams
}

#[cfg(test)]
mod tests {
    use super::{grams, of_query, of_text};

    fn text(text: &str) -> Vec<String> {
        of_text(text).into_iter().collect()
    }

    #[test]
    fn case_accents_and_full_width_forms_make_no_difference() {
        assert_eq!(text("Kühlgerät ＰＵＭＰ naïve"), ["kuhlgerat", "naive", "pump"]);
    }

    #[test]
    fn chinese_is_found_by_each_character_and_each_pair() {
        assert_eq!(text("空压机 A3"), ["a3", "压", "压机", "机", "空", "空压"]);
        assert_eq!(of_query("空压机"), ["空压", "压机"]);
        assert_eq!(of_query("机"), ["机"]);
        assert_eq!(text("A3空压"), ["a3", "压", "空", "空压"]);
    }

    #[test]
    fn a_code_is_found_whole_and_in_pieces() {
        assert_eq!(text("PU-2024/0001"), ["0001", "2024", "pu", "pu20240001"]);
        assert_eq!(of_query("T-12"), ["t12"]);
        assert_eq!(of_query("pu 2024 pu"), ["pu", "2024"]);
        assert_eq!(of_query("well-known"), ["well", "known"]);
    }

    #[test]
    fn signs_alone_are_no_words() {
        assert_eq!(of_query("% _ --"), [""; 0]);
    }

    #[test]
    fn a_word_is_kept_under_its_beginnings_and_runs_of_three() {
        let all: Vec<String> = grams("pump").into_iter().collect();
        assert_eq!(all, ["^p", "^pu", "^pum", "^pump", "pum", "ump"]);
        assert!(grams("压机").is_empty());
    }
}
