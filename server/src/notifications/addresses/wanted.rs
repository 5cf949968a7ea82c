//! What people may ask of an address, checked before anything is written.

use jiff::civil::Time as WallTime;
use jiff::tz::TimeZone;
use messenger::{Secret, Subscription};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::{AddressKind, OwnerKind};
use crate::database::to_json;
use crate::http::Language;
use crate::http::{Problem, check_text};
use crate::limits::{ADDRESS_CHARS, TAG_CHARS, TEXT_CHARS};

/// Quiet hours, `HH:MM` in the time zone of the address; over midnight when `until` is not after `from`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quiet {
    from: String,
    until: String,
}

impl Quiet {
    pub(super) fn of(from: i64, until: i64) -> Self {
        let wall = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        Self { from: wall(from), until: wall(until) }
    }

    /// Minutes of the day.
    fn minutes(&self) -> Result<(i64, i64), Problem> {
        let minute = |text: &str| {
            let time = WallTime::strptime("%H:%M", text).map_err(|_| {
                Problem::Invalid(format!("quiet hours {text:?}: write them as 21:30"))
            })?;
            Ok::<_, Problem>(i64::from(time.hour()) * 60 + i64::from(time.minute()))
        };
        let (from, until) = (minute(&self.from)?, minute(&self.until)?);
        if from == until {
            return Err(Problem::Invalid("quiet hours have to end at another time".into()));
        }
        Ok((from, until))
    }
}

/// Keys of a browser's subscription, base64url.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct PushKeys {
    pub(super) p256dh: String,
    pub(super) auth: String,
}

/// A new address.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAddress {
    pub(super) owner_kind: OwnerKind,
    /// Id of the account or contact, name of the role or channel.
    #[schema(min_length = 1)]
    pub(super) owner: String,
    pub(super) kind: AddressKind,
    #[serde(flatten)]
    pub(super) settings: AddressSettings,
}

/// What can be changed of an address.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AddressSettings {
    /// Mailbox, or where to post to; for web push the endpoint of the browser's subscription. A change
    /// without it keeps the one that is there.
    pub(super) address: Option<String>,
    /// Webhook: `whsec_…`, made here when it is left out. DingTalk: `SEC…` where the robot asks for
    /// signatures. A change without it keeps the one that is there.
    secret: Option<String>,
    /// Web push: the keys of the browser's subscription.
    keys: Option<PushKeys>,
    #[serde(default)]
    pub(super) language: Language,
    /// IANA name such as `Asia/Shanghai`; UTC without it.
    #[serde(default = "utc")]
    pub(super) time_zone: String,
    quiet: Option<Quiet>,
    /// Messages go there.
    #[serde(default = "yes")]
    pub(super) active: bool,
    /// Why; kept with the change.
    #[schema(min_length = 1)]
    pub(super) why: String,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn yes() -> bool {
    true
}

/// Settings that were checked.
pub(super) struct Checked {
    pub address: Option<String>,
    /// What signs or encrypts; `None` leaves it as it is.
    pub secret: Option<String>,
    pub quiet: Option<(i64, i64)>,
}

impl NewAddress {
    pub(super) fn check(&self) -> Result<Checked, Problem> {
        check_text("owner", &self.owner, TAG_CHARS)?;
        if self.settings.address.is_none() {
            return Err(Problem::Invalid("`address` is missing".into()));
        }
        let checked = self.settings.check(self.kind)?;
        if self.kind == AddressKind::WebPush && checked.secret.is_none() {
            return Err(Problem::Invalid("web push needs the `keys` of the subscription".into()));
        }
        Ok(checked)
    }
}

impl AddressSettings {
    pub(super) fn check(&self, kind: AddressKind) -> Result<Checked, Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        check_text("why", &self.why, TEXT_CHARS)?;
        let address = self.address.as_deref().map(str::trim);
        if let Some(address) = address {
            check_address(kind, address)?;
        }
        if TimeZone::get(&self.time_zone).is_err() {
            return invalid(format!("there is no time zone {:?}", self.time_zone));
        }
        let secret = match kind {
            AddressKind::WebPush => self.push_keys()?,
            AddressKind::Webhook | AddressKind::Dingtalk => self.signing_secret(kind)?,
            AddressKind::Email | AddressKind::Wecom => None,
        };
        let quiet = self.quiet.as_ref().map(Quiet::minutes).transpose()?;
        Ok(Checked { address: address.map(str::to_owned), secret, quiet })
    }

    fn signing_secret(&self, kind: AddressKind) -> Result<Option<String>, Problem> {
        let Some(secret) = self.secret.as_deref() else { return Ok(None) };
        check_text("secret", secret, TEXT_CHARS)?;
        if kind == AddressKind::Webhook {
            check_webhook_secret(secret)?;
        }
        Ok(Some(secret.to_owned()))
    }

    fn push_keys(&self) -> Result<Option<String>, Problem> {
        let Some(keys) = &self.keys else { return Ok(None) };
        let subscription = Subscription {
            endpoint: self.address.clone().unwrap_or_default(),
            p256dh: keys.p256dh.clone(),
            auth: Secret::new(keys.auth.clone()),
        };
        if !subscription.is_sound() {
            return Err(Problem::Invalid("`keys` are not those of a subscription".into()));
        }
        let keys = to_json(keys)?;
        Ok(Some(keys))
    }
}

/// Checks that webhooks can be signed with a secret, ours or those that come in.
pub(crate) fn check_webhook_secret(secret: &str) -> Result<(), Problem> {
    if messenger::is_secret(secret) {
        return Ok(());
    }
    Err(Problem::Invalid("`secret` of a webhook is `whsec_` and base64 of 24 to 64 bytes".into()))
}

fn check_address(kind: AddressKind, address: &str) -> Result<(), Problem> {
    check_text("address", address, ADDRESS_CHARS)?;
    if kind == AddressKind::Email {
        if messenger::is_address(address) {
            return Ok(());
        }
        return Err(Problem::Invalid(format!("{address:?} is no mailbox such as ada@example.com")));
    }
    if messenger::is_web_address(address) {
        return Ok(());
    }
    Err(Problem::Invalid("`address` has to begin with http:// or https://".into()))
}
