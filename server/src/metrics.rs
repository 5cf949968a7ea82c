//! Figures for `/metrics` in the Prometheus text format (version 0.0.4).

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;

use crate::app::App;

#[derive(Debug, Default)]
pub(crate) struct Metrics {
    pub readings: AtomicU64,
    pub deliveries: AtomicU64,
    pub rejected: AtomicU64,
    pub raised: AtomicU64,
    pub expired: AtomicU64,
}

impl Metrics {
    pub fn add(counter: &AtomicU64, n: u64) {
        counter.fetch_add(n, Ordering::Relaxed);
    }
}

/// `GET /metrics`.
pub(crate) async fn show(State(app): State<App>) -> String {
    let m = &app.metrics;
    let mut text = String::new();
    for (name, help, counter) in [
        ("aftercare_readings_stored_total", "Readings written to the store.", &m.readings),
        ("aftercare_deliveries_total", "Deliveries confirmed to gateways.", &m.deliveries),
        ("aftercare_records_rejected_total", "Messages and records refused.", &m.rejected),
        ("aftercare_alarms_raised_total", "Alarms raised.", &m.raised),
        ("aftercare_readings_expired_total", "Readings too old to be stored.", &m.expired),
    ] {
        let value = counter.load(Ordering::Relaxed);
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}");
    }
    text
}
