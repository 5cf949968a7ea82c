//! What a board is told once, when it is set up: who it is, where it reports, what it measures.
//!
//! `aftercare board new` writes these bytes; the board finds them in flash, in a file, or linked
//! into its program. [`Config::decode`] trusts none of them.

mod channel;
mod codec;
mod envelope;

use core::fmt;

use telemetry::limits::INTERVAL_MS;
use telemetry::name::{check_board, check_channel};

pub use channel::{Channel, Health, Range, Reporting, Sampling};

use crate::checksum::crc32;
use crate::limits::{
    KEEP_WITHIN_MS, MAX_CHANNELS, MAX_CREDENTIAL_BYTES, MAX_HOST_BYTES, MAX_NAME_BYTES,
};

/// A short text with room for `N` bytes.
pub type Text<const N: usize> = heapless::String<N, u8>;

/// The whole configuration of a board.
#[derive(Clone, PartialEq)]
pub struct Config {
    /// The board's id, which its topics carry; checked like `telemetry::name::BoardId`.
    pub board: Text<MAX_NAME_BYTES>,
    /// Where it reports.
    pub broker: Broker,
    /// The secret by which commands are sealed.
    pub command_key: telemetry::command::Key,
    /// Longest time that a reading which nobody acknowledged is in memory alone, in milliseconds.
    /// 0 writes each to flash at once.
    pub keep_within_ms: u32,
    /// What it measures, at least one channel.
    pub channels: heapless::Vec<Channel, MAX_CHANNELS>,
    /// Tells one installed configuration from another; 0 for one that was never bytes.
    checksum: u32,
}

/// The MQTT broker of a board.
#[derive(Clone, PartialEq, Default)]
pub struct Broker {
    /// Host name or address.
    pub host: Text<MAX_HOST_BYTES>,
    /// TCP port, 1883 by custom.
    pub port: u16,
    /// User name, mostly the board's id; empty for none.
    pub username: Text<MAX_CREDENTIAL_BYTES>,
    /// Password; empty for none.
    pub password: Text<MAX_CREDENTIAL_BYTES>,
}

/// Bytes that are no configuration, or a configuration that cannot be. The board keeps to what it
/// had before and says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The bytes do not begin like a configuration; erased flash looks like this.
    #[error("these bytes are no configuration")]
    NotAConfiguration,
    /// Written by a newer or much older `aftercare`.
    #[error("the configuration has layout {0}, which this firmware does not read")]
    Layout(u16),
    /// Fewer bytes than it says.
    #[error("the configuration is cut short")]
    Incomplete,
    /// More bytes than [`crate::limits::MAX_CONFIG_BYTES`], or than the buffer holds.
    #[error("the configuration is too long")]
    TooLong,
    /// A bit has fallen over.
    #[error("the checksum of the configuration is wrong")]
    Checksum,
    /// Not the items that are expected, or a text or list beyond its limit.
    #[error("the configuration is malformed")]
    Malformed,
    /// A value that no board can work with.
    #[error("{0} in the configuration cannot be")]
    Invalid(&'static str),
}

impl Config {
    /// A configuration without channels yet.
    #[must_use]
    pub fn new(board: Text<MAX_NAME_BYTES>, broker: Broker, command_key: [u8; 32]) -> Self {
        let channels = heapless::Vec::new();
        Self { board, broker, command_key, keep_within_ms: KEEP_WITHIN_MS, channels, checksum: 0 }
    }

    /// Reads a configuration.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn decode(bytes: &[u8]) -> Result<Self, ConfigError> {
        let mut config = Self::empty();
        config.read(bytes)?;
        Ok(config)
    }

    /// Nothing yet; no board can work with it.
    pub(crate) fn empty() -> Self {
        Self::new(Text::new(), Broker::default(), [0; 32])
    }

    /// Reads a configuration in the place of an empty one. After an error it is of no use.
    #[inline(never)]
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Result<(), ConfigError> {
        let (body, checksum) = envelope::open(bytes)?;
        codec::read(body, self).ok_or(ConfigError::Malformed)?;
        self.checksum = checksum;
        self.check()
    }

    /// Writes a configuration and says how many bytes it took.
    ///
    /// # Errors
    /// When it cannot be, or does not fit into `buffer`.
    pub fn encode(&self, buffer: &mut [u8]) -> Result<usize, ConfigError> {
        self.check()?;
        envelope::seal(buffer, |body| codec::write(self, body))
    }

    /// Checks what the types leave open.
    ///
    /// # Errors
    /// The first value that cannot be.
    pub fn check(&self) -> Result<(), ConfigError> {
        demand("board", check_board(&self.board).is_ok())?;
        demand("host", !self.broker.host.is_empty())?;
        demand("port", self.broker.port != 0)?;
        demand("channels", !self.channels.is_empty())?;
        for (i, channel) in self.channels.iter().enumerate() {
            channel.check()?;
            let earlier = self.channels.iter().take(i);
            demand("channel name", earlier.clone().all(|c| c.name != channel.name))?;
        }
        Ok(())
    }
}

impl Config {
    /// Tells this configuration from others that are installed later. What commands changed holds
    /// until then.
    pub(crate) fn installed(&self) -> u32 {
        self.checksum
    }

    /// Tells whether a channel's index still means the same channel.
    pub(crate) fn names(&self) -> u32 {
        let texts = self.channels.iter().flat_map(|c| [c.name.as_bytes(), c.unit.as_bytes()]);
        crc32(texts.flat_map(|text| text.iter().copied().chain([0])))
    }
}

fn demand(what: &'static str, good: bool) -> Result<(), ConfigError> {
    if good { Ok(()) } else { Err(ConfigError::Invalid(what)) }
}

/// Without the secrets.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("board", &self.board)
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod tests;
