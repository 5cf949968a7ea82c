//! A page: the report for people, in one HTML file that needs nothing else, with the document in it.
//!
//! Everything before the page's seal is hashed and signed, so that what people see is bound to the
//! key as much as the items are. What a page shows is made from the items and from nothing else,
//! except for the pictures, whose digests are in the items.

mod charts;
mod entries;
mod figures;
mod machine;
mod points;
mod view;
mod work;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use crate::altered::Altered;
use crate::chain::{page_hash, page_message};
use crate::check::{self, FileKind, Verified};
use crate::document::{Document, Line};
use crate::hex;
use crate::key::Signer;
use view::View;

const BEGINNING: &[u8] = b"<!DOCTYPE html><html";
const DOCUMENT_OPENS: &[u8] = b"<script type=\"application/json\" id=\"evidence\">\n";
const DOCUMENT_CLOSES: &[u8] = b"</script>\n";
const SEAL_OPENS: &[u8] = b"<script type=\"application/json\" id=\"page-seal\">{\"page\":\"";
const TO_SIGNATURE: &[u8] = b"\",\"signature\":\"";
const END: &[u8] = b"\"}</script>\n</body></html>\n";
/// What stands before the digest of a picture.
const PICTURE: &[u8] = b"data-sha256=\"";

/// A photo, to be shown on the page.
#[derive(Debug, Clone)]
pub struct Photo {
    /// SHA-256 of the bytes, in hexadecimal digits, as its entry names it.
    pub sha256: String,
    /// Such as `image/jpeg`.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Makes the page of a document from the lines that the document was written from.
#[must_use]
pub fn page(lines: &[Line], photos: &[Photo], document: &Document, signer: &Signer) -> Vec<u8> {
    let view = View::of(lines);
    let mut bytes = head(&view, photos).into_string().into_bytes();
    bytes.push(b'\n');
    bytes.extend_from_slice(DOCUMENT_OPENS);
    bytes.extend_from_slice(&document.bytes);
    bytes.extend_from_slice(DOCUMENT_CLOSES);
    let hash = page_hash(&bytes);
    let signature = signer.sign(&page_message(&hash));
    let (hash, signature) = (hex::write(&hash), hex::write(&signature));
    for part in [SEAL_OPENS, hash.as_bytes(), TO_SIGNATURE, signature.as_bytes(), END] {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// Everything that people see, up to where the document is embedded.
fn head(view: &View<'_>, photos: &[Photo]) -> Markup {
    let title = view.report.map_or("Repair report", |r| &r.title);
    let whole = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // Nothing is fetched and nothing runs, whatever is written in an item.
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; img-src data:; style-src 'unsafe-inline'";
                title { (title) }
                style { (PreEscaped(include_str!("page.css"))) }
            }
            body {
                main {
                    (machine::opening(view))
                    (points::overview(view))
                    (points::in_detail(view))
                    (work::acceptance(view))
                    (work::time_axis(view))
                    (work::photos(view, photos))
                    (machine::sensors(view))
                    (machine::ticket(view))
                    (machine::how_to_check(view))
                }
                (PreEscaped("\u{0}"))
            }
        }
    };
    // The document and the seals stand inside of the body.
    let text = whole.into_string();
    let end = text.find('\u{0}').unwrap_or(text.len());
    PreEscaped(text[..end].to_owned())
}

fn picture(photo: &Photo, caption: &str) -> Markup {
    let source = format!("data:{};base64,{}", photo.media_type, STANDARD.encode(&photo.bytes));
    html! { img data-sha256=(photo.sha256) src=(source) alt=(caption); }
}

/// Whether a file begins as a page does.
pub fn is_one(file: &[u8]) -> bool {
    file.starts_with(BEGINNING)
}

struct PageSeal {
    hash: [u8; 32],
    signature: [u8; 64],
}

impl PageSeal {
    /// Reads what has to follow the page to its last byte.
    fn read(tail: &[u8]) -> Result<Self, Altered> {
        let parts = || {
            let rest = tail.strip_prefix(SEAL_OPENS)?;
            let (hash, rest) = rest.split_at_checked(64)?;
            let rest = rest.strip_prefix(TO_SIGNATURE)?;
            let (signature, rest) = rest.split_at_checked(128)?;
            let after = rest.strip_prefix(END)?;
            Some((Self { hash: hex::read(hash)?, signature: hex::read(signature)? }, after))
        };
        match parts() {
            Some((seal, [])) => Ok(seal),
            Some(_) => Err(Altered::AfterEnd),
            None => Err(Altered::PageSeal),
        }
    }
}

/// Checks a page: the document in it first, since that can name what was altered.
pub fn verify(file: &[u8]) -> Result<Verified, Altered> {
    let seal_at = find_last(file, SEAL_OPENS).unwrap_or(file.len());
    let (body, tail) = file.split_at(seal_at);
    let verified = check::document(embedded(body).ok_or(Altered::Page)?)?;
    let seal = PageSeal::read(tail)?;
    let signed = |hash| verified.key.signed(&page_message(hash), &seal.signature);
    let hash = page_hash(body);
    if hash != seal.hash {
        return Err(match signed(&seal.hash) {
            true => altered_picture(body).unwrap_or(Altered::Page),
            false => Altered::PageSeal,
        });
    }
    if !signed(&hash) {
        return Err(Altered::PageSeal);
    }
    Ok(Verified { kind: FileKind::Page, ..verified })
}

/// The document in a page: up to the end of the page, so that nothing in it can end it sooner.
fn embedded(body: &[u8]) -> Option<&[u8]> {
    let from = find(body, DOCUMENT_OPENS)? + DOCUMENT_OPENS.len();
    let rest = &body[from..];
    // A page that was cut ends within the document, which then says where.
    Some(rest.strip_suffix(DOCUMENT_CLOSES).unwrap_or(rest))
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|w| w == part)
}

fn find_last(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).rposition(|w| w == part)
}

/// The first picture that is not the one whose digest stands beside it.
fn altered_picture(body: &[u8]) -> Option<Altered> {
    let mut rest = body;
    while let Some(at) = find(rest, PICTURE) {
        rest = &rest[at + PICTURE.len()..];
        let (digest, source) = rest.split_at_checked(64)?;
        let from = find(source, b";base64,")? + 8;
        let until = from + source[from..].iter().position(|b| *b == b'"')?;
        let content = STANDARD.decode(&source[from..until]);
        let found = content.map(|bytes| hex::write(&Sha256::digest(&bytes)));
        if found.is_ok_and(|found| found.as_bytes() != digest) {
            return Some(Altered::Picture(String::from_utf8_lossy(digest).into_owned()));
        }
    }
    None
}
