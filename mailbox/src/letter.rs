//! A letter out of its bytes.

use mailparse::{
    DispositionType, MailAddr, MailHeaderMap as _, ParsedMail, addrparse_header, parse_mail,
};

use crate::limits::{FILES, HEAD_BYTES, LETTER_BYTES, MESSAGE_ID_BYTES, MULTIPARTS, REFERENCES};
use crate::{automatic, text};

/// Why a letter is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Larger than a limit allows: nobody writes such a letter by hand.
    #[error("{0}")]
    Excessive(&'static str),
    /// No letter at all.
    #[error("no letter: {0}")]
    Malformed(String),
}

/// Who a letter says that it is from; that is not proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Display name; empty without one.
    pub name: String,
    /// Such as `ada@example.com`, as it is written.
    pub address: String,
}

/// A file in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// As the sender called it; empty when they did not.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// The first author.
    pub from: Option<Sender>,
    /// In one line.
    pub subject: String,
    /// Message-IDs of the conversation, the oldest first, and what it answers last.
    pub references: Vec<String>,
    /// Plain text, with what it quotes.
    pub text: String,
    /// At most [`FILES`] files.
    pub files: Vec<File>,
    /// Files that were left out.
    pub more_files: usize,
    /// What says that no person wrote it to us: it is not answered.
    pub automatic: Option<&'static str>,
}

impl Letter {
    /// Reads a letter. Whatever the bytes are, this ends, without a panic.
    ///
    /// # Errors
    /// When it is larger than the limits, or no letter.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        bounded(bytes)?;
        let mail = parse_mail(bytes).map_err(|e| Unreadable::Malformed(e.to_string()))?;
        let mut content = Content::default();
        content.take(&mail);
        let head = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
        let mut references = ids(&head("References"));
        for id in ids(&head("In-Reply-To")) {
            references.retain(|known| *known != id);
            references.push(id);
        }
        references.drain(..references.len().saturating_sub(REFERENCES));
        Ok(Self {
            message_id: ids(&head("Message-ID")).into_iter().next(),
            from: sender(&mail),
            subject: text::one_line(&head("Subject")),
            references,
            text: text::tidy(&content.text),
            files: content.files,
            more_files: content.more_files,
            automatic: automatic::sign(&mail),
        })
    }
}

/// Refuses what only an attack is: parts are read one inside the other, and each has a boundary.
fn bounded(bytes: &[u8]) -> Result<(), Unreadable> {
    if bytes.len() > LETTER_BYTES {
        return Err(Unreadable::Excessive("the letter is too large"));
    }
    let head_ends = |end: &[u8]| bytes.windows(end.len()).position(|seen| seen == end);
    let head = head_ends(b"\r\n\r\n").into_iter().chain(head_ends(b"\n\n")).min();
    if head.unwrap_or(bytes.len()) > HEAD_BYTES {
        return Err(Unreadable::Excessive("the head of the letter is too large"));
    }
    let word = b"boundary";
    let boundaries = bytes.windows(word.len()).filter(|seen| seen.eq_ignore_ascii_case(word));
    if boundaries.take(MULTIPARTS + 1).count() > MULTIPARTS {
        return Err(Unreadable::Excessive("the letter has too many parts"));
    }
    Ok(())
}

fn sender(mail: &ParsedMail<'_>) -> Option<Sender> {
    let header = mail.headers.get_first_header("From")?;
    let single = addrparse_header(header).ok()?.iter().find_map(|address| match address {
        MailAddr::Single(single) => Some(single.clone()),
        MailAddr::Group(group) => group.addrs.first().cloned(),
    })?;
    let name = text::one_line(&single.display_name.unwrap_or_default());
    Some(Sender { name, address: single.addr.trim().to_owned() })
}

/// What stands in angle brackets (RFC 5322, 3.6.4).
fn ids(text: &str) -> Vec<String> {
    let begun = text.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    let ids = begun.map(|(id, _)| id.split_whitespace().collect::<String>());
    let sound = |id: &String| {
        !id.is_empty() && id.len() <= MESSAGE_ID_BYTES && id.chars().all(|c| c.is_ascii_graphic())
    };
    ids.filter(sound).collect()
}

/// What the parts of a letter come to.
#[derive(Default)]
struct Content {
    text: String,
    files: Vec<File>,
    more_files: usize,
}

impl Content {
    fn take(&mut self, part: &ParsedMail<'_>) {
        let kind = part.ctype.mimetype.as_str();
        match kind {
            "multipart/alternative" => self.take_best(part),
            _ if !part.subparts.is_empty() => part.subparts.iter().for_each(|p| self.take(p)),
            "text/plain" | "text/html" if !is_file(part) => self.add_text(part),
            // A boundary without parts, or one that is never reached.
            _ if kind.starts_with("multipart/") => {}
            _ => self.add_file(part),
        }
    }

    /// Of several ways to say the same, plain text, or else the last that says something (RFC 2046,
    /// 5.1.4).
    fn take_best(&mut self, part: &ParsedMail<'_>) {
        let plain = |p: &&ParsedMail<'_>| p.ctype.mimetype == "text/plain" && text::says(p);
        if let Some(plain) = part.subparts.iter().find(plain) {
            self.take(plain);
            // What stands beside the words, such as pictures of the HTML, is kept.
            let beside = part.subparts.iter().filter(|p| p.ctype.mimetype != "text/plain");
            beside.for_each(|p| self.take_files(p));
        } else if let Some(last) = part.subparts.last() {
            self.take(last);
        }
    }

    fn take_files(&mut self, part: &ParsedMail<'_>) {
        part.subparts.iter().for_each(|p| self.take_files(p));
        if part.subparts.is_empty() && (is_file(part) || !part.ctype.mimetype.starts_with("text/"))
        {
            self.add_file(part);
        }
    }

    fn add_text(&mut self, part: &ParsedMail<'_>) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        text::add(&mut self.text, part);
    }

    fn add_file(&mut self, part: &ParsedMail<'_>) {
        if self.files.len() >= FILES {
            self.more_files += 1;
            return;
        }
        let content = part.get_body_raw().unwrap_or_default();
        if !content.is_empty() {
            self.files.push(File { name: name(part), content });
        }
    }
}

fn is_file(part: &ParsedMail<'_>) -> bool {
    part.get_content_disposition().disposition == DispositionType::Attachment
        || part.ctype.params.contains_key("name")
}

fn name(part: &ParsedMail<'_>) -> String {
    let disposition = part.get_content_disposition();
    let given = disposition.params.get("filename").or_else(|| part.ctype.params.get("name"));
    text::one_line(given.map_or("", String::as_str))
}
