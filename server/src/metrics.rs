//! What the server counts about itself.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::app::App;
use crate::health::{Figure, Kind, Part};

#[derive(Debug, Default)]
pub(crate) struct Metrics {
    pub readings: AtomicU64,
    pub expired: AtomicU64,
    pub refused: AtomicU64,
    pub deliveries: AtomicU64,
    pub rejected: AtomicU64,
    pub raised: AtomicU64,
    pub hidden: AtomicU64,
    pub escalated: AtomicU64,
    pub mails_taken: AtomicU64,
    pub mails_ignored: AtomicU64,
    pub mails_put_aside: AtomicU64,
    /// 1 while the mailbox cannot be read.
    pub mailbox_away: AtomicU64,
}

impl Metrics {
    pub fn add(counter: &AtomicU64, n: u64) {
        counter.fetch_add(n, Ordering::Relaxed);
    }
}

/// The business database.
pub(crate) struct Database(pub App);

#[async_trait::async_trait]
impl Part for Database {
    fn name(&self) -> &'static str {
        "database"
    }

    async fn ready(&self) -> Result<(), String> {
        let answer = sqlx::query("SELECT 1").execute(&self.0.database).await;
        answer.map(drop).map_err(|e| e.to_string())
    }

    fn figures(&self) -> Vec<Figure> {
        let m = &self.0.metrics;
        let watchers = self.0.events.receiver_count() as u64;
        let of = |name, help, counter: &AtomicU64| Figure {
            name,
            help,
            kind: Kind::Counter,
            value: counter.load(Ordering::Relaxed),
        };
        vec![
            of("aftercare_readings_stored_total", "Readings written to the store.", &m.readings),
            of("aftercare_readings_expired_total", "Readings too old to store.", &m.expired),
            of(
                "aftercare_readings_refused_total",
                "Readings that the database refused; each is in the log.",
                &m.refused,
            ),
            of("aftercare_deliveries_total", "Deliveries confirmed to gateways.", &m.deliveries),
            of("aftercare_records_rejected_total", "Messages and records refused.", &m.rejected),
            of("aftercare_alarms_raised_total", "Alarms raised.", &m.raised),
            of(
                "aftercare_alarms_hidden_total",
                "Alarms raised while a suspension hid them.",
                &m.hidden,
            ),
            of(
                "aftercare_alarms_escalated_total",
                "Escalations of alarms that nobody acknowledged in time.",
                &m.escalated,
            ),
            of("aftercare_mails_taken_total", "Letters that became requests.", &m.mails_taken),
            of(
                "aftercare_mails_ignored_total",
                "Letters that no person wrote to us.",
                &m.mails_ignored,
            ),
            of(
                "aftercare_mails_put_aside_total",
                "Letters beyond a limit, flagged in the mailbox for people.",
                &m.mails_put_aside,
            ),
            Figure {
                name: "aftercare_mailbox_away",
                help: "1 while the mailbox cannot be read.",
                kind: Kind::Gauge,
                value: m.mailbox_away.load(Ordering::Relaxed),
            },
            Figure {
                name: "aftercare_outbox_waiting",
                help: "Messages to people that are not sent yet.",
                kind: Kind::Gauge,
                value: self.0.notifications.waiting(),
            },
            Figure {
                name: "aftercare_watchers",
                help: "Open event streams.",
                kind: Kind::Gauge,
                value: watchers,
            },
        ]
    }
}
