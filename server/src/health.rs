//! Whether every part works, for `/readyz`, and its figures, for `/metrics`.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

/// A figure that only grows, or one that goes up and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows while the process runs.
    Counter,
    /// Goes up and down.
    Gauge,
}

/// One figure of the Prometheus text format (version 0.0.4).
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Name with its unit.
    pub name: &'static str,
    /// A sentence on what is counted.
    pub help: &'static str,
    /// Counter or gauge.
    pub kind: Kind,
    /// Its value now.
    pub value: u64,
}

/// A part of the process that can say how it does.
#[async_trait::async_trait]
pub trait Part: Send + Sync {
    /// Name in the answer of `/readyz`.
    fn name(&self) -> &'static str;
    /// Whether it works; the error says what is wrong.
    async fn ready(&self) -> Result<(), String>;
    /// Its figures.
    fn figures(&self) -> Vec<Figure>;
}

/// The parts of a process.
pub type Parts = Arc<Vec<Arc<dyn Part>>>;

/// `/healthz`, `/readyz` and `/metrics` over the parts. None of them asks for a token: they tell
/// nothing but figures.
pub fn router(parts: Parts) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(parts)
}

/// Serves [`router`] by itself, for a process without the rest of the server.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    parts: Parts,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(parts)).with_graceful_shutdown(stop).await
}

async fn ready(State(parts): State<Parts>) -> (StatusCode, String) {
    let mut status = StatusCode::OK;
    let mut text = String::new();
    for part in parts.iter() {
        let line = match part.ready().await {
            Ok(()) => "ok".to_owned(),
            Err(error) => {
                status = StatusCode::SERVICE_UNAVAILABLE;
                error
            }
        };
        text += &format!("{}: {line}\n", part.name());
    }
    (status, text)
}

async fn metrics(State(parts): State<Parts>) -> String {
    let mut text = String::new();
    for f in parts.iter().flat_map(|part| part.figures()) {
        let kind = match f.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        text += &format!(
            "# HELP {} {}\n# TYPE {} {kind}\n{} {}\n",
            f.name, f.help, f.name, f.name, f.value
        );
    }
    text
}
