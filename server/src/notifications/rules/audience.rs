//! For whom a rule is.

use std::fmt;

use crate::http::check_text;
use crate::limits::TAG_CHARS;
use crate::notifications::event::Part;

/// Whom a rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::notifications) enum Audience {
    /// Whom the event names as this part.
    Part(Part),
    /// Everybody's shared addresses of a role.
    Role(String),
    /// A named channel, such as the robot of the workshop.
    Channel(String),
}

impl Audience {
    /// Reads `customer`, `technician`, `addressee`, `role:NAME` or `channel:NAME`.
    pub fn parse(text: &str) -> Option<Self> {
        let part = [Part::Customer, Part::Technician, Part::Addressee];
        if let Some(part) = part.into_iter().find(|part| part.as_str() == text) {
            return Some(Self::Part(part));
        }
        let (kind, name) = text.split_once(':')?;
        check_text("audience", name, TAG_CHARS).ok()?;
        match kind {
            "role" => Some(Self::Role(name.to_owned())),
            "channel" => Some(Self::Channel(name.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(part) => f.write_str(part.as_str()),
            Self::Role(name) => write!(f, "role:{name}"),
            Self::Channel(name) => write!(f, "channel:{name}"),
        }
    }
}
