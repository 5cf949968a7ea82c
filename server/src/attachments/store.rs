//! The files themselves: named by the digest of their content, in the data folder.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path as FsPath, PathBuf};

use axum::body::Bytes;
use sha2::{Digest as _, Sha256};
use sqlx::{Any, Executor};

use super::media::media_type;
use crate::app::App;
use crate::database::new_id;
use crate::http::Problem;

/// The folder of the attachments.
pub(crate) struct Attachments(PathBuf);

/// A file on its way in; what a crash left of it is cleared at the next start.
const PART: &str = "part";

impl Attachments {
    /// Opens the folder, makes it where it is missing, and clears what a crash left half written.
    pub fn open(data: &FsPath) -> io::Result<Self> {
        let folder = data.join("attachments");
        fs::create_dir_all(&folder)?;
        for file in fs::read_dir(&folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|e| e == PART) {
                fs::remove_file(path)?;
            }
        }
        Ok(Self(folder))
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.0.join(sha256)
    }

    /// Returns when the bytes are on disk under their name; what is there already stays.
    fn keep(&self, sha256: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(sha256);
        if path.exists() {
            return Ok(());
        }
        let part = self.0.join(format!("{}.{PART}", new_id()));
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, &path)?;
        // The name is on disk only when its folder is.
        File::open(&self.0)?.sync_all()
    }

    /// The bytes of a digest that the database knows.
    pub async fn read(&self, sha256: &str) -> Result<Vec<u8>, Problem> {
        tokio::fs::read(self.path(sha256)).await.map_err(|e| Problem::Internal(Box::new(e)))
    }

    /// Copies every whole file into a folder that is not there yet.
    pub fn copy(&self, into: &FsPath) -> io::Result<()> {
        fs::create_dir(into)?;
        for file in fs::read_dir(&self.0)? {
            let path = file?.path();
            if let Some(name) = path.file_name()
                && path.extension().is_none()
            {
                fs::copy(&path, into.join(name))?;
            }
        }
        File::open(into)?.sync_all()
    }
}

/// A file that is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// Digest of its content, in hexadecimal.
    pub sha256: String,
    pub media_type: &'static str,
    pub bytes: u64,
}

/// Keeps a file of an allowed type. It is on disk, and the database knows it, before anything can name
/// it: a link never leads to a file that is not there.
pub(crate) async fn keep<'e>(
    app: &App,
    db: impl Executor<'e, Database = Any>,
    bytes: Bytes,
) -> Result<Kept, Problem> {
    let media_type = media_type(&bytes)?;
    let size = bytes.len() as u64;
    let sha256 = write(app, bytes).await?;
    sqlx::query(
        "INSERT INTO attachments (sha256, media_type, bytes, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (sha256) DO NOTHING",
    )
    .bind(&sha256)
    .bind(media_type)
    .bind(i64::try_from(size).unwrap_or(i64::MAX))
    .bind(app.clock.now_us())
    .execute(db)
    .await?;
    Ok(Kept { sha256, media_type, bytes: size })
}

async fn write(app: &App, bytes: Bytes) -> Result<String, Problem> {
    let app = app.clone();
    let kept = tokio::task::spawn_blocking(move || {
        let sha256 = hex(&Sha256::digest(&bytes));
        app.attachments.keep(&sha256, &bytes).map(|()| sha256)
    });
    let kept = kept.await.map_err(|e| Problem::Internal(Box::new(e)))?;
    kept.map_err(|e| Problem::Internal(Box::new(e)))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_written_file_is_cleared_and_a_whole_one_kept() {
        let dir = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(dir.path()).unwrap();
        attachments.keep("abc", b"whole").unwrap();
        attachments.keep("abc", b"whole").unwrap();
        let half = dir.path().join("attachments/1.part");
        fs::write(&half, b"ha").unwrap();
        let copy = dir.path().join("copy");
        attachments.copy(&copy).unwrap();
        assert_eq!(fs::read_dir(&copy).unwrap().count(), 1, "no half file in a copy");
        let again = Attachments::open(dir.path()).unwrap();
        assert!(!half.exists());
        assert_eq!(fs::read(again.path("abc")).unwrap(), b"whole");
    }
}
