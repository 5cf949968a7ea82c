//! What the host tells the board at its start: `-semihosting-config arg=board,arg=CONFIGURATION,
//! arg=FLASH`, two files, whose paths hold no space.

use board::config::ConfigError;

use crate::flash::{Flash, FlashError};
use crate::host::{self, File, HostError, READ};

/// Longest command line, bytes.
const MAX_ARGUMENTS: usize = 256;

/// Longest configuration file, bytes: eight channels with long names. What is longer is refused as
/// cut short.
pub const MAX_FILE_BYTES: usize = 1024;

/// Why the board cannot start. It says so and ends, since nobody else could be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsError {
    /// The arguments are not there, or a file cannot be read.
    Host,
    /// The bytes of the file are no configuration.
    Config(ConfigError),
    /// The flash's file.
    Flash,
}

impl From<HostError> for SettingsError {
    fn from(_: HostError) -> Self {
        Self::Host
    }
}

impl From<ConfigError> for SettingsError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<FlashError> for SettingsError {
    fn from(_: FlashError) -> Self {
        Self::Flash
    }
}

/// The paths of the two files.
#[derive(Debug)]
pub struct Paths {
    words: [u8; MAX_ARGUMENTS],
}

impl Paths {
    /// Asks the host.
    ///
    /// # Errors
    /// When it has not been told.
    pub fn read() -> Result<Self, SettingsError> {
        let mut words = [0; MAX_ARGUMENTS];
        host::arguments(&mut words)?;
        Ok(Self { words })
    }

    fn nth(&self, n: usize) -> Result<&str, HostError> {
        // What the host did not write to is zero.
        let mut words = self.words.split(|byte| *byte == b' ' || *byte == 0);
        let word = words.nth(n).filter(|word| !word.is_empty()).ok_or(HostError)?;
        core::str::from_utf8(word).map_err(|_| HostError)
    }

    /// Reads the configuration's bytes.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn config<'b>(&self, bytes: &'b mut [u8; MAX_FILE_BYTES]) -> Result<&'b [u8], HostError> {
        let length = File::open(self.nth(1)?, READ)?.read(bytes)?;
        Ok(bytes.get(..length).unwrap_or_default())
    }

    /// Opens the flash.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn flash(&self) -> Result<Flash, SettingsError> {
        Ok(Flash::open(self.nth(2)?)?)
    }
}

/// Says on the console why the board cannot start.
pub fn explain(error: SettingsError) {
    host::print(match error {
        SettingsError::Host => c"board: no configuration file; see firmware/README.md\n",
        SettingsError::Flash => c"board: the flash file cannot be used\n",
        SettingsError::Config(error) => match error {
            ConfigError::NotAConfiguration => c"board: the file is no configuration\n",
            ConfigError::Layout(_) => c"board: the configuration is of another version\n",
            ConfigError::Incomplete => c"board: the configuration is cut short\n",
            ConfigError::TooLong => c"board: the configuration is too long\n",
            ConfigError::Checksum => c"board: the configuration's checksum is wrong\n",
            ConfigError::Malformed => c"board: the configuration is malformed\n",
            ConfigError::Invalid(what) => {
                host::print_bytes(what.as_bytes());
                c" in the configuration cannot be\n"
            }
        },
    });
}
