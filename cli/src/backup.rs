//! `aftercare backup`: asks a running server for a copy of everything that it keeps.

use std::path::PathBuf;

use server::backup::{Backup, NewBackup};

use crate::api::Api;
use crate::say;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare backup --into /backups/2026-01-31
  aftercare up --data-dir /backups/2026-01-31      a server on the copy

The folder is made on the server's machine; it must not be there yet. The server goes on working.
What waits in the spool is delivered later and is not part of the copy.")]
pub struct Args {
    /// Folder of the copy
    #[arg(long, value_name = "FOLDER")]
    into: PathBuf,
    /// The server's address
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    server: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let folder = std::path::absolute(&args.into)?;
    let body = NewBackup { folder: folder.display().to_string() };
    let backup: Backup = Api::new(&args.server)?.post("/api/v1/backups", &body).await?;
    if args.json {
        say(&serde_json::to_string(&backup)?);
        return Ok(());
    }
    say(&format!("Copied into {}: {}", folder.display(), backup.copied.join(", ")));
    for rest in &backup.not_copied {
        say(&format!("Not copied: {rest}"));
    }
    Ok(())
}
