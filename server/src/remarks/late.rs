//! Readings that came long after they were measured: a link was down, or somebody sent a recording.

use std::collections::BTreeMap;

use crate::app::App;
use crate::boards::Resolved;
use crate::database::new_id;
use crate::http::Problem;
use crate::limits::{LATE_AFTER_US, LATE_TOGETHER_US};

/// Late readings of one series in one delivery, microseconds.
struct Stretch {
    from: i64,
    to: i64,
    arrived: i64,
}

/// Notes what came late. The same delivery again changes nothing.
pub(crate) async fn note(app: &App, resolved: &[Resolved<'_>]) -> Result<(), Problem> {
    let mut late: BTreeMap<i64, Stretch> = BTreeMap::new();
    for r in resolved {
        let before = r.received_at_us.saturating_sub(LATE_AFTER_US);
        for at in r.samples.iter().map(|s| s.measured_at_us).filter(|at| *at < before) {
            let stretch = late.entry(r.series.0).or_insert(Stretch {
                from: at,
                to: at,
                arrived: r.received_at_us,
            });
            stretch.from = stretch.from.min(at);
            stretch.to = stretch.to.max(at);
            stretch.arrived = stretch.arrived.max(r.received_at_us);
        }
    }
    if late.is_empty() {
        return Ok(());
    }
    let mut tx = app.database.begin().await?;
    for (series, Stretch { from, to, arrived }) in late {
        let joined = sqlx::query(
            "UPDATE late_arrivals SET \
             from_us = CASE WHEN from_us < $2 THEN from_us ELSE $2 END, \
             to_us = CASE WHEN to_us > $3 THEN to_us ELSE $3 END, \
             arrived_to = CASE WHEN arrived_to > $4 THEN arrived_to ELSE $4 END \
             WHERE id = (SELECT id FROM late_arrivals WHERE series = $1 \
             AND from_us <= $3 + $5 AND to_us >= $2 - $5 AND arrived_to >= $4 - $5 \
             ORDER BY from_us DESC LIMIT 1)",
        )
        .bind(series)
        .bind(from)
        .bind(to)
        .bind(arrived)
        .bind(LATE_TOGETHER_US)
        .execute(&mut *tx)
        .await?;
        if joined.rows_affected() == 0 {
            sqlx::query(
                "INSERT INTO late_arrivals (id, series, from_us, to_us, arrived_from, arrived_to) \
                 VALUES ($1, $2, $3, $4, $5, $5)",
            )
            .bind(new_id())
            .bind(series)
            .bind(from)
            .bind(to)
            .bind(arrived)
            .execute(&mut *tx)
            .await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
