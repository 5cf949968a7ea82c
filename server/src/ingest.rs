//! Where readings enter the server: a delivery is resolved, stored, judged, and then confirmed.
//!
//! Delivery is at least once, effects happen once: the store replaces equal times, alarms and
//! tickets are unique in the database, and rejections are counted once per sequence number.

use std::collections::BTreeMap;

use ::telemetry::delivery::{BoardReport, Delivery, Entry, Rejection, Status, entries};
use ::telemetry::pack::{Pack, Sample};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::boards::{self, Resolved};
use crate::http::Problem;
use crate::metrics::Metrics;
use crate::{rejected, remarks, watch};
use store::{SeriesId, Written};

/// What became of the readings of a delivery. Those that are not stored never will be.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
pub struct Taken {
    /// On disk now.
    pub stored: u64,
    /// Older than the retention, or at a time that no store can hold.
    pub expired: u64,
    /// Refused by the database for what they are; each is in the log.
    pub refused: u64,
}

impl From<Written> for Taken {
    fn from(Written { stored, expired, refused }: Written) -> Self {
        Self { stored, expired, refused }
    }
}

/// Takes a delivery of a gateway; the answer means that everything in it is stored and judged.
#[utoipa::path(
    post,
    path = "/api/v1/deliveries",
    operation_id = "receive_delivery",
    tag = "intake",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "Stored and judged", body = Taken), Problem)
)]
pub(crate) async fn receive(State(app): State<App>, body: Bytes) -> Result<Json<Taken>, Problem> {
    let delivery = Delivery::from_bytes(&body).map_err(|e| Problem::Invalid(e.to_string()))?;
    Ok(Json(take(&app, delivery).await?))
}

/// The steps of a delivery, however it came in.
///
/// # Errors
/// As [`receive`].
pub async fn take(app: &App, delivery: Delivery) -> Result<Taken, Problem> {
    let sorted = sort(&delivery)?;
    let resolved = boards::resolve(app, &sorted.packs).await?;
    let written = store(app, &resolved).await?;
    remarks::note_late(app, &resolved).await?;
    watch::judge(app, &resolved).await?;
    keep_rest(app, &delivery, &sorted).await?;
    watch::show(app, &resolved);
    Metrics::add(&app.metrics.deliveries, 1);
    Ok(written.into())
}

/// Entries by kind.
#[derive(Default)]
struct Sorted {
    packs: Vec<Pack>,
    rejections: Vec<(u64, Rejection)>,
    statuses: Vec<Status>,
    reports: Vec<(u64, BoardReport)>,
}

fn sort(delivery: &Delivery) -> Result<Sorted, Problem> {
    let mut sorted = Sorted::default();
    for (seq, entry) in (delivery.header.first_seq..).zip(entries(&delivery.entries)) {
        match entry.map_err(|e| Problem::Invalid(e.to_string()))? {
            Entry::Readings(pack) => sorted.packs.push(pack),
            Entry::Rejected(rejection) => sorted.rejections.push((seq, rejection)),
            Entry::Status(status) => sorted.statuses.push(status),
            Entry::Report(report) => sorted.reports.push((seq, report)),
        }
    }
    Ok(sorted)
}

async fn store(app: &App, resolved: &[Resolved<'_>]) -> Result<Written, Problem> {
    let mut batch: BTreeMap<SeriesId, Vec<Sample>> = BTreeMap::new();
    for r in resolved {
        batch.entry(r.series).or_default().extend_from_slice(r.samples);
    }
    let readings: usize = batch.values().map(Vec::len).sum();
    if readings == 0 {
        return Ok(Written::default());
    }
    let written = app.store.write(batch.into_iter().collect()).await?;
    Metrics::add(&app.metrics.readings, written.stored);
    Metrics::add(&app.metrics.expired, written.expired);
    Metrics::add(&app.metrics.refused, written.refused);
    Ok(written)
}

/// Rejections and what boards say, once per sequence number.
async fn keep_rest(app: &App, delivery: &Delivery, sorted: &Sorted) -> Result<(), Problem> {
    let Sorted { packs: _, rejections, statuses, reports } = sorted;
    if rejections.is_empty() && statuses.is_empty() && reports.is_empty() {
        return Ok(());
    }
    let header = &delivery.header;
    let mut tx = app.database.begin().await?;
    let known: Option<i64> = sqlx::query_scalar("SELECT last_seq FROM gateways WHERE id = $1")
        .bind(&header.gateway)
        .fetch_optional(&mut *tx)
        .await?;
    let known = known.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0);
    let mut refused = 0;
    for (_, rejection) in rejections.iter().filter(|(seq, _)| *seq > known) {
        rejected::keep(&mut tx, rejection).await?;
        refused += u64::from(rejection.count);
    }
    if refused > 0 {
        rejected::forget_oldest(&mut tx).await?;
    }
    for status in statuses {
        boards::keep_status(&mut tx, status, &header.gateway).await?;
    }
    let mut commanded = false;
    for (_, report) in reports.iter().filter(|(seq, _)| *seq > known) {
        let now = app.clock.now_us();
        commanded |= boards::keep_report(&mut tx, report, &header.gateway, now).await?;
    }
    sqlx::query(
        "INSERT INTO gateways (id, last_seq, seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq, seen_at = excluded.seen_at \
         WHERE gateways.last_seq < excluded.last_seq",
    )
    .bind(&header.gateway)
    .bind(i64::try_from(header.last_seq).unwrap_or(i64::MAX))
    .bind(app.clock.now_us())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    if commanded {
        app.commands_waiting.notify_waiters();
    }
    Metrics::add(&app.metrics.rejected, refused);
    Ok(())
}
