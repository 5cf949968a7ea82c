//! What happens, as it happens: server-sent events.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{self, KeepAlive, Sse};
use futures_core::Stream;
use serde::Serialize;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::BroadcastStream;
use utoipa::ToSchema;

use crate::app::App;
use crate::boards::Resolved;
use crate::http::Problem;

/// What the event `readings` carries: new readings of one point.
#[derive(Serialize, ToSchema)]
pub(crate) struct LiveReadings<'a> {
    asset_id: &'a str,
    point_id: &'a str,
    unit: &'a str,
    at_ms: Vec<i64>,
    value: Vec<f64>,
}

/// Shows readings to those who watch.
pub(crate) fn show(app: &App, resolved: &[Resolved<'_>]) {
    if app.events.receiver_count() == 0 {
        return;
    }
    for r in resolved {
        for b in r.bindings.iter() {
            let live = LiveReadings {
                asset_id: &b.asset_id,
                point_id: &b.point_id,
                unit: r.unit,
                at_ms: r.samples.iter().map(|s| s.measured_at_us / 1000).collect(),
                value: r.samples.iter().map(|s| b.correction.value(s.value)).collect(),
            };
            app.announce("readings", &live);
        }
    }
}

/// Server-sent events as they happen.
///
/// `readings` carries a `LiveReadings`, `alarm` and `escalation` an `Alarm`, `alarm_flood` an
/// `AlarmFlood`, `ticket` a `Ticket`, `repair_session` a `RepairSession`; `resync` tells a watcher
/// that was too slow to read again what it shows.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "watch_events",
    tag = "readings",
    responses((status = 200, content_type = "text/event-stream", body = String), Problem)
)]
pub(crate) async fn events(
    State(app): State<App>,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let stream = BroadcastStream::new(app.events.subscribe()).map(|event| {
        Ok(match event {
            Ok(event) => sse::Event::default().event(event.name).data(&*event.data),
            Err(_) => sse::Event::default().event("resync").data("{}"),
        })
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
