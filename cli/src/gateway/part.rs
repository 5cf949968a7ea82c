//! The gateway as a part of `/readyz` and `/metrics`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gateway::broker::remote::LinkState;
use gateway::forward::ForwardFigures;
use gateway::spool::Spool;
use server::health::{Figure, Kind, Part};
use tokio::sync::watch;

/// Spool and link of a gateway.
pub struct GatewayPart {
    pub spool: Spool,
    pub forward: Arc<ForwardFigures>,
    /// Connection to a broker that is not in this process.
    pub link: Option<watch::Receiver<LinkState>>,
}

#[async_trait::async_trait]
impl Part for GatewayPart {
    fn name(&self) -> &'static str {
        "gateway"
    }

    async fn ready(&self) -> Result<(), String> {
        if self.spool.figures.failing.load(Ordering::Relaxed) {
            return Err("the spool takes nothing: it or its disk is full, see the log".to_owned());
        }
        match self.link.as_ref().map(|link| link.borrow().clone()) {
            None | Some(LinkState::Subscribed) => Ok(()),
            Some(LinkState::Connecting) => Err("connecting to the broker".to_owned()),
            Some(LinkState::Away(why)) => Err(format!("the broker is away: {why}")),
        }
    }

    fn figures(&self) -> Vec<Figure> {
        let (s, f) = (&self.spool.figures, &self.forward);
        let figure = |name, help, kind, value: &AtomicU64| Figure {
            name,
            help,
            kind,
            value: value.load(Ordering::Relaxed),
        };
        vec![
            figure(
                "aftercare_spool_entries_total",
                "Entries written to the spool and acknowledged.",
                Kind::Counter,
                &s.entries,
            ),
            figure(
                "aftercare_spool_commits_total",
                "Syncs of the spool; each acknowledges everything it holds.",
                Kind::Counter,
                &s.commits,
            ),
            figure(
                "aftercare_spool_waiting_bytes",
                "Bytes that the server has not confirmed.",
                Kind::Gauge,
                &s.waiting_bytes,
            ),
            figure(
                "aftercare_spool_set_aside_total",
                "Damaged rows of the spool that were set aside.",
                Kind::Counter,
                &s.set_aside,
            ),
            figure(
                "aftercare_forward_failures_total",
                "Deliveries that the server did not confirm and that are tried again.",
                Kind::Counter,
                &f.failures,
            ),
        ]
    }
}
