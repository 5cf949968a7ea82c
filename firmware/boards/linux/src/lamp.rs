//! An LED of the computer, which shows which board this is (kernel, leds/leds-class).

use std::cell::RefCell;
use std::path::PathBuf;

/// What makes an LED blink twice a second.
const BLINK: &str = "timer";

/// The LED, if one was given.
pub struct Lamp {
    trigger: Option<PathBuf>,
    /// What it showed before.
    before: RefCell<Option<String>>,
}

impl Lamp {
    /// The LED in a folder of /sys/class/leds.
    pub fn at(folder: Option<PathBuf>) -> Self {
        Self { trigger: folder.map(|f| f.join("trigger")), before: RefCell::new(None) }
    }

    /// Lets it blink, or show again what it showed before.
    pub fn set(&self, on: bool) {
        let Some(trigger) = &self.trigger else { return };
        let mut before = self.before.borrow_mut();
        let wanted = if on {
            // The one in brackets is the one that holds.
            let all = std::fs::read_to_string(trigger).unwrap_or_default();
            let held = all.split_whitespace().find_map(|w| w.strip_prefix('[')?.strip_suffix(']'));
            before.get_or_insert(held.unwrap_or("none").to_owned());
            BLINK.to_owned()
        } else {
            before.take().unwrap_or_else(|| "none".to_owned())
        };
        if let Err(error) = std::fs::write(trigger, wanted) {
            tracing::warn!(%error, lamp = %trigger.display(), "the lamp cannot be set");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lamp_shows_again_what_it_showed_before() {
        let dir = tempfile::tempdir().unwrap();
        let trigger = dir.path().join("trigger");
        std::fs::write(&trigger, "none timer [mmc0] heartbeat\n").unwrap();
        let lamp = Lamp::at(Some(dir.path().to_owned()));
        lamp.set(true);
        lamp.set(true);
        assert_eq!(std::fs::read_to_string(&trigger).unwrap(), "timer");
        lamp.set(false);
        assert_eq!(std::fs::read_to_string(&trigger).unwrap(), "mmc0");
    }
}
