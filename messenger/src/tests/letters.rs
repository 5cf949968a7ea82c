use serde_json::Value;

use super::{NOW, message};
use crate::email::Mail;
use crate::{Attachment, Automatic, Secret, SettingsError, Smtp, is_address};

fn smtp(url: &str) -> Smtp {
    let from = "Aftercare <service@example.com>".to_owned();
    Smtp { url: url.to_owned(), from, password: None }
}

fn written<'a>(change: impl FnOnce(&mut crate::Message<'a>)) -> anyhow::Result<String> {
    let mail = Mail::new(smtp("smtp://127.0.0.1:2525"))?;
    let mut message = message(&Value::Null);
    change(&mut message);
    let letter = mail.letter("ada@example.com", &message, NOW).map_err(anyhow::Error::msg)?;
    Ok(String::from_utf8(letter.formatted())?)
}

#[test]
fn a_letter_that_follows_one_of_ours_names_it_as_it_was_sent() -> anyhow::Result<()> {
    let letter = written(|message| {
        message.in_reply_to = Some("0198-0");
        message.references = Some("<a@there> 0198-0");
    })?;
    for line in ["In-Reply-To: <0198-0@example.com>", "References: <a@there> <0198-0@example.com>"]
    {
        assert!(letter.lines().any(|l| l == line), "{line} is missing in\n{letter}");
    }
    Ok(())
}

#[test]
fn a_letter_names_itself_its_thread_and_that_a_machine_wrote_it() -> anyhow::Result<()> {
    let letter = written(|message| {
        message.automatic = Automatic::Replied;
        message.in_reply_to = Some("<b@there>");
        message.references = Some("<a@here> <b@there>");
    })?;
    for line in [
        "From: Aftercare <service@example.com>",
        "To: ada@example.com",
        "Message-ID: <0198-1@example.com>",
        "In-Reply-To: <b@there>",
        "References: <a@here> <b@there>",
        "Auto-Submitted: auto-replied",
        "Date: Thu, 01 Jan 2026 00:00:00 +0000",
        "Subject: Ticket 7 is open",
    ] {
        assert!(letter.lines().any(|l| l == line), "{line} is missing in\n{letter}");
    }
    Ok(())
}

#[test]
fn a_subject_cannot_add_a_header() -> anyhow::Result<()> {
    let letter = written(|message| message.title = "Hot\r\nBcc: everybody@example.com")?;
    assert!(!letter.lines().any(|l| l.starts_with("Bcc")), "{letter}");
    Ok(())
}

#[test]
fn an_attachment_goes_with_its_name() -> anyhow::Result<()> {
    let files = [Attachment {
        name: "report.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        content: b"%PDF-1.7".to_vec(),
    }];
    let letter = written(|message| message.attachments = &files)?;
    assert!(letter.contains("Content-Type: application/pdf") && letter.contains("report.pdf"));
    Ok(())
}

#[test]
fn a_password_needs_a_user() {
    let mut settings = smtp("smtp://127.0.0.1:2525");
    settings.password = Some(Secret::new("secret".to_owned()));
    assert!(matches!(Mail::new(settings), Err(SettingsError::Server(_))));
}

#[test]
fn an_address_is_checked() {
    assert!(is_address("ada@example.com"));
    assert!(!is_address("ada@example.com\r\nBcc: eve@example.com"));
    assert!(!is_address("ada"));
}
