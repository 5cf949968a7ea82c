use std::time::Duration;

use system_tests::Dovecot;

use crate::{Account, Mailbox, MailboxError};

fn account(server: &Dovecot) -> Account {
    Account::new(&server.url, Dovecot::PASSWORD.to_owned()).unwrap()
}

#[tokio::test]
async fn a_letter_stays_unread_until_somebody_says_that_it_is_taken() -> anyhow::Result<()> {
    let server = Dovecot::start().await?;
    server.deliver("From: a@b.c\r\nSubject: one\r\n\r\nHello")?;
    let mut mailbox = Mailbox::open(&account(&server)).await?;
    let unread = mailbox.unread().await?;
    let [uid] = unread.as_slice() else { anyhow::bail!("{unread:?}") };
    let letter = mailbox.letter(*uid).await?.unwrap_or_default();
    assert!(letter.ends_with(b"Hello"));
    assert_eq!(mailbox.unread().await?, unread, "reading alone takes nothing");
    assert_eq!(mailbox.letter(4_711).await?, None);
    mailbox.mark_read(*uid).await?;
    assert!(mailbox.unread().await?.is_empty());
    server.deliver("From: a@b.c\r\nSubject: two\r\n\r\nAgain")?;
    let mut mailbox = mailbox.wait(Duration::from_secs(20)).await?;
    let unread = mailbox.unread().await?;
    assert_eq!(unread.len(), 1, "who waits hears of a new letter");
    mailbox.put_aside(unread[0]).await?;
    assert!(mailbox.unread().await?.is_empty());
    mailbox.close().await;
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_and_a_server_that_is_away_are_said() -> anyhow::Result<()> {
    let server = Dovecot::start().await?;
    let wrong = Account::new(&server.url, "wrong".to_owned())?;
    assert!(matches!(Mailbox::open(&wrong).await, Err(MailboxError::Server(_))));
    let account = account(&server);
    drop(server);
    assert!(Mailbox::open(&account).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_letter_over_tls_is_read_only_from_a_server_that_is_trusted() -> anyhow::Result<()> {
    let server = Dovecot::start().await?;
    server.deliver("From: a@b.c\r\nSubject: one\r\n\r\nHello")?;
    let stranger = Account::new(&server.tls_url, Dovecot::PASSWORD.to_owned())?;
    assert!(matches!(Mailbox::open(&stranger).await, Err(MailboxError::Tls(_))));
    let mut mailbox = Mailbox::open(&stranger.trusting(&server.certificate()?)?).await?;
    let unread = mailbox.unread().await?;
    let [uid] = unread.as_slice() else { anyhow::bail!("{unread:?}") };
    assert!(mailbox.letter(*uid).await?.unwrap_or_default().ends_with(b"Hello"));
    mailbox.close().await;
    // The certificate is that of `localhost`, and of no other name.
    let other = server.tls_url.replace("localhost", "127.0.0.1");
    let other = Account::new(&other, Dovecot::PASSWORD.to_owned())?;
    let other = other.trusting(&server.certificate()?)?;
    assert!(matches!(Mailbox::open(&other).await, Err(MailboxError::Tls(_))));
    let no_certificate = account(&server).trusting(b"-----BEGIN CERTIFICATE-----");
    assert!(matches!(no_certificate, Err(MailboxError::Tls(_))));
    Ok(())
}

#[test]
fn a_mailbox_in_the_open_is_refused() {
    for url in
        ["imap://a@example.com/INBOX", "imaps://example.com", "pop3://a@b.c", "imaps://a:secret@b"]
    {
        assert!(matches!(Account::new(url, String::new()), Err(MailboxError::Address(_))), "{url}");
    }
    assert!(Account::new("imaps://service%40example.com@mail.example.com", String::new()).is_ok());
    assert!(Account::new("imap://a@127.0.0.1:1143/INBOX", String::new()).is_ok());
}
