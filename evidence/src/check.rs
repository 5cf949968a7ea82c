//! Verification: is every byte as it was signed, and if not, what is the first thing that is not.

use crate::altered::Altered;
use crate::chain::Chain;
use crate::document::OPENING;
use crate::item::Report;
use crate::key::PublicKey;
use crate::naming::Namer;
use crate::page;
use crate::sealed::{Seal, Sealed};

/// Which of the two kinds of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Items, readings and seal: `.aftercare.json`.
    Document,
    /// A page for people that embeds a document.
    Page,
}

/// A file of which every byte is as it was signed.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Which kind of file.
    pub kind: FileKind,
    /// Whose key signed it. The signature says nothing of who holds that key.
    pub key: PublicKey,
    /// Items and readings.
    pub items: u64,
    /// The first item, where this version knows it: what the report is about, and when it was made.
    pub report: Option<Report>,
}

/// Checks a file of either kind.
///
/// # Errors
/// The first thing that is not as it was signed.
pub fn verify(file: &[u8]) -> Result<Verified, Altered> {
    if file.starts_with(OPENING) {
        return document(file);
    }
    if page::is_one(file) {
        return page::verify(file);
    }
    Err(Altered::Beginning)
}

/// Checks a document by itself.
pub fn document(bytes: &[u8]) -> Result<Verified, Altered> {
    let lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
    if lines[0] != OPENING {
        return Err(Altered::Beginning);
    }
    let sealed_at = lines.iter().position(|line| Seal::resembles(line));
    let end = sealed_at.unwrap_or(lines.len());
    let seal = sealed_at.map(|i| Seal::read(lines[i]));
    // The last line ends as well: nothing follows it but its end.
    let whole = sealed_at.is_some_and(|i| lines.len() == i + 2 && lines[i + 1].is_empty());
    let items = &lines[1..end];
    let items = match seal {
        Some(_) => items,
        None => items.strip_suffix(&[&b""[..]]).unwrap_or(items),
    };
    let stated = seal.as_ref().and_then(Option::as_ref).map(|seal| seal.head);
    let (head, report) = items_of(items, stated, sealed_at.is_some())?;
    let Some(seal) = seal else { return Err(Altered::Truncated { after: items.len() as u64 }) };
    let seal = seal.ok_or(Altered::Seal)?;
    if seal.head != head {
        return Err(match (seal.signs(seal.head), seal.signs(head)) {
            (true, _) => Altered::Rewritten,
            (false, true) => Altered::Head,
            (false, false) => Altered::Signature,
        });
    }
    if !seal.signs(head) {
        return Err(Altered::Signature);
    }
    if !whole {
        return Err(Altered::AfterEnd);
    }
    Ok(Verified { kind: FileKind::Document, key: seal.key, items: items.len() as u64, report })
}

/// Follows the chain through the lines. `stated` is the head that the seal states.
fn items_of(
    lines: &[&[u8]],
    stated: Option<Chain>,
    sealed: bool,
) -> Result<(Chain, Option<Report>), Altered> {
    let mut chain = Chain::begin();
    let mut namer = Namer::default();
    let mut report = None;
    for (i, (line, expected)) in lines.iter().zip(1..).enumerate() {
        let Some(item) = Sealed::read(line) else {
            // A line without an end is where the file was cut.
            if !sealed && i + 1 == lines.len() {
                return Err(Altered::Truncated { after: expected - 1 });
            }
            return Err(Altered::Item { number: expected, name: namer.name_of_line(line) });
        };
        let name = |namer: &Namer| namer.name(item.item);
        chain = chain.then(item.item);
        let fits = item.mark == chain.mark().as_bytes();
        if item.number != expected && !fits {
            let name = name(&namer);
            return Err(match item.number > expected {
                true => Altered::Missing { number: expected, next: name },
                false => Altered::OutOfPlace { number: expected, found: item.number, name },
            });
        }
        let comma = i + 1 < lines.len() || !sealed;
        if fits && item.comma && !comma && stated != Some(chain) {
            return Err(Altered::Missing { number: expected + 1, next: "the seal".to_owned() });
        }
        if item.number != expected || (fits && item.comma != comma) {
            return Err(Altered::Beside { number: expected, name: name(&namer) });
        }
        if !fits {
            let altered_beside = match lines.get(i + 1) {
                Some(next) => goes_on(chain, next),
                None => stated == Some(chain),
            };
            let (number, name) = (expected, name(&namer));
            return Err(match altered_beside {
                true => Altered::Beside { number, name },
                false => Altered::Item { number, name },
            });
        }
        if expected == 1 {
            report = Report::first(item.item);
        }
        namer.follow(item.item);
    }
    Ok((chain, report))
}

/// Whether a line follows a chain: then all before it is as it was signed.
fn goes_on(chain: Chain, line: &[u8]) -> bool {
    Sealed::read(line).is_some_and(|s| s.mark == chain.then(s.item).mark().as_bytes())
}
