//! What an operator gives, and what the server keeps of it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use messenger::{Messenger, PushKey, Secret, Settings, Smtp};
use sqlx::AnyPool;
use tokio::sync::Notify;

use super::push_key;
use super::templates::Templates;
use crate::app::StartError;

/// How e-mail leaves.
#[derive(Debug, Clone)]
pub struct Mail {
    /// `smtps://user@host` or `smtp://user@host`, see [`messenger::Smtp`].
    pub url: String,
    /// `Aftercare <service@example.com>`.
    pub from: String,
    /// File with the password of the user.
    pub password_file: Option<PathBuf>,
}

/// Settings of notifications.
#[derive(Debug, Clone, Default)]
pub struct NotificationSettings {
    /// Without one, e-mail waits in the outbox.
    pub mail: Option<Mail>,
    /// What links in messages begin with, such as `https://service.example.com`.
    pub public_url: String,
}

/// What sends, and what is written.
pub(crate) struct Notifications {
    pub messenger: Messenger,
    pub templates: Templates,
    public_url: String,
    /// The address that our e-mail is from, lower case; empty without one.
    from: String,
    /// Wakes the worker before its time: a message is due now.
    pub due: Notify,
    waiting: AtomicU64,
}

impl Notifications {
    pub async fn open(
        database: &AnyPool,
        settings: NotificationSettings,
        now: i64,
    ) -> Result<Self, StartError> {
        let wrong = |why: String| StartError::State(format!("notifications: {why}"));
        let public_url = settings.public_url.trim_end_matches('/').to_owned();
        let contact = contact(settings.mail.as_ref(), &public_url);
        let from = settings.mail.as_ref().map(sender).unwrap_or_default();
        let smtp = settings.mail.map(smtp).transpose().map_err(wrong)?;
        let key = push_key::kept(database, now).await?;
        let push_key = PushKey::from_bytes(&key).map_err(|e| wrong(e.to_string()))?;
        let messenger = Messenger::new(Settings { smtp, push_key, contact })
            .map_err(|e| wrong(e.to_string()))?;
        let templates = Templates::load().map_err(|e| wrong(e.to_string()))?;
        let (due, waiting) = (Notify::new(), AtomicU64::new(0));
        Ok(Self { messenger, templates, public_url, from, due, waiting })
    }

    /// The address of something below the public one.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// Whether our own e-mail is from this address, which is in lower case.
    pub fn sends_from(&self, address: &str) -> bool {
        self.from == address
    }

    /// Messages that waited when the worker looked last.
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    pub fn saw_waiting(&self, messages: u64) {
        self.waiting.store(messages, Ordering::Relaxed);
    }
}

/// Push services want to know whom to tell when we do something wrong.
fn contact(mail: Option<&Mail>, public_url: &str) -> String {
    let Some(mail) = mail else { return public_url.to_owned() };
    format!("mailto:{}", sender(mail))
}

fn sender(mail: &Mail) -> String {
    let address = mail.from.rsplit('<').next().unwrap_or_default().trim_end_matches('>');
    address.trim().to_lowercase()
}

fn smtp(mail: Mail) -> Result<Smtp, String> {
    let password = mail.password_file.map(|file| {
        std::fs::read_to_string(&file).map_err(|e| format!("cannot read {}: {e}", file.display()))
    });
    let password = password.transpose()?.map(|text| Secret::new(text.trim_end().to_owned()));
    Ok(Smtp { url: mail.url, from: mail.from, password })
}
