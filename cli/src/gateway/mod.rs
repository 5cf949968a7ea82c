//! `aftercare gateway`: from a broker on the site to a server elsewhere.

pub mod config;
pub mod part;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use gateway::broker::remote::RemoteBroker;
use gateway::downlink::Downlink;
use gateway::forward::{Forwarder, HttpServer};
use gateway::intake::Intake;
use gateway::spool::Spool;

use self::part::GatewayPart;
use crate::clock::SystemClock;
use crate::shutdown;

#[derive(clap::Args)]
#[command(after_help = "Example:
  aftercare config > gateway.toml
  aftercare gateway --config gateway.toml")]
pub struct Args {
    /// Configuration file; `aftercare config` prints a template
    #[arg(long)]
    config: PathBuf,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let config = config::read(&args.config)?;
    let stop = shutdown::signal_received()?;
    let token = config.server.token()?;
    std::fs::create_dir_all(&config.spool.dir)
        .with_context(|| format!("spool.dir: cannot make {}", config.spool.dir.display()))?;
    let (spool, thread) = Spool::open(&config.spool.dir.join("spool.db"))?;
    let server = HttpServer::new(&config.server.url, token)?;
    let forwarder = Forwarder::new(spool.clone(), server.clone(), stop.clone())?;
    let login = config.broker.login()?;
    let login = login.as_ref().map(|(name, password)| (name.as_str(), password.as_str()));
    let broker = RemoteBroker::new(&config.broker.url, &config.broker.client_id, login)?;
    let down = Downlink::new(server, spool.gateway(), broker.for_commands());
    let down = tokio::spawn(down.run(stop.clone()));
    let part = GatewayPart {
        spool: spool.clone(),
        forward: forwarder.figures(),
        link: Some(broker.link()),
    };
    let health = config.http.serve(Arc::new(vec![Arc::new(part)]), stop.clone()).await?;
    let forwarder = tokio::spawn(forwarder.run());
    tracing::info!(broker = config.broker.url, server = config.server.url, "The gateway is up");
    broker.run(Intake::new(spool, Arc::new(SystemClock)), stop).await;
    let _ = down.await;
    let _ = forwarder.await;
    if let Some(health) = health {
        let _ = health.await;
    }
    thread.finished().await;
    Ok(())
}
