//! The server as a part of a process: `aftercare server` and `aftercare up` have the same one.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use server::app::{App, Options};
use server::limits::OUTBOX_ENDS_WITHIN;
use tokio::sync::watch;

use super::mailbox::MailboxArgs;
use super::notifications::NotificationArgs;
use super::store::StoreArgs;
use crate::clock::SystemClock;
use crate::say;

/// Open streams of watchers are cut after this long when the process has to end.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// Options of the server.
#[derive(clap::Args)]
pub struct ServerArgs {
    /// Folder of everything that is kept
    #[arg(long, default_value = "aftercare-data")]
    pub data_dir: PathBuf,
    /// Business database instead of SQLite in the data folder: postgres://user:password@host/name
    #[arg(long, value_name = "URL", env = "AFTERCARE_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Address of the HTTP interface; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080")]
    http: SocketAddr,
    /// First line of standard output: one JSON object with the addresses taken
    #[arg(long)]
    pub json: bool,
    /// Private key that reports are signed with (Ed25519, PKCS#8 PEM); without it one is made in the
    /// data folder
    #[arg(long, value_name = "FILE")]
    evidence_key: Option<PathBuf>,
    #[command(flatten)]
    notifications: NotificationArgs,
    #[command(flatten)]
    mailbox: MailboxArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// The server, listening but not yet answering.
pub struct ServerPart {
    pub args: ServerArgs,
    pub app: App,
    pub url: String,
    /// A link that signs one browser in, unless a token was given for the first start.
    pub login: Option<String>,
    listener: tokio::net::TcpListener,
    mailbox: Option<mailbox::Account>,
}

impl ServerPart {
    pub async fn open(args: ServerArgs) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&args.data_dir)
            .with_context(|| format!("cannot make the data folder {}", args.data_dir.display()))?;
        let mailbox = args.mailbox.account()?;
        let bootstrap = std::env::var("AFTERCARE_BOOTSTRAP_TOKEN").ok().filter(|t| !t.is_empty());
        let app = App::open(Options {
            data: args.data_dir.clone(),
            database: args.database.clone(),
            readings: args.store.choice(),
            retention: args.store.retention(),
            clock: Arc::new(SystemClock),
            bootstrap_token: bootstrap.clone(),
            evidence_key: args.evidence_key.clone(),
            notifications: args.notifications.settings(args.http),
        })
        .await?;
        let listener = tokio::net::TcpListener::bind(args.http)
            .await
            .with_context(|| format!("cannot listen for HTTP on {}", args.http))?;
        let url = format!("http://{}", listener.local_addr()?);
        let login = match bootstrap {
            Some(_) => None,
            None => Some(format!("{url}/#login={}", app.login_code().await?)),
        };
        Ok(Self { args, app, url, login, listener, mailbox })
    }

    pub fn say_login(&self) {
        if let Some(login) = &self.login {
            say(&format!(
                "  Login {login}\n        (good once, for a day; every start prints a new one)"
            ));
        }
    }

    /// Answers until `stop` becomes true.
    pub async fn serve(
        self,
        parts: server::health::Parts,
        stop: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        let stopped = |mut stop: watch::Receiver<bool>| async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        let upkeep = tokio::spawn(self.app.clone().keep_to_retention(stop.clone()));
        let describing = tokio::spawn(self.app.clone().keep_described(stop.clone()));
        let attending = tokio::spawn(self.app.clone().attend_alarms(stop.clone()));
        let sending = tokio::spawn(self.app.clone().attend_outbox(stop.clone()));
        let promises = tokio::spawn(self.app.clone().attend_service_levels(stop.clone()));
        let caring = tokio::spawn(self.app.clone().attend_care(stop.clone()));
        let indexing = tokio::spawn(self.app.clone().attend_search(stop.clone()));
        let shipments = tokio::spawn(self.app.clone().attend_shipments(stop.clone()));
        let visits = tokio::spawn(self.app.clone().attend_visits(stop.clone()));
        let satisfaction = tokio::spawn(self.app.clone().attend_satisfaction(stop.clone()));
        let letters = self
            .mailbox
            .map(|account| tokio::spawn(self.app.clone().attend_mailbox(account, stop.clone())));
        let serving = server::serve(self.listener, self.app, parts, stopped(stop.clone()));
        let served = tokio::select! {
            served = serving => served.context("the HTTP interface ended"),
            () = async { stopped(stop).await; tokio::time::sleep(LAST_ANSWERS).await } => Ok(()),
        };
        upkeep.abort();
        describing.abort();
        attending.abort();
        // A message whose end is not written down is sent again at the next start.
        let aborted = sending.abort_handle();
        if tokio::time::timeout(OUTBOX_ENDS_WITHIN, sending).await.is_err() {
            aborted.abort();
        }
        promises.abort();
        caring.abort();
        indexing.abort();
        shipments.abort();
        visits.abort();
        satisfaction.abort();
        // A letter that is not marked as read is known when it is seen again.
        if let Some(letters) = letters {
            letters.abort();
        }
        served
    }
}
