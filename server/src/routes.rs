//! Every route, in one list.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post, put};

use crate::app::App;
use crate::{
    alarms, assets, boards, ingest, limits, metrics, points, rejected, tickets, tokens, watch,
};

/// The whole HTTP interface.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/api/v1/assets", get(assets::list))
        .route("/api/v1/assets/{id}", get(assets::show))
        .route("/api/v1/points", get(points::list))
        .route("/api/v1/readings", get(points::readings))
        .route("/api/v1/alarms", get(alarms::list))
        .route("/api/v1/alarms/{id}/acknowledge", post(alarms::acknowledge))
        .route("/api/v1/tickets", get(tickets::list))
        .route("/api/v1/tickets/{id}", get(tickets::show))
        .route("/api/v1/tickets/{id}/transition", post(tickets::transition))
        .route("/api/v1/boards", get(boards::list))
        .route("/api/v1/boards/{id}/adoption", put(boards::adopt))
        .route("/api/v1/boards/{id}/credential", post(boards::issue_credential))
        .route("/api/v1/rejected", get(rejected::list))
        .route("/api/v1/tokens", post(tokens::issue))
        .route("/api/v1/events", get(watch::events))
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .route(
            "/api/v1/deliveries",
            post(ingest::receive).layer(DefaultBodyLimit::max(limits::DELIVERY_BYTES)),
        )
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics::show))
        .fallback(get(crate::http::page))
        .with_state(app)
}

async fn ready(
    axum::extract::State(app): axum::extract::State<App>,
) -> Result<&'static str, crate::http::Problem> {
    sqlx::query("SELECT 1").execute(&app.database).await?;
    Ok("ready\n")
}
