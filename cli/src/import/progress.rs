//! How far an import came: a small file beside the one that is imported, until it is done.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    /// Of what: a file that has changed is begun anew.
    sha256: String,
    /// To where.
    server: String,
    /// Everything up to this line or row is confirmed by the server.
    confirmed: u64,
}

/// How far an import came.
pub struct Progress {
    file: PathBuf,
    state: State,
    /// Whether the folder refused it; said once.
    unwritable: bool,
}

impl Progress {
    /// Finds out how far an earlier import of the same content to the same server came.
    pub fn find(imported: &Path, sha256: String, server: String, from_start: bool) -> Self {
        let mut file = imported.as_os_str().to_owned();
        file.push(".importing");
        let file = PathBuf::from(file);
        let known: Option<State> =
            std::fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let same = |s: &State| !from_start && s.sha256 == sha256 && s.server == server;
        let state = match known.filter(same) {
            Some(known) => known,
            None => State { sha256, server, confirmed: 0 },
        };
        Self { file, state, unwritable: false }
    }

    /// The last line or row that the server has confirmed.
    pub fn confirmed(&self) -> u64 {
        self.state.confirmed
    }

    /// Keeps how far it came. An import that cannot keep it goes on all the same: sent again,
    /// readings do no harm.
    pub fn confirm(&mut self, place: u64) {
        self.state.confirmed = place;
        let new = self.file.with_extension("importing.new");
        let text = serde_json::to_vec(&self.state).unwrap_or_default();
        let kept = std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, &self.file));
        if let Err(error) = kept
            && !self.unwritable
        {
            self.unwritable = true;
            let file = self.file.display();
            tracing::warn!(%error, %file, "Interrupted, this import would begin anew");
        }
    }

    /// Everything is in.
    pub fn done(self) {
        let _ = std::fs::remove_file(&self.file);
    }
}
