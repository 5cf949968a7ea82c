//! `aftercare server`: the HTTP interface and the stores, for gateways that run elsewhere.

pub mod mailbox;
pub mod notifications;
pub mod parts;
pub mod store;

use std::path::Path;
use std::sync::Arc;

use ::server::app::business_file;

use crate::{say, shutdown};
use parts::{ServerArgs, ServerPart};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare server --http 0.0.0.0:8080
  aftercare server --store influx --influx-url http://127.0.0.1:8086
  aftercare server --database postgres://aftercare@127.0.0.1/aftercare

Gateways hand readings in over HTTP with a token of scope gateway (aftercare token --scope gateway);
`aftercare up` has a gateway and a broker in the same process.")]
pub struct Args {
    #[command(flatten)]
    server: ServerArgs,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let stop = shutdown::signal_received()?;
    let server = ServerPart::open(args.server).await?;
    if server.args.json {
        say(&serde_json::json!({ "http": server.url, "login": server.login }).to_string());
    } else {
        say(&format!("Aftercare's server is up.\n  HTTP  {}", server.url));
        server.say_login();
    }
    let parts = server.app.parts();
    server.serve(Arc::new(parts), stop).await
}

/// The business database of a server that has been started before.
pub fn business_database(given: Option<String>, data: &Path) -> anyhow::Result<String> {
    if let Some(url) = given {
        return Ok(url);
    }
    let file = business_file(data);
    anyhow::ensure!(
        file.exists(),
        "{} is no folder of a server; start `aftercare up --data-dir {0}` first",
        data.display()
    );
    Ok(format!("sqlite://{}", file.display()))
}
