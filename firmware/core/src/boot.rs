//! What a board knows of how this run began.

pub use telemetry::report::Reset;

use crate::config::Text;
use crate::limits::{MAX_FIRMWARE_BYTES, MAX_PANIC_BYTES};

/// How this run began; the first report says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Boot {
    /// Name and version of the firmware.
    pub firmware: &'static str,
    /// Why the board began anew.
    pub reset: Reset,
    /// The last words of the run before, when it ended in a panic.
    pub panic: Option<LastWords>,
}

/// The message of a panic.
pub type LastWords = Text<MAX_PANIC_BYTES>;

impl Boot {
    /// Texts that are too long are cut.
    #[must_use]
    pub fn new(firmware: &'static str, reset: Reset, panic: Option<&str>) -> Self {
        let end = firmware.floor_char_boundary(MAX_FIRMWARE_BYTES);
        let firmware = firmware.get(..end).unwrap_or_default();
        Self { firmware, reset, panic: panic.map(cut) }
    }
}

/// The begin of a text, as far as there is room, without half a character.
fn cut<const N: usize>(text: &str) -> Text<N> {
    let end = text.floor_char_boundary(N);
    text.get(..end).and_then(|begin| Text::try_from(begin).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_last_words_are_cut_between_characters() {
        let boot = Boot::new("pico", Reset::Panic, Some(&"ä".repeat(60)));
        assert_eq!(boot.panic.unwrap().as_str(), "ä".repeat(MAX_PANIC_BYTES / 2));
    }
}
