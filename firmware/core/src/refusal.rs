//! Why a command was not obeyed, as it goes back in the answer.

use telemetry::command::CommandError;

/// A reason small enough to keep over a reset, so that a command that is heard again gets the same
/// answer again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The server is newer than the firmware.
    Unknown,
    /// The command is not what its kind needs.
    Malformed,
    /// A value outside its limits.
    OutOfRange,
    /// The board has no channel of this name.
    NoChannel,
    /// What it asks for would have ended by now.
    TooLate,
}

impl Refusal {
    const ALL: [Self; 5] =
        [Self::Unknown, Self::Malformed, Self::OutOfRange, Self::NoChannel, Self::TooLate];

    /// A sentence for a person.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Unknown => "the firmware is older than the server and does not know this command",
            Self::Malformed => "the command is malformed",
            Self::OutOfRange => "a value in the command is outside its limits",
            Self::NoChannel => "the board has no channel of this name",
            Self::TooLate => "the command came too late",
        }
    }

    pub(crate) fn number(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.number() == number)
    }
}

impl From<CommandError> for Refusal {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Unknown => Self::Unknown,
            CommandError::Malformed | CommandError::TooLong => Self::Malformed,
            CommandError::OutOfRange(_) => Self::OutOfRange,
        }
    }
}
