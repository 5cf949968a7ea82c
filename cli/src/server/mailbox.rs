//! Options that say where letters of customers come in.

use std::path::PathBuf;

use anyhow::Context as _;
use mailbox::Account;

/// Options of the mailbox.
#[derive(clap::Args, Clone)]
#[command(next_help_heading = "Requests by e-mail")]
pub struct MailboxArgs {
    /// Mailbox whose unread letters become requests: imaps://user@host/INBOX (imap:// only on this
    /// machine; an @ in the user is %40)
    #[arg(long, value_name = "URL", requires = "imap_password_file")]
    imap_url: Option<String>,
    /// File with the password of the mailbox's user
    #[arg(long, value_name = "FILE", requires = "imap_url")]
    imap_password_file: Option<PathBuf>,
    /// Certificate (PEM) of an authority of your own that the mail server's is signed by; those that this
    /// machine trusts are trusted without it
    #[arg(long, value_name = "FILE", requires = "imap_url")]
    imap_ca_file: Option<PathBuf>,
}

impl MailboxArgs {
    pub fn account(&self) -> anyhow::Result<Option<Account>> {
        let Some((url, file)) = self.imap_url.as_ref().zip(self.imap_password_file.as_ref()) else {
            return Ok(None);
        };
        let password = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let mut account =
            Account::new(url, password.trim_end().to_owned()).context("--imap-url")?;
        if let Some(file) = &self.imap_ca_file {
            let authority =
                std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            account = account.trusting(&authority).context("--imap-ca-file")?;
        }
        Ok(Some(account))
    }
}
