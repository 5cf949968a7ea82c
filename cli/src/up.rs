//! `aftercare up`: MQTT in, gateway, server and stores in one process.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use gateway::broker::embedded::{Credentials, EmbeddedBroker};
use gateway::broker::remote::{LinkState, RemoteBroker};
use gateway::downlink::{Commands, CommandsError, Downlink, Waiting};
use gateway::forward::{Deliver, DeliverError, ForwardFigures, Forwarder};
use gateway::intake::Intake;
use gateway::spool::{Spool, SpoolThread};
use rumqttc::MqttOptions;
use server::app::App;
use telemetry::delivery::Delivery;
use telemetry::name::BoardId;
use tokio::sync::watch;

use crate::clock::SystemClock;
use crate::gateway::part::GatewayPart;
use crate::server::parts::{ServerArgs, ServerPart};
use crate::{say, shutdown, simulate};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare up
  aftercare up --demo --data-dir /tmp/demo
  aftercare up --http 0.0.0.0:8080 --mqtt 0.0.0.0:1883
  aftercare up --broker mqtt://127.0.0.1:1883
  aftercare up --store influx --influx-url http://127.0.0.1:8086

Each start prints a login link that is good once. With AFTERCARE_BOOTSTRAP_TOKEN it prints none: the
first start of an empty data folder makes that value the first administrator's API token.")]
pub struct Args {
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    way_in: WayInArgs,
    /// Simulate a workshop of three machines, one of which goes wrong
    #[arg(long, conflicts_with = "broker")]
    demo: bool,
}

/// Options that say how readings come in.
#[derive(clap::Args)]
struct WayInArgs {
    /// Address of the MQTT listener; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:1883")]
    mqtt: SocketAddr,
    /// Take readings from this broker instead of listening for boards
    #[arg(long, value_name = "URL", conflicts_with = "mqtt")]
    broker: Option<String>,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let stop = shutdown::signal_received()?;
    let server = ServerPart::open(args.server).await?;
    let app = server.app.clone();
    let gateway = start_gateway(&server.args.data_dir, app.clone(), stop.clone())?;
    let way_in = WayIn::open(&args.way_in, &gateway, app.clone(), stop.clone()).await?;
    let down =
        Downlink::new(InProcess(app.clone()), gateway.spool.gateway(), way_in.for_commands());
    let down = tokio::spawn(down.run(stop.clone()));
    announce(&server, &way_in.address());
    if args.demo {
        let demo = simulate::Target {
            server: server.url.clone(),
            mqtt: way_in.address(),
            token: app.issue_token("demo").await?,
        };
        tokio::spawn(simulate::run_demo(demo, stop.clone()));
    }
    let mut parts = app.parts();
    parts.push(Arc::new(gateway.part(way_in.link())));
    server.serve(Arc::new(parts), stop).await?;
    let _ = down.await;
    way_in.close().await;
    gateway.close().await;
    app.close().await;
    Ok(())
}

fn announce(server: &ServerPart, mqtt: &str) {
    let ServerPart { url, login, .. } = server;
    if server.args.json {
        say(&serde_json::json!({ "http": url, "mqtt": mqtt, "login": login }).to_string());
        return;
    }
    say(&format!("Aftercare is up.\n  HTTP  {url}\n  MQTT  {mqtt}"));
    server.say_login();
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
    Remote {
        url: String,
        for_commands: Box<MqttOptions>,
        link: watch::Receiver<LinkState>,
        task: tokio::task::JoinHandle<()>,
    },
}

impl WayIn {
    async fn open(
        args: &WayInArgs,
        gateway: &Gateway,
        app: App,
        stop: watch::Receiver<bool>,
    ) -> anyhow::Result<Self> {
        let intake = gateway.intake.clone();
        Ok(match &args.broker {
            Some(url) => {
                let broker = RemoteBroker::new(url, "aftercare-up", None)?;
                let (link, for_commands) = (broker.link(), Box::new(broker.for_commands()));
                let task = tokio::spawn(broker.run(intake, stop));
                Self::Remote { url: url.clone(), for_commands, link, task }
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

    fn for_commands(&self) -> MqttOptions {
        match self {
            Self::Embedded(broker) => broker.for_commands(),
            Self::Remote { for_commands, .. } => *for_commands.clone(),
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
        taken.map(drop).map_err(|problem| {
            let cause = std::error::Error::source(&problem);
            DeliverError::Unavailable(cause.map_or(problem.to_string(), ToString::to_string))
        })
    }
}

impl Commands for InProcess {
    async fn waiting(&self, gateway: &str, known: i64) -> Result<Vec<Waiting>, CommandsError> {
        let found = server::boards::waiting(&self.0, gateway, known).await;
        let read = |c: server::boards::WaitingCommand| {
            Some(Waiting {
                board: BoardId::parse(&c.board).ok()?,
                counter: c.counter,
                message: hex::decode(&c.message).ok()?,
            })
        };
        let found = found.map_err(|problem| CommandsError(problem.to_string()))?;
        Ok(found.into_iter().filter_map(read).collect())
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
