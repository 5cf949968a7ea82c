//! Options that say how messages to people leave.

use std::net::SocketAddr;
use std::path::PathBuf;

use server::notifications::{Mail, NotificationSettings};

/// Options of notifications.
#[derive(clap::Args, Clone)]
#[command(next_help_heading = "Messages to people")]
pub struct NotificationArgs {
    /// Mail server: smtps://user@host, or smtp://user@host:587, which has to turn to TLS unless the
    /// host is this machine; without one e-mail waits in the outbox
    #[arg(long, value_name = "URL", requires = "mail_from")]
    smtp_url: Option<String>,
    /// File with the password of the mail server's user
    #[arg(long, value_name = "FILE", requires = "smtp_url")]
    smtp_password_file: Option<PathBuf>,
    /// Sender of e-mail: 'Aftercare <service@example.com>'
    #[arg(long, value_name = "SENDER", requires = "smtp_url")]
    mail_from: Option<String>,
    /// What links in messages begin with: https://service.example.com; without it the address of the
    /// HTTP interface
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl NotificationArgs {
    pub fn settings(&self, http: SocketAddr) -> NotificationSettings {
        let mail = self.smtp_url.clone().zip(self.mail_from.clone()).map(|(url, from)| Mail {
            url,
            from,
            password_file: self.smtp_password_file.clone(),
        });
        let public_url = self.public_url.clone().unwrap_or_else(|| format!("http://{http}"));
        NotificationSettings { mail, public_url }
    }
}
