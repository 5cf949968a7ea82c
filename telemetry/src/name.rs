//! Names of boards and channels: checked once, then carried as types.

#[cfg(feature = "alloc")]
pub use owned::{BoardId, ChannelName};

use crate::limits::MAX_NAME_BYTES;

/// A name that cannot be a board or a channel. The caller refuses the message and shows the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was given.
    #[error("the name is empty")]
    Empty,
    /// Longer than [`MAX_NAME_BYTES`].
    #[error("the name is longer than {MAX_NAME_BYTES} bytes")]
    TooLong,
    /// Does not begin with a letter or digit.
    #[error("the name does not begin with a letter or digit")]
    Start,
    /// Holds a character that names may not hold.
    #[error("the name holds {0:?}; allowed are letters, digits and {1}")]
    Character(char, &'static str),
}

fn check(text: &str, also: &'static str) -> Result<(), NameError> {
    if text.len() > MAX_NAME_BYTES {
        return Err(NameError::TooLong);
    }
    let first = text.bytes().next().ok_or(NameError::Empty)?;
    if !first.is_ascii_alphanumeric() {
        return Err(NameError::Start);
    }
    // By bytes, which costs a board less room; what is not ASCII is refused at its first byte.
    let allowed = |b: u8| b.is_ascii_alphanumeric() || also.as_bytes().contains(&b);
    let refused = text.bytes().position(|b| !allowed(b));
    match refused.and_then(|at| text.get(at..)?.chars().next()) {
        Some(c) => Err(NameError::Character(c, also)),
        None => Ok(()),
    }
}

/// No `/`, `+` or `#`, which MQTT topics reserve.
const BOARD: &str = "-_.:";
/// Characters as in RFC 8428, section 4.5.1.
const CHANNEL: &str = "-_.:/";

/// Checks a board's id.
///
/// # Errors
/// The first rule that the text breaks.
pub fn check_board(text: &str) -> Result<(), NameError> {
    check(text, BOARD)
}

/// Checks the name of a channel.
///
/// # Errors
/// The first rule that the text breaks.
pub fn check_channel(text: &str) -> Result<(), NameError> {
    check(text, CHANNEL)
}

#[cfg(feature = "alloc")]
mod owned {
    use alloc::borrow::ToOwned;
    use alloc::string::String;
    use core::fmt;

    use serde::{Deserialize, Serialize};

    use super::NameError;

    macro_rules! name {
        ($(#[$doc:meta])* $name:ident, $also:expr) => {
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(try_from = "String")]
            pub struct $name(String);

            impl $name {
                /// Checks a text.
                ///
                /// # Errors
                /// The first rule that the text breaks.
                pub fn parse(text: &str) -> Result<Self, NameError> {
                    Self::check(text)?;
                    Ok(Self(text.to_owned()))
                }

                /// Checks a text without keeping it.
                ///
                /// # Errors
                /// The first rule that the text breaks.
                pub fn check(text: &str) -> Result<(), NameError> {
                    super::check(text, $also)
                }

                /// The name as text.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl TryFrom<String> for $name {
                type Error = NameError;
                fn try_from(text: String) -> Result<Self, NameError> {
                    Self::check(&text)?;
                    Ok(Self(text))
                }
            }

            impl core::str::FromStr for $name {
                type Err = NameError;
                fn from_str(text: &str) -> Result<Self, NameError> {
                    Self::parse(text)
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }
        };
    }

    name!(
        /// A board's id, as it stands in its topics.
        BoardId,
        super::BOARD
    );
    name!(
        /// A channel of a board: the SenML record name after the base name.
        ChannelName,
        super::CHANNEL
    );
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;

    #[test]
    fn a_board_id_cannot_reach_into_another_topic() {
        assert!(BoardId::parse("pump-101").is_ok());
        for bad in ["", "a/b", "+", "a#", "-a", "ä"] {
            assert!(BoardId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_channel_may_hold_a_slash_as_rfc_8428_allows() {
        assert!(ChannelName::parse("bearing/temperature").is_ok());
        assert!(ChannelName::parse("bearing temperature").is_err());
    }
}
