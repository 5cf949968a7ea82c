//! How the run before ended, in a file beside the flash.

use std::io;
use std::path::{Path, PathBuf};

use board::boot::Reset;

/// What the run before has left.
#[derive(Debug, PartialEq, Eq)]
pub struct Before {
    /// Why this run began.
    pub reset: Reset,
    /// The message of a panic.
    pub panic: Option<String>,
}

/// First line of the file of a run that was told to begin anew.
const COMMANDED: &str = "commanded";
/// And of one that panicked; the message follows.
const PANICKED: &str = "panicked";

fn file(flash: &Path) -> PathBuf {
    let mut name = flash.as_os_str().to_owned();
    name.push(".last-words");
    name.into()
}

/// Takes the last words of the run before.
pub fn take(flash: &Path) -> Before {
    let path = file(flash);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let _ = std::fs::remove_file(path);
    match text.split_once('\n') {
        Some((COMMANDED, _)) => Before { reset: Reset::Command, panic: None },
        Some((PANICKED, why)) => Before { reset: Reset::Panic, panic: Some(why.to_owned()) },
        // Switched on, or started by hand: Linux does not tell.
        _ => Before { reset: Reset::Other, panic: None },
    }
}

/// The next run begins because a command said so.
pub fn commanded(flash: &Path) -> io::Result<()> {
    std::fs::write(file(flash), format!("{COMMANDED}\n"))
}

/// From here on a panic is told to the next run.
pub fn listen(flash: &Path) {
    let path = file(flash);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let message = panic.payload_as_str().unwrap_or("no message");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = std::fs::write(&path, format!("{PANICKED}\n{message} at {place}"));
        before(panic);
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_run_is_told_once_how_the_one_before_ended() {
        let dir = tempfile::tempdir().unwrap();
        let flash = dir.path().join("flash");
        let unknown = Before { reset: Reset::Other, panic: None };
        assert_eq!(take(&flash), unknown);
        commanded(&flash).unwrap();
        assert_eq!(take(&flash), Before { reset: Reset::Command, panic: None });
        assert_eq!(take(&flash), unknown);
        std::fs::write(file(&flash), "panicked\nindex out of bounds").unwrap();
        let said = Some("index out of bounds".to_owned());
        assert_eq!(take(&flash), Before { reset: Reset::Panic, panic: said });
    }
}
