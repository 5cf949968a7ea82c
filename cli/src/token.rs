//! `aftercare token`: an API token for somebody who may read the server's folder.

use std::path::PathBuf;

use server::access::Role;
use server::tokens::issue_into;
use telemetry::clock::Clock as _;

use crate::clock::SystemClock;
use crate::say;
use crate::server::business_database;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  export AFTERCARE_TOKEN=$(aftercare token --name 'my laptop')
  aftercare token --name 'site 4' --scope gateway > gateway.token

The server may be running. The token is printed once; the database keeps only its digest.")]
pub struct Args {
    /// Who will use it
    #[arg(long)]
    name: String,
    /// What it may do: everything, or hand in readings as a gateway
    #[arg(long, value_enum, default_value = "admin")]
    scope: ScopeName,
    /// Folder of the server
    #[arg(long, default_value = "aftercare-data")]
    data_dir: PathBuf,
    /// Business database of the server, when it is not in the folder
    #[arg(long, value_name = "URL", env = "AFTERCARE_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum ScopeName {
    Admin,
    Gateway,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let database = business_database(args.database, &args.data_dir)?;
    let scope = match args.scope {
        ScopeName::Admin => Role::Admin,
        ScopeName::Gateway => Role::Gateway,
    };
    say(&issue_into(&database, &args.name, scope, SystemClock.now_us()).await?);
    Ok(())
}
