//! The private key: a file that only its owner can read, made when it is needed first.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use evidence::{PublicKey, Signer};
use tokio::sync::Mutex;

use super::keys;
use crate::app::App;
use crate::http::Problem;

/// Name of the file in the data folder.
const FILE: &str = "evidence.key";

/// The key that reports are signed with.
pub(crate) struct SigningKey {
    file: PathBuf,
    /// Whether an operator named the file: then it is theirs to change.
    given: bool,
    signer: Mutex<Option<Arc<Signer>>>,
}

impl SigningKey {
    /// In a file that an operator names, or in the data folder.
    pub fn at(data: &Path, given: Option<PathBuf>) -> Self {
        let is_given = given.is_some();
        let file = given.unwrap_or_else(|| data.join(FILE));
        Self { file, given: is_given, signer: Mutex::new(None) }
    }

    /// The key; made now where there is none yet, and known to the database from now on.
    pub async fn signer(&self, app: &App) -> Result<Arc<Signer>, Problem> {
        self.loaded(app, &mut *self.signer.lock().await).await
    }

    async fn loaded(
        &self,
        app: &App,
        signer: &mut Option<Arc<Signer>>,
    ) -> Result<Arc<Signer>, Problem> {
        if let Some(signer) = signer {
            return Ok(signer.clone());
        }
        let read = match fs::read_to_string(&self.file) {
            Ok(pem) => Signer::from_pem(&pem).map_err(|e| self.failed(&e))?,
            Err(e) if e.kind() == io::ErrorKind::NotFound && !self.given => self.make()?,
            Err(e) => return Err(self.failed(&e)),
        };
        keys::know(app, &read.public()).await?;
        Ok(signer.insert(Arc::new(read)).clone())
    }

    /// Puts a new key in the place of the old one, which is gone from then on: the old public key and
    /// the new one.
    pub async fn renew(&self, app: &App) -> Result<(PublicKey, PublicKey), Problem> {
        if self.given {
            return Err(Problem::Conflict(
                "the key is in a file that the server was started with: replace the file and start \
                 the server again"
                    .into(),
            ));
        }
        let mut signer = self.signer.lock().await;
        let old = self.loaded(app, &mut signer).await?.public();
        let new = self.make()?;
        let public = new.public();
        *signer = Some(Arc::new(new));
        keys::know(app, &public).await?;
        Ok((old, public))
    }

    fn make(&self) -> Result<Signer, Problem> {
        let signer = Signer::from_seed(&rand::random());
        let pem = signer.to_pem().map_err(|e| self.failed(&e))?;
        self.keep(&pem).map_err(|e| self.failed(&e))?;
        tracing::info!(file = %self.file.display(), "A key for evidence reports was made");
        Ok(signer)
    }

    /// Written under another name first: a crash leaves the old key or the new one, never half of it.
    fn keep(&self, pem: &str) -> io::Result<()> {
        let part = self.file.with_extension("key.part");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&part)?;
        file.write_all(pem.as_bytes())?;
        file.sync_all()?;
        fs::rename(part, &self.file)?;
        match self.file.parent() {
            Some(folder) => fs::File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }

    fn failed(&self, cause: &dyn std::error::Error) -> Problem {
        Problem::Internal(format!("the key {}: {cause}", self.file.display()).into())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn only_its_owner_can_read_the_key() {
        let dir = tempfile::tempdir().unwrap();
        let key = SigningKey::at(dir.path(), None);
        let first = key.make().unwrap().public();
        let file = dir.path().join(FILE);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let kept = Signer::from_pem(&fs::read_to_string(&file).unwrap()).unwrap().public();
        assert_eq!(kept, first);
        assert_ne!(key.make().unwrap().public(), first);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing half written is left");
    }
}
