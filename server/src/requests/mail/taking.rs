//! A letter becomes a request, or a message of one.

use axum::body::Bytes;
use mailbox::{Letter, Sender, without_history};
use sqlx::{Any, Transaction};

use super::conversation::{belongs, listed, request_of};
use crate::access::Reach;
use crate::app::App;
use crate::attachments::{self, Holder, Kept, NewLink};
use crate::customers;
use crate::http::{Language, Problem};
use crate::limits::{
    ATTACHMENT_BYTES, MESSAGE_CHARS, PUBLIC_MESSAGES, PUBLIC_REQUESTS, PUBLIC_REQUESTS_EACH,
    TEXT_CHARS,
};
use crate::requests::channel::RequestChannel;
use crate::requests::linking::Links;
use crate::requests::messages::{self, MessageKind};
use crate::requests::public::bring_back;
use crate::requests::receiving::{Came, Incoming, Unread, receive};
use crate::requests::request::announce;
use crate::requests::throttle;
use crate::tokens::digest;

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    /// It began this request.
    Request(String),
    /// It belongs to this request.
    Message(String),
    /// It was taken before.
    Known,
    /// Nobody waits for an answer to it.
    Ignored(String),
}

/// Takes a letter, whole or not at all. What an error says that is the sender's doing stays so when it
/// is tried again.
pub(super) async fn take(app: &App, bytes: Vec<u8>) -> Result<Taken, Problem> {
    let own_name = format!("sha256:{}", digest(&bytes));
    let read = tokio::task::spawn_blocking(move || Letter::read(&bytes)).await;
    let letter = match read.map_err(|e| Problem::Internal(Box::new(e)))? {
        Ok(letter) => letter,
        Err(unreadable) => return ignore(app, &own_name, "", unreadable.to_string()).await,
    };
    let name = letter.message_id.clone().unwrap_or(own_name);
    let sender = letter.from.clone().and_then(known_address);
    let Some(sender) = sender else {
        return ignore(app, &name, "", "no sender".to_owned()).await;
    };
    let own = app.notifications.sends_from(&sender.address).then_some("our own e-mail");
    if let Some(why) = letter.automatic.or(own) {
        return ignore(app, &name, &sender.address, why.to_owned()).await;
    }
    if known(app, &name).await? {
        return Ok(Taken::Known);
    }
    let request_id = request_of(app, &letter, &sender.address).await?;
    let mail = Mail { name, sender, letter, files: Files::default() };
    mail.file(app, request_id).await
}

/// The address in the spelling in which it is known.
fn known_address(from: Sender) -> Option<Sender> {
    let address = customers::email(Some(&from.address)).ok().flatten()?;
    let name = from.name.chars().take(TEXT_CHARS).collect();
    messenger::is_address(&address).then_some(Sender { name, address })
}

async fn known(app: &App, name: &str) -> Result<bool, Problem> {
    let known: Option<String> =
        sqlx::query_scalar("SELECT message_id FROM request_mails WHERE message_id = $1")
            .bind(name)
            .fetch_optional(&app.database)
            .await?;
    Ok(known.is_some())
}

/// Writes down that a letter was looked at; false when it was before.
async fn note_down(
    tx: &mut Transaction<'_, Any>,
    (name, sender, thread): (&str, &str, &str),
    ignored_why: Option<&str>,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let noted = sqlx::query(
        "INSERT INTO request_mails (message_id, sender, thread, ignored_why, at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (message_id) DO NOTHING",
    )
    .bind(name)
    .bind(sender)
    .bind(thread)
    .bind(ignored_why)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() > 0)
}

async fn ignore(app: &App, name: &str, sender: &str, why: String) -> Result<Taken, Problem> {
    let mut tx = app.begin().await?;
    let new = note_down(&mut tx, (name, sender, ""), Some(&why), app.clock.now_us()).await?;
    tx.commit().await?;
    Ok(if new { Taken::Ignored(why) } else { Taken::Known })
}

/// Files of a letter that are kept, and why others are not.
#[derive(Default)]
struct Files {
    kept: Vec<(Kept, String)>,
    refused: Vec<String>,
}

impl Files {
    async fn keep(app: &App, letter: &mut Letter) -> Result<Self, Problem> {
        let mut files = Self::default();
        for file in letter.files.drain(..) {
            let name: String = file.name.chars().take(TEXT_CHARS).collect();
            if file.content.len() > ATTACHMENT_BYTES {
                let why = format!("it has more than {ATTACHMENT_BYTES} bytes");
                files.refused.push(format!("{name}: {why}"));
                continue;
            }
            match attachments::keep(app, &app.database, Bytes::from(file.content)).await {
                Ok(kept) => files.kept.push((kept, name)),
                Err(Problem::Invalid(why)) => files.refused.push(format!("{name}: {why}")),
                Err(problem) => return Err(problem),
            }
        }
        if letter.more_files > 0 {
            files.refused.push(format!("{} more: too many in one letter", letter.more_files));
        }
        Ok(files)
    }
}

/// A letter of a person on its way into the queue.
struct Mail {
    name: String,
    sender: Sender,
    letter: Letter,
    files: Files,
}

impl Mail {
    async fn file(mut self, app: &App, request_id: Option<String>) -> Result<Taken, Problem> {
        let now = app.clock.now_us();
        // Counted before anything is kept, and not taken back: a flood fills no disk.
        let mut tx = app.begin().await?;
        match &request_id {
            Some(id) => {
                throttle::count(&mut tx, &format!("message of {id}"), PUBLIC_MESSAGES, now).await?;
            }
            None => {
                let writer = format!("request of {}", self.sender.address);
                throttle::count(&mut tx, &writer, PUBLIC_REQUESTS_EACH, now).await?;
                throttle::count(&mut tx, "requests", PUBLIC_REQUESTS, now).await?;
            }
        }
        tx.commit().await?;
        self.files = Files::keep(app, &mut self.letter).await?;
        let language = self.language(app).await?;
        let mut tx = app.begin().await?;
        let thread = listed(&self.letter.references);
        let noted = (self.name.as_str(), self.sender.address.as_str(), thread.as_str());
        if !note_down(&mut tx, noted, None, now).await? {
            return Ok(Taken::Known);
        }
        let taken = match request_id {
            Some(id) => {
                belongs(&mut tx, &self.name, &id).await?;
                self.add_to(&mut tx, &id, now).await?;
                Taken::Message(id)
            }
            None => Taken::Request(self.begin_request(&mut tx, language, now).await?),
        };
        let (Taken::Request(id) | Taken::Message(id)) = &taken else { return Ok(taken) };
        self.attach(&mut tx, id, now).await?;
        tx.commit().await?;
        announce(app, id).await?;
        Ok(taken)
    }

    fn author(&self) -> &str {
        if self.sender.name.is_empty() { &self.sender.address } else { &self.sender.name }
    }

    async fn begin_request(
        &self,
        tx: &mut Transaction<'_, Any>,
        language: Language,
        now: i64,
    ) -> Result<String, Problem> {
        let subject: String = self.letter.subject.chars().take(TEXT_CHARS).collect();
        let unread = Unread {
            name: &self.sender.name,
            email: Some(&self.sender.address),
            phone: None,
            machine: None,
            subject: Some(&subject),
            text: &self.words(&self.letter.text),
            language,
        };
        let told = unread.read()?;
        let incoming = Incoming {
            channel: RequestChannel::Email,
            told: &told,
            links: Links::default(),
            came: Came::InLetter(&self.name),
            by: "",
        };
        Ok(receive(tx, incoming, &Reach::Everything, now).await?.id)
    }

    /// What the letter quotes is in the request already.
    async fn add_to(
        &self,
        tx: &mut Transaction<'_, Any>,
        request_id: &str,
        now: i64,
    ) -> Result<(), Problem> {
        bring_back(tx, request_id, now, "they wrote again by e-mail").await?;
        let text = self.words(without_history(&self.letter.text));
        messages::add(tx, request_id, now, MessageKind::Received, (self.author(), &text)).await?;
        Ok(())
    }

    /// Every message has words.
    fn words(&self, text: &str) -> String {
        let text = [text.trim(), &self.letter.subject, "(a letter without words)"]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default();
        text.chars().take(MESSAGE_CHARS).collect()
    }

    async fn attach(
        &self,
        tx: &mut Transaction<'_, Any>,
        request_id: &str,
        now: i64,
    ) -> Result<(), Problem> {
        let mut left_out = self.files.refused.clone();
        for (kept, title) in &self.files.kept {
            let to = (Holder::Request, request_id);
            let new = NewLink { sha256: &kept.sha256, to, title, document_kind: None, who: "" };
            match attachments::link(tx, new, now).await {
                Ok(_) => {}
                Err(Problem::Conflict(why)) => left_out.push(format!("{title}: {why}")),
                Err(problem) => return Err(problem),
            }
        }
        if self.letter.text.chars().count() > MESSAGE_CHARS {
            left_out.push(format!("words after the first {MESSAGE_CHARS} characters"));
        }
        if left_out.is_empty() {
            return Ok(());
        }
        let text = format!("Of the letter only in the mailbox:\n{}", left_out.join("\n"));
        let text: String = text.chars().take(MESSAGE_CHARS).collect();
        messages::add(tx, request_id, now, MessageKind::Note, ("Aftercare", &text)).await?;
        Ok(())
    }

    /// The language of the contact with the address, or else the one that it is written in.
    async fn language(&self, app: &App) -> Result<Language, Problem> {
        let known: Vec<String> =
            sqlx::query_scalar("SELECT language FROM contacts WHERE email = $1 LIMIT 2")
                .bind(&self.sender.address)
                .fetch_all(&app.database)
                .await?;
        if let [one] = known.as_slice() {
            return Language::parse(one);
        }
        let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        match self.letter.text.contains(han) || self.letter.subject.contains(han) {
            true => Ok(Language::SimplifiedChinese),
            false => Ok(Language::English),
        }
    }
}
