//! `aftercare board new`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use telemetry::name::BoardId;

use super::file::{self, Address, Credential, File, Measured};
use crate::api::Api;
use crate::say;

#[derive(clap::Args)]
pub struct Args {
    /// Name of the board: letters, digits and -_.:
    name: BoardId,
    /// What it measures and where it reports; `aftercare board template` prints one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["broker", "channels"])]
    config: Option<PathBuf>,
    /// Where it reports, as the board reaches it
    #[arg(long, value_name = "HOST:PORT", required_unless_present = "config")]
    broker: Option<String>,
    /// What it measures; may be given more than once
    #[arg(
        long = "channel",
        id = "channels",
        value_name = "NAME:UNIT:SOURCE",
        required_unless_present = "config"
    )]
    channels: Vec<String>,
    /// File to write; NAME.cfg unless given
    #[arg(long)]
    output: Option<PathBuf>,
    /// Replace the file when it is there
    #[arg(long)]
    force: bool,
    /// Server that will know the board
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// Print the credentials as JSON, for another program
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let id = args.name.as_str();
    let file = wanted(&args)?;
    // Everything that can be wrong is found before the server ends the board's older password.
    let nobody = Credential {
        username: id.to_owned(),
        password: String::new(),
        command_key: "00".repeat(32),
    };
    file.config(id, &nobody)?;
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{id}.cfg")));
    let mut options = OpenOptions::new();
    options.write(true);
    if args.force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut output = options.open(&path).with_context(|| {
        format!("cannot write {} (--force replaces a file that is there)", path.display())
    })?;
    let issued = issue(&args, id).await;
    if issued.is_err() && !args.force {
        // It is empty and ours.
        let _ = std::fs::remove_file(&path);
    }
    let credential = issued?;
    let mut bytes = [0; board::limits::MAX_CONFIG_BYTES];
    let length = file.config(id, &credential)?.encode(&mut bytes)?;
    output.write_all(&bytes[..length]).with_context(|| format!("writing {}", path.display()))?;
    if args.json {
        let Credential { username, password, command_key } = &credential;
        say(&serde_json::json!({
            "board": id, "username": username, "password": password,
            "command_key": command_key, "file": path,
        })
        .to_string());
    } else {
        let Address { host, port } = &file.broker;
        say(&format!(
            "{id} is known at {} and its configuration is in {}.\n  reports to  {host}:{port}\n  \
             measures    {}\n\nThe file holds the board's password: keep it to yourself. How it \
             gets onto the board is on the\nboard's page under firmware/boards/. When it reports, \
             adopt it at {}/boards/{id}",
            args.server,
            path.display(),
            file.channels.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", "),
            args.server.trim_end_matches('/'),
        ));
    }
    Ok(())
}

async fn issue(args: &Args, id: &str) -> anyhow::Result<Credential> {
    Api::new(&args.server)?.post(&format!("/api/v1/boards/{id}/credential"), &()).await
}

fn wanted(args: &Args) -> anyhow::Result<File> {
    if let Some(path) = &args.config {
        return file::read(path);
    }
    let broker = args.broker.as_deref().unwrap_or_default();
    let broker = broker.strip_prefix("mqtt://").unwrap_or(broker).trim_end_matches('/');
    let (host, port) = broker.rsplit_once(':').unwrap_or((broker, "1883"));
    let port = port.parse().with_context(|| format!("--broker {broker}: the port is no number"))?;
    let channels: anyhow::Result<Vec<Measured>> =
        args.channels.iter().map(|c| Measured::parse(c)).collect();
    let broker = Address { host: host.to_owned(), port };
    Ok(File { keep_within_ms: board::limits::KEEP_WITHIN_MS, broker, channels: channels? })
}
