//! The server: takes deliveries from gateways, stores readings, watches assets, opens tickets, and
//! answers over HTTP.
//!
//! Slices by subject, each with its routes, rules and queries. A reading enters in [`ingest`]; a
//! ticket is born in [`tickets`], called from [`watch`].

pub mod access;
pub mod accounts;
pub mod alarms;
pub mod app;
pub mod assets;
pub mod attachments;
pub mod backup;
pub mod bindings;
pub mod boards;
pub mod calibrations;
pub mod care;
pub mod contracts;
pub mod customers;
pub mod diagnosis;
pub mod evidence;
pub mod exports;
pub mod fault_signatures;
pub mod folder;
pub mod health;
pub mod http;
pub mod imports;
pub mod ingest;
pub mod knowledge;
pub mod kpis;
pub mod limits;
pub mod loyalty;
pub mod notifications;
pub mod parts;
pub mod planning;
pub mod playbooks;
pub mod points;
pub mod policies;
pub mod proposals;
pub mod readings_store;
pub mod rejected;
pub mod remarks;
pub mod requests;
pub mod returns;
pub mod routes;
pub mod rules;
pub mod search;
pub mod series;
pub mod service_levels;
pub mod shipments;
pub mod stock;
pub mod surveys;
pub mod technicians;
pub mod tickets;
pub mod tokens;
pub mod training;
pub mod visits;
pub mod watch;
pub mod work_orders;

mod changes;
mod database;
mod descriptions;
mod metrics;
mod repair_sessions;
mod sessions;
mod states;
mod time;

/// Answers HTTP until `stop` is done.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    app: app::App,
    parts: health::Parts,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, routes::router(app, parts)).with_graceful_shutdown(stop).await
}
