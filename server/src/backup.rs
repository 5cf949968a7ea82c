//! Copies of everything that the server keeps, while it works.

use std::path::{Path, PathBuf};

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::{By, Problem};

/// Body of a backup.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NewBackup {
    /// A folder on the server's machine that is not there yet; absolute.
    pub folder: String,
}

/// What was copied, and what has to be copied by other means.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Backup {
    /// What is in the folder.
    pub copied: Vec<String>,
    /// What is not, and how it is copied.
    pub not_copied: Vec<String>,
}

/// Copies readings, business data and attachments into a folder. A server can be started on the copy.
///
/// What is kept by another program is named in the answer instead. Everything that was confirmed to
/// gateways before the call is in the copy.
#[utoipa::path(
    post,
    path = "/api/v1/backups",
    operation_id = "make_backup",
    tag = "operations",
    responses((status = 200, body = Backup), Problem)
)]
pub(crate) async fn make(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewBackup>,
) -> Result<Json<Backup>, Problem> {
    let folder = PathBuf::from(&new.folder);
    if !folder.is_absolute() {
        return Err(Problem::Invalid("`folder` has to be an absolute path on the server".into()));
    }
    std::fs::create_dir(&folder).map_err(|e| {
        Problem::Invalid(format!("the folder {} cannot be made there: {e}", folder.display()))
    })?;
    let mut backup = Backup { copied: Vec::new(), not_copied: Vec::new() };
    // Readings first: what the business data says of a reading is never newer than the reading.
    if app.readings_in_folder {
        app.store.backup(&folder.join("telemetry")).await?;
        backup.copied.push("telemetry".to_owned());
    } else {
        backup.not_copied.push("readings in InfluxDB: `influx backup`".to_owned());
    }
    if app.business_in_folder {
        copy_business(&app, &folder).await?;
        backup.copied.push("business.db".to_owned());
    } else {
        backup.not_copied.push("business data in PostgreSQL: `pg_dump`".to_owned());
    }
    // Last: whatever the business data names is there by now.
    app.attachments
        .copy(&folder.join("attachments"))
        .map_err(|e| Problem::Internal(Box::new(e)))?;
    backup.copied.push("attachments".to_owned());
    backup.not_copied.push(
        "the private key of evidence reports, `evidence.key`: copy it by hand to a safe place, or \
         let a server on the copy make a new one"
            .to_owned(),
    );
    tracing::info!(folder = %folder.display(), who, "A backup was made");
    Ok(Json(backup))
}

async fn copy_business(app: &App, folder: &Path) -> Result<(), Problem> {
    sqlx::query("VACUUM INTO $1")
        .bind(crate::app::business_file(folder).display().to_string())
        .execute(&app.database)
        .await?;
    Ok(())
}
