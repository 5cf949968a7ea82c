//! E-mail by SMTP (RFC 5321), as plain text (RFC 5322).

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use reqwest::Url;

use crate::limits::{ATTACHMENTS_BYTES, MAIL_COMMAND_FOR};
use crate::{Automatic, Message, Outcome, Secret, SettingsError};

/// Whether a text is an address of a mailbox, such as `ada@example.com`.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

/// How e-mail leaves.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// `smtps://user@host:port`, or `smtp://user@host:port`, which has to turn to TLS (STARTTLS) unless
    /// the host is this machine or `?tls=opportunistic` allows plain text.
    pub url: String,
    /// `Aftercare <service@example.com>`.
    pub from: String,
    /// Password of the user in the address.
    pub password: Option<Secret>,
}

/// The mail server and the sender.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mail {
    pub fn new(smtp: Smtp) -> Result<Self, SettingsError> {
        let from: Mailbox = smtp
            .from
            .parse()
            .map_err(|e| SettingsError::Sender(format!("{:?}: {e}", smtp.from)))?;
        Ok(Self { transport: transport(&smtp)?, from })
    }

    pub async fn send(&self, address: &str, message: &Message<'_>, now_us: i64) -> Outcome {
        let letter = match self.letter(address, message, now_us) {
            Ok(letter) => letter,
            Err(why) => return Outcome::refused(why),
        };
        match self.transport.send(letter).await {
            Ok(_) => Outcome::Delivered,
            Err(error) => outcome(&error),
        }
    }

    pub fn letter(
        &self,
        address: &str,
        message: &Message<'_>,
        now_us: i64,
    ) -> Result<lettre::Message, String> {
        let to: Address = address.parse().map_err(|e| format!("{address:?}: {e}"))?;
        let total: usize = message.attachments.iter().map(|a| a.content.len()).sum();
        if total > ATTACHMENTS_BYTES {
            return Err(format!("attachments may have {ATTACHMENTS_BYTES} bytes in all"));
        }
        let at = Duration::from_micros(u64::try_from(now_us).unwrap_or(0));
        let mut builder = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .date(SystemTime::UNIX_EPOCH + at)
            .message_id(Some(self.named(message.id)))
            .subject(one_line(message.title))
            .header(AutoSubmitted(message.automatic));
        if let Some(id) = message.in_reply_to {
            builder = builder.in_reply_to(self.named(id));
        }
        if let Some(ids) = message.references {
            builder = builder.references(self.named(ids));
        }
        let text = SinglePart::plain(message.text.to_owned());
        let built = if message.attachments.is_empty() {
            builder.singlepart(text)
        } else {
            let mut parts = MultiPart::mixed().singlepart(text);
            for file in message.attachments {
                let kind = ContentType::parse(&file.media_type)
                    .map_err(|_| format!("{:?} is no media type", file.media_type))?;
                parts =
                    parts.singlepart(Part::new(file.name.clone()).body(file.content.clone(), kind));
            }
            builder.multipart(parts)
        };
        built.map_err(|e| e.to_string())
    }

    /// Message-IDs for a header: an id of ours becomes the Message-ID that its e-mail has.
    fn named(&self, ids: &str) -> String {
        let domain = self.from.email.domain();
        let name = |id: &str| match id.starts_with('<') {
            true => id.to_owned(),
            false => format!("<{id}@{domain}>"),
        };
        ids.split_whitespace().map(name).collect::<Vec<_>>().join(" ")
    }
}

/// A line break in a header would begin another header.
fn one_line(text: &str) -> String {
    text.split(['\r', '\n']).map(str::trim).collect::<Vec<_>>().join(" ")
}

fn transport(smtp: &Smtp) -> Result<AsyncSmtpTransport<Tokio1Executor>, SettingsError> {
    let wrong = |why: String| SettingsError::Server(why);
    let mut url = Url::parse(&smtp.url).map_err(|e| wrong(e.to_string()))?;
    let says_tls = url.query_pairs().any(|(name, _)| name == "tls");
    if url.scheme() == "smtp" && !says_tls && !url.host_str().is_some_and(is_here) {
        url.query_pairs_mut().append_pair("tls", "required");
    }
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str())
        .map_err(|e| wrong(e.to_string()))?
        .timeout(Some(MAIL_COMMAND_FOR));
    if let Some(password) = &smtp.password {
        if url.username().is_empty() {
            return Err(wrong("a password without a user: smtp://user@host".into()));
        }
        // The user may be an address itself, whose `@` is `%40` there.
        let user = url.username().replace("%40", "@");
        builder = builder.credentials(Credentials::new(user, password.reveal().to_owned()));
    }
    Ok(builder.build())
}

fn is_here(host: &str) -> bool {
    host == "localhost"
        || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// 4xx and everything about the connection or our account may be mended; 5xx is about this message
/// (RFC 5321, 4.2.1).
fn outcome(error: &lettre::transport::smtp::Error) -> Outcome {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let why = cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
    let ours = error.status().is_some_and(|code| {
        matches!(u16::from(code), 530 | 534 | 535 | 538) // RFC 4954, 6
    });
    if error.is_permanent() && !ours { Outcome::refused(why) } else { Outcome::retry(why) }
}

#[derive(Clone)]
struct AutoSubmitted(Automatic);

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        match text {
            "auto-replied" => Ok(Self(Automatic::Replied)),
            "auto-generated" => Ok(Self(Automatic::Generated)),
            other => Err(other.into()),
        }
    }

    fn display(&self) -> HeaderValue {
        let value = match self.0 {
            Automatic::Replied => "auto-replied",
            Automatic::Generated => "auto-generated",
        };
        HeaderValue::new(Self::name(), value.to_owned())
    }
}
