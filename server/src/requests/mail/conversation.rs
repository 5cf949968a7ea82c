//! Which request a letter is about, and which letters our own answer.

use mailbox::Letter;
use sqlx::{Any, Transaction};

use crate::app::App;
use crate::http::Problem;
use crate::limits::THREAD_IDS;
use crate::notifications::{Thread, told_by};

/// The request that a letter is about: it answers one of our messages or an earlier letter, or names
/// the request in its subject and is from somebody who has to do with it.
pub(super) async fn request_of(
    app: &App,
    letter: &Letter,
    sender: &str,
) -> Result<Option<String>, Problem> {
    for id in letter.references.iter().rev() {
        if let Some((kind, request_id)) = told_by(&app.database, id).await?
            && kind == "request"
        {
            return Ok(Some(request_id));
        }
        let earlier: Option<String> = sqlx::query_scalar(
            "SELECT request_id FROM request_mails WHERE message_id = $1 AND request_id IS NOT NULL",
        )
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
        if earlier.is_some() {
            return Ok(earlier);
        }
    }
    let Some(number) = number(&letter.subject) else { return Ok(None) };
    // A number can be guessed, and a subject be copied: it counts only with the sender.
    Ok(sqlx::query_scalar(
        "SELECT r.id FROM requests r LEFT JOIN contacts c ON c.id = r.contact_id \
         WHERE r.number = $1 AND (r.given_email = $2 OR c.email = $2 OR EXISTS (SELECT 1 \
         FROM request_mails m WHERE m.request_id = r.id AND m.sender = $2))",
    )
    .bind(number)
    .bind(sender)
    .fetch_optional(&app.database)
    .await?)
}

/// The number in `[R-123]`.
fn number(subject: &str) -> Option<i64> {
    let found = subject.split("[R-").skip(1).filter_map(|rest| rest.split_once(']'));
    found.filter_map(|(number, _)| number.parse().ok()).next()
}

/// Message-IDs for a header, the oldest first.
pub(super) fn listed(ids: &[String]) -> String {
    let newest = ids.get(ids.len().saturating_sub(THREAD_IDS)..).unwrap_or_default();
    newest.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join(" ")
}

/// What an e-mail about a request answers.
pub(in crate::requests) struct Conversation {
    pub in_reply_to: String,
    pub references: String,
}

impl Conversation {
    pub fn thread(&self) -> Thread<'_> {
        Thread { in_reply_to: &self.in_reply_to, references: &self.references }
    }
}

/// The newest letter of a request, or our first message about it, so that the conversation stays one
/// in the mail program of the person.
pub(in crate::requests) async fn conversation(
    tx: &mut Transaction<'_, Any>,
    request_id: &str,
) -> Result<Option<Conversation>, Problem> {
    let newest: Option<(String, String)> = sqlx::query_as(
        "SELECT message_id, thread FROM request_mails WHERE request_id = $1 \
         AND message_id NOT LIKE 'sha256:%' ORDER BY at DESC, message_id LIMIT 1",
    )
    .bind(request_id)
    .fetch_optional(&mut **tx)
    .await?;
    if let Some((message_id, thread)) = newest {
        let in_reply_to = format!("<{message_id}>");
        let references = format!("{thread} {in_reply_to}").trim().to_owned();
        return Ok(Some(Conversation { in_reply_to, references }));
    }
    let ours: Option<String> = sqlx::query_scalar(
        "SELECT id FROM outbox WHERE about_kind = 'request' AND about_id = $1 \
         AND channel = 'email' ORDER BY id LIMIT 1",
    )
    .bind(request_id)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(ours.map(|id| Conversation { in_reply_to: id.clone(), references: id }))
}

/// Writes down which request a letter belongs to.
pub(in crate::requests) async fn belongs(
    tx: &mut Transaction<'_, Any>,
    message_id: &str,
    request_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE request_mails SET request_id = $2 WHERE message_id = $1")
        .bind(message_id)
        .bind(request_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_in_brackets_names_a_request() {
        assert_eq!(number("Re: [R-12] It leaks"), Some(12));
        assert_eq!(number("[R-x] AW: [R-7]"), Some(7));
        assert_eq!((number("R-12"), number("[R-12"), number("[R-]")), (None, None, None));
    }

    #[test]
    fn a_long_conversation_keeps_its_newest_letters() {
        let ids: Vec<String> = (0..100).map(|n| format!("{n}@x")).collect();
        let listed = listed(&ids);
        assert_eq!(listed.split(' ').count(), THREAD_IDS);
        assert!(listed.ends_with("<99@x>"));
    }
}
