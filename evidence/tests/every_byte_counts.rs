//! Any single changed byte is found, in both kinds of file, and so is what is missing, moved, added
//! or signed by somebody else.

mod reports;

use evidence::{Altered, Document, FileKind, Line, Signer, verify};
use proptest::prelude::*;
use reports::{files, lines, signer};

fn both() -> [Vec<u8>; 2] {
    let (document, page) = files(&lines(3));
    [document, page]
}

#[test]
fn an_untouched_report_is_verified_in_both_kinds_of_file() {
    let (document, page) = files(&lines(3));
    for (file, kind) in [(&document, FileKind::Document), (&page, FileKind::Page)] {
        let verified = verify(file).unwrap();
        assert_eq!(verified.kind, kind);
        assert_eq!(verified.key, signer().public());
        assert_eq!(verified.items, 36);
        assert_eq!(verified.report.unwrap().title, "Clean the strainer");
    }
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains(std::str::from_utf8(&document).unwrap()), "the page embeds the document");
    serde_json::from_slice::<serde_json::Value>(&document).expect("a document is JSON");
}

#[test]
fn every_single_changed_byte_is_found() {
    // Case and last bit; in the document also what ends a line, and one more bit.
    let two = |byte: u8, _: usize| vec![byte ^ 0x20, byte ^ 1];
    let five = |byte: u8, i: usize| vec![byte ^ 0x20, byte ^ 1, b'\n', b']', byte ^ (1 << (i % 8))];
    let [document, page] = both();
    found_everywhere(&document, five);
    found_everywhere(&page, two);
}

fn found_everywhere(file: &[u8], others: impl Fn(u8, usize) -> Vec<u8>) {
    let mut changed = file.to_vec();
    for (i, byte) in file.iter().copied().enumerate() {
        for other in others(byte, i).into_iter().filter(|other| *other != byte) {
            changed[i] = other;
            assert!(verify(&changed).is_err(), "byte {i}: {byte} became {other}");
        }
        changed[i] = byte;
    }
    assert!(verify(&changed).is_ok());
}

#[test]
fn every_missing_doubled_and_added_byte_is_found() {
    for file in both() {
        for i in 0..file.len() {
            let mut less = file.clone();
            less.remove(i);
            assert!(verify(&less).is_err() || less == file, "byte {i} is missing");
            let mut more = file.clone();
            more.insert(i, b' ');
            assert!(verify(&more).is_err(), "a blank was added at {i}");
            assert!(verify(&file[..i]).is_err(), "cut after {i}");
        }
        for tail in [&b"\n"[..], b" ", b"<p>more</p>", &file] {
            assert!(verify(&[&file, tail].concat()).is_err(), "{} bytes were added", tail.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_byte_of_a_long_report_counts(place in 0.0..1.0f64, other: u8, page: bool) {
        let (document, whole) = long();
        let mut file = if page { whole.clone() } else { document.clone() };
        let i = (place * file.len() as f64) as usize;
        prop_assume!(file[i] != other);
        file[i] = other;
        prop_assert!(verify(&file).is_err());
    }

    #[test]
    fn what_is_no_report_is_refused(bytes: Vec<u8>) {
        prop_assert!(verify(&bytes).is_err());
        let (document, _) = long();
        prop_assert!(verify(&[&document[..400], &bytes[..]].concat()).is_err());
    }
}

fn long() -> &'static (Vec<u8>, Vec<u8>) {
    static LONG: std::sync::OnceLock<(Vec<u8>, Vec<u8>)> = std::sync::OnceLock::new();
    LONG.get_or_init(|| files(&lines(2_000)))
}

/// The document with its lines changed.
fn with_lines(change: impl FnOnce(&mut Vec<&str>)) -> Altered {
    let document = String::from_utf8(files(&lines(3)).0).unwrap();
    let mut lines = document.split('\n').collect();
    change(&mut lines);
    verify(lines.join("\n").as_bytes()).unwrap_err()
}

#[test]
fn the_first_altered_item_is_named() {
    let (document, page) = files(&lines(3));
    for file in [document, page] {
        let text = String::from_utf8(file).unwrap();
        for (from, to, number, name) in [
            (
                "\"part_number\":\"DI-50-N\"",
                "\"part_number\":\"DI-50-X\"",
                10,
                "entry \"part used\" at 2026-01-31T10:12:00Z",
            ),
            (
                "[\"2026-01-31T08:50:02Z\",61.7]",
                "[\"2026-01-31T08:50:02Z\",71.7]",
                31,
                "reading of Inlet before the repair at 2026-01-31T08:50:02Z",
            ),
            (
                "\"statement\":\"it runs\"",
                "\"statement\":\"it ruhs\"",
                12,
                "entry \"signed off\" at 2026-01-31T10:40:00Z",
            ),
            (
                "\"scale\":1.01",
                "\"scale\":1.11",
                16,
                "calibration of pump-7/t1 from 2026-01-24T11:20:00Z",
            ),
        ] {
            assert!(text.contains(from), "{from}");
            let altered = verify(text.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert_eq!(altered.item(), Some((number, name)), "{altered}");
            assert!(matches!(altered, Altered::Item { .. }));
        }
    }
}

fn without(number: usize) -> Altered {
    with_lines(|lines| {
        lines.remove(number);
    })
}

#[test]
fn items_that_are_missing_moved_or_repeated_are_named() {
    let missing = without(10);
    assert!(matches!(missing, Altered::Missing { number: 10, .. }), "{missing}");
    let last = without(36);
    assert!(matches!(last, Altered::Missing { number: 36, .. }), "{last}");
    let repeated = with_lines(|lines| lines.insert(11, lines[10]));
    assert!(matches!(repeated, Altered::OutOfPlace { number: 11, found: 10, .. }), "{repeated}");
    let moved = with_lines(|lines| lines.swap(20, 21));
    assert!(matches!(moved, Altered::Missing { number: 20, .. }), "{moved}");
    let cut = with_lines(|lines| lines.truncate(21));
    assert_eq!(cut, Altered::Truncated { after: 20 });
    let appended = with_lines(|lines| lines.push("[37,\"0000000000000000\",{}]"));
    assert_eq!(appended, Altered::AfterEnd);
}

#[test]
fn an_altered_mark_leaves_its_item_beyond_doubt() {
    let document = String::from_utf8(files(&lines(3)).0).unwrap();
    for number in [10, 36] {
        let at =
            document.find(&format!("\n[{number},\"")).unwrap() + format!("\n[{number},\"").len();
        let mut bytes = document.clone().into_bytes();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        let altered = verify(&bytes).unwrap_err();
        assert!(matches!(altered, Altered::Beside { number: n, .. } if n == number), "{altered}");
    }
}

/// The lines of a report with another value in one reading.
fn forged() -> Vec<Line> {
    let mut lines = lines(3);
    if let Some(Line::Reading(_, value)) = lines.last_mut() {
        *value += 1.0;
    }
    lines
}

#[test]
fn a_forger_without_the_key_gets_nowhere() {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (document, page) = files(&lines(3));
    let (document, page) = (text(document), text(page));
    let other = Signer::from_seed(&[1; 32]);
    let forged = text(Document::write(&forged(), &other).unwrap().into_bytes());
    let seal = |text: &str| text[text.find("],\"seal\"").unwrap()..].to_owned();
    // Marks made anew, the seal of the true report.
    let body = forged.strip_suffix(&seal(&forged)).unwrap();
    let altered = verify(format!("{body}{}", seal(&document)).as_bytes()).unwrap_err();
    assert_eq!(altered, Altered::Rewritten);
    // The true key, the forger's signature.
    let key = |seal: &str| seal[17..81].to_owned();
    let swapped = seal(&forged).replace(&key(&seal(&forged)), &key(&seal(&document)));
    let altered = verify(format!("{body}{swapped}").as_bytes()).unwrap_err();
    assert_eq!(altered, Altered::Signature);
    // Signed by the forger: the chain holds, the key is another.
    let verified = verify(forged.as_bytes()).unwrap();
    assert_ne!(verified.key.fingerprint(), signer().public().fingerprint());
    // The true document on the forger's page, and the other way round.
    let (mut lines, document) = (lines(3), Document::write(&lines(3), &signer()).unwrap());
    lines.truncate(5);
    let on_another_page = evidence::page(&lines, &[], &document, &other);
    assert_eq!(verify(&on_another_page).unwrap_err(), Altered::PageSeal);
    let embedded = page.replace(std::str::from_utf8(&document.into_bytes()).unwrap(), &forged);
    assert!(verify(embedded.as_bytes()).is_err());
}

#[test]
fn what_the_page_shows_is_covered_as_well() {
    let page = String::from_utf8(files(&lines(3)).1).unwrap();
    let shown =
        page.replacen("<span class=\"word\">fixed</span>", "<span class=\"word\">worse</span>", 1);
    assert_eq!(verify(shown.as_bytes()).unwrap_err(), Altered::Page);
    let at = page.find(";base64,").unwrap() + 12;
    let mut bytes = page.clone().into_bytes();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    assert!(matches!(verify(&bytes).unwrap_err(), Altered::Picture(_)));
    let added = page.replacen("<main>", "<main><p>paid</p>", 1);
    assert_eq!(verify(added.as_bytes()).unwrap_err(), Altered::Page);
    let more = format!("{page}<script>document.title = 1</script>");
    assert_eq!(verify(more.as_bytes()).unwrap_err(), Altered::AfterEnd);
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let mut lines = lines(3);
    for line in &mut lines {
        if let Line::Item(item) = line
            && let evidence::Item::Entry(entry) = &mut **item
        {
            entry.author = "</script><script src=//evil></script><img src=x onerror=1>".into();
        }
    }
    let page = String::from_utf8(files(&lines).1).unwrap();
    assert_eq!(page.matches("<script").count(), 2, "the document and the seal of the page");
    assert!(!page.contains("onerror=1>"), "what people wrote is text");
    for outside in ["src=\"http", "href=", "url(", "@import", "<link", "<iframe"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(verify(page.as_bytes()).is_ok());
}
