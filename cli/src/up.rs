//! `aftercare up`: MQTT in, gateway, server and stores in one process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use gateway::broker::embedded::{Credentials, EmbeddedBroker};
use gateway::broker::remote::{LinkState, RemoteBroker};
use gateway::forward::{Deliver, DeliverError, ForwardFigures, Forwarder};
use gateway::intake::Intake;
use gateway::spool::{Spool, SpoolThread};
use server::app::{App, Options};
use telemetry::delivery::Delivery;
use telemetry::name::BoardId;
use tokio::sync::watch;

use crate::clock::SystemClock;
use crate::gateway::part::GatewayPart;
use crate::{say, shutdown, simulate};

/// Open streams of watchers are cut after this long when the process has to end.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare up
  aftercare up --demo --data-dir /tmp/demo
  aftercare up --http 0.0.0.0:8080 --mqtt 0.0.0.0:1883
  aftercare up --broker mqtt://127.0.0.1:1883

Each start prints a login link that is good once. With AFTERCARE_BOOTSTRAP_TOKEN it prints none: the
first start of an empty data folder makes that value the first administrator's API token.")]
pub struct Args {
    /// Folder of everything that is kept
    #[arg(long, default_value = "aftercare-data")]
    data_dir: PathBuf,
    /// Business database instead of SQLite in the data folder: postgres://user:password@host/name
    #[arg(long, value_name = "URL", env = "AFTERCARE_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Address of the HTTP interface; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080")]
    http: SocketAddr,
    /// Address of the MQTT listener; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:1883")]
    mqtt: SocketAddr,
    /// Take readings from this broker instead of listening for boards
    #[arg(long, value_name = "URL", conflicts_with = "mqtt")]
    broker: Option<String>,
    /// Simulate a workshop of three machines, one of which goes wrong
    #[arg(long, conflicts_with = "broker")]
    demo: bool,
    /// First line of standard output: one JSON object with the addresses taken
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let stop = shutdown::signal_received()?;
    std::fs::create_dir_all(&args.data_dir)
        .with_context(|| format!("cannot make the data folder {}", args.data_dir.display()))?;
    let bootstrap = std::env::var("AFTERCARE_BOOTSTRAP_TOKEN").ok().filter(|t| !t.is_empty());
    let app = App::open(Options {
        data: args.data_dir.clone(),
        database: args.database.clone(),
        clock: Arc::new(SystemClock),
        bootstrap_token: bootstrap.clone(),
    })
    .await?;
    let login = match bootstrap {
        Some(_) => None,
        None => Some(app.login_code().await?),
    };
    let gateway = start_gateway(&args.data_dir, app.clone(), stop.clone())?;

    let http = tokio::net::TcpListener::bind(args.http)
        .await
        .with_context(|| format!("cannot listen for HTTP on {}", args.http))?;
    let http_address = http.local_addr()?;
    let way_in = WayIn::open(&args, &gateway, app.clone(), stop.clone()).await?;
    announce(&args, http_address, &way_in.address(), login.as_deref());

    if args.demo {
        let demo = simulate::Target {
            server: format!("http://{http_address}"),
            mqtt: way_in.address(),
            token: app.issue_token("demo").await?,
        };
        tokio::spawn(simulate::run_demo(demo, stop.clone()));
    }
    let mut parts = app.parts();
    parts.push(Arc::new(gateway.part(way_in.link())));
    serve(http, app.clone(), Arc::new(parts), stop).await?;
    way_in.close().await;
    gateway.close().await;
    app.close().await;
    Ok(())
}

fn announce(args: &Args, http: SocketAddr, mqtt: &str, login: Option<&str>) {
    let login = login.map(|code| format!("http://{http}/#login={code}"));
    if args.json {
        let line = serde_json::json!({
            "http": format!("http://{http}"), "mqtt": mqtt, "login": login,
        });
        say(&line.to_string());
        return;
    }
    say(&format!("Aftercare is up.\n  HTTP  http://{http}\n  MQTT  {mqtt}"));
    if let Some(login) = login {
        say(&format!(
            "  Login {login}\n        (good once, for a day; every start prints a new one)"
        ));
    }
}

async fn serve(
    http: tokio::net::TcpListener,
    app: App,
    parts: server::health::Parts,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let stopped = |mut stop: watch::Receiver<bool>| async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let serving = server::serve(http, app, parts, stopped(stop.clone()));
    tokio::select! {
        served = serving => served.context("the HTTP interface ended"),
        () = async { stopped(stop).await; tokio::time::sleep(LAST_ANSWERS).await } => Ok(()),
    }
}

/// Spool and forwarder inside this process.
struct Gateway {
    intake: Intake,
    spool: Spool,
    forward: Arc<ForwardFigures>,
    forwarder: tokio::task::JoinHandle<()>,
    spool_thread: SpoolThread,
}

fn start_gateway(data: &Path, app: App, stop: watch::Receiver<bool>) -> anyhow::Result<Gateway> {
    let (spool, spool_thread) = Spool::open(&data.join("spool.db"))?;
    let forwarder = Forwarder::new(spool.clone(), InProcess(app), stop)?;
    let forward = forwarder.figures();
    let forwarder = tokio::spawn(forwarder.run());
    let intake = Intake::new(spool.clone(), Arc::new(SystemClock));
    Ok(Gateway { intake, spool, forward, forwarder, spool_thread })
}

impl Gateway {
    fn part(&self, link: Option<watch::Receiver<LinkState>>) -> GatewayPart {
        GatewayPart { spool: self.spool.clone(), forward: self.forward.clone(), link }
    }

    async fn close(self) {
        let _ = self.forwarder.await;
        drop((self.intake, self.spool));
        self.spool_thread.finished().await;
    }
}

/// How readings come in.
enum WayIn {
    Embedded(EmbeddedBroker),
    Remote { url: String, link: watch::Receiver<LinkState>, task: tokio::task::JoinHandle<()> },
}

impl WayIn {
    async fn open(
        args: &Args,
        gateway: &Gateway,
        app: App,
        stop: watch::Receiver<bool>,
    ) -> anyhow::Result<Self> {
        let intake = gateway.intake.clone();
        Ok(match &args.broker {
            Some(url) => {
                let broker = RemoteBroker::new(url, "aftercare-up", None)?;
                let link = broker.link();
                let task = tokio::spawn(broker.run(intake, stop));
                Self::Remote { url: url.clone(), link, task }
            }
            None => {
                allow_connections();
                let credentials = Arc::new(Boards(app));
                Self::Embedded(EmbeddedBroker::start(args.mqtt, intake, credentials).await?)
            }
        })
    }

    fn address(&self) -> String {
        match self {
            Self::Embedded(broker) => format!("mqtt://{}", broker.address),
            Self::Remote { url, .. } => url.clone(),
        }
    }

    fn link(&self) -> Option<watch::Receiver<LinkState>> {
        match self {
            Self::Embedded(_) => None,
            Self::Remote { link, .. } => Some(link.clone()),
        }
    }

    async fn close(self) {
        match self {
            Self::Embedded(broker) => broker.stop().await,
            Self::Remote { task, .. } => {
                let _ = task.await;
            }
        }
    }
}

/// Each board holds a file descriptor, and shells commonly allow 1024.
fn allow_connections() {
    let wanted = gateway::limits::CLIENTS as u64 + 1024;
    match rlimit::increase_nofile_limit(wanted) {
        Ok(allowed) if allowed < wanted => {
            tracing::warn!(
                allowed,
                wanted,
                "Few file descriptors: raise the hard limit (ulimit -Hn)"
            );
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "The limit of file descriptors cannot be raised"),
    }
}

/// The server in this process.
struct InProcess(App);

impl Deliver for InProcess {
    async fn deliver(&self, delivery: Delivery) -> Result<(), DeliverError> {
        let taken = server::ingest::take(&self.0, delivery).await;
        taken.map_err(|e| DeliverError::Unavailable(e.to_string()))
    }
}

/// Credentials of boards, as the server knows them.
struct Boards(App);

impl Credentials for Boards {
    fn issued(&self, board: &BoardId) -> bool {
        server::boards::credential_issued(&self.0, board)
    }

    fn matches(&self, board: &BoardId, password: &[u8]) -> bool {
        server::boards::credential_matches(&self.0, board, password)
    }
}
