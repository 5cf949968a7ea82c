//! Photos and documents: files named by the digest of their content, in the data folder.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path as FsPath, PathBuf};

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;

use super::content::{Act, Content};
use super::entries::{self, Entry, Writing};
use super::session;
use crate::app::App;
use crate::database::new_id;
use crate::http::{By, Problem};
use crate::limits::{ATTACHMENT_BYTES, ATTACHMENT_TYPES, TEXT_CHARS};
use crate::time::{self, Time};

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

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

/// What the first bytes say that it is, when it is allowed.
fn media_type(bytes: &[u8]) -> Result<&'static str, Problem> {
    let seen = infer::get(bytes).map(|kind| kind.mime_type());
    seen.and_then(|seen| ATTACHMENT_TYPES.into_iter().find(|t| *t == seen)).ok_or_else(|| {
        let seen = seen.unwrap_or("nothing that is known here");
        Problem::Invalid(format!(
            "an attachment has to be one of {}; its first bytes say {seen}",
            ATTACHMENT_TYPES.join(", ")
        ))
    })
}

/// Query of a new attachment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NewAttachment {
    /// What it shows.
    #[serde(default)]
    caption: String,
    /// When it was taken, by the author's device.
    #[param(format = DateTime)]
    at: Option<String>,
    /// Unique for the author's device: the same attachment sent again changes nothing.
    key: Option<String>,
}

/// Puts a photo or a document on the time axis; the body is the file.
///
/// JPEG, PNG, WebP, HEIC or PDF of at most 16 MiB; the first bytes decide what it is.
#[utoipa::path(
    post,
    path = "/api/v1/repair-sessions/{id}/attachments",
    operation_id = "attach_to_repair_session",
    tag = "repair sessions",
    params(NewAttachment),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Entry), Problem)
)]
pub(crate) async fn attach(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(new): Query<NewAttachment>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Entry>, Problem> {
    let bytes = body.map_err(|e| {
        Problem::Invalid(format!("{e}: an attachment has at most {ATTACHMENT_BYTES} bytes"))
    })?;
    if new.caption.chars().count() > TEXT_CHARS {
        return Err(Problem::Invalid(format!("`caption` may have {TEXT_CHARS} characters")));
    }
    entries::check_key(new.key.as_deref())?;
    let device_at = new.at.as_deref().map(|at| time::needed("at", at)).transpose()?.map(Time);
    let media_type = media_type(&bytes)?;
    let session = session::find(&app, &id).await?;
    entries::check_open(&session)?;
    let size = bytes.len() as u64;
    let sha256 = keep(&app, bytes).await?;
    // The file first: an entry never names a file that is not there.
    sqlx::query(
        "INSERT INTO attachments (sha256, media_type, bytes, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (sha256) DO NOTHING",
    )
    .bind(&sha256)
    .bind(media_type)
    .bind(i64::try_from(size).unwrap_or(i64::MAX))
    .bind(app.clock.now_us())
    .execute(&app.database)
    .await?;
    let caption = new.caption.trim().to_owned();
    let act = Act::Attached { sha256, media_type: media_type.to_owned(), bytes: size, caption };
    let writing = Writing {
        content: Content::Act(act),
        device_at,
        author: &who,
        corrects: None,
        key: new.key.as_deref(),
    };
    Ok(Json(entries::keep(&app, &session, writing).await?))
}

async fn keep(app: &App, bytes: Bytes) -> Result<String, Problem> {
    let app = app.clone();
    let kept = tokio::task::spawn_blocking(move || {
        let sha256 = hex(&Sha256::digest(&bytes));
        app.attachments.keep(&sha256, &bytes).map(|()| sha256)
    });
    let kept = kept.await.map_err(|e| Problem::Internal(Box::new(e)))?;
    kept.map_err(|e| Problem::Internal(Box::new(e)))
}

/// The bytes of an attachment, as they were sent.
#[utoipa::path(
    get,
    path = "/api/v1/attachments/{sha256}",
    operation_id = "read_attachment",
    tag = "repair sessions",
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        Problem
    )
)]
pub(crate) async fn read(
    State(app): State<App>,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    // Known names only: what is asked for never becomes a path by itself.
    let known: Option<(String, String)> =
        sqlx::query_as("SELECT sha256, media_type FROM attachments WHERE sha256 = $1")
            .bind(&sha256)
            .fetch_optional(&app.database)
            .await?;
    let (sha256, media_type) = known.ok_or(Problem::NotFound("attachment"))?;
    let bytes = app.attachments.read(&sha256).await?;
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        // The name is the content's digest: what is behind it never changes.
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
    ];
    Ok((headers, bytes).into_response())
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

    #[test]
    fn the_first_bytes_decide_what_a_file_is() {
        assert_eq!(media_type(b"\xff\xd8\xff\xe0 photo").unwrap(), "image/jpeg");
        assert_eq!(media_type(b"%PDF-1.7").unwrap(), "application/pdf");
        let phone = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
        assert_eq!(media_type(phone).unwrap(), "image/heif");
        for refused in [&b"<html><script>"[..], b"", b"PK\x03\x04", b"GIF89a"] {
            assert!(matches!(media_type(refused), Err(Problem::Invalid(_))), "{refused:?}");
        }
    }
}
