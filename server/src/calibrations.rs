//! Calibrations: what a sensor's reports have to be corrected by, from a date on.
//!
//! Readings are stored as they were reported. A correction is applied whenever they are looked at,
//! so that a changed calibration changes everything that is derived and nothing that was measured.

use std::collections::HashMap;

use ::telemetry::pack::Sample;
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use sqlx::{AnyPool, FromRow};
use store::{Bucket, SeriesId};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::boards::{self, ChannelKey};
use crate::database::new_id;
use crate::http::{By, Page, Problem};
use crate::limits::TEXT_CHARS;
use crate::time::{self, Time};
use crate::watch;

/// A straight line through one or two points: reported value × scale + offset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Correction {
    pub scale: f64,
    pub offset: f64,
}

impl Correction {
    pub const NONE: Self = Self { scale: 1.0, offset: 0.0 };

    pub fn value(self, reported: f64) -> f64 {
        if self == Self::NONE { reported } else { reported * self.scale + self.offset }
    }

    pub fn sample(self, reported: Sample) -> Sample {
        Sample { value: self.value(reported.value), ..reported }
    }

    /// A straight line carries the figures of a bucket over; a falling one swaps its ends.
    pub fn bucket(self, reported: Bucket) -> Bucket {
        let (a, b) = (self.value(reported.min), self.value(reported.max));
        #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
        let count = reported.count as f64;
        Bucket {
            count: reported.count,
            min: a.min(b),
            max: a.max(b),
            sum: if self == Self::NONE {
                reported.sum
            } else {
                reported.sum * self.scale + self.offset * count
            },
            first: self.sample(reported.first),
            last: self.sample(reported.last),
        }
    }

    /// One pair moves the line, two pairs define it.
    fn through(pairs: &[Pair]) -> Result<Self, Problem> {
        let correction = match pairs {
            [one] => Self { scale: 1.0, offset: one.reference - one.reported },
            [one, two] => {
                let scale = (two.reference - one.reference) / (two.reported - one.reported);
                Self { scale, offset: one.reference - scale * one.reported }
            }
            _ => return Err(Problem::Invalid("`pairs` has to hold one or two pairs".into())),
        };
        let usable = correction.scale.is_finite() && correction.offset.is_finite();
        if !usable || correction.scale == 0.0 {
            return Err(Problem::Invalid(
                "the two pairs have to differ in what was reported and in the reference".into(),
            ));
        }
        Ok(correction)
    }
}

/// The corrections of every series, each with its date, in order.
pub(crate) async fn by_series(
    db: &AnyPool,
) -> Result<HashMap<i64, Vec<(i64, Correction)>>, sqlx::Error> {
    let rows: Vec<(i64, i64, f64, f64)> = sqlx::query_as(
        "SELECT series, valid_from, scale, offset_by FROM calibrations ORDER BY valid_from",
    )
    .fetch_all(db)
    .await?;
    let mut all: HashMap<i64, Vec<_>> = HashMap::new();
    for (series, valid_from, scale, offset) in rows {
        all.entry(series).or_default().push((valid_from, Correction { scale, offset }));
    }
    Ok(all)
}

/// What the sensor reported where the reference said something else.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct Pair {
    /// Value that the sensor reported.
    reported: f64,
    /// Value that the reference showed at the same time.
    reference: f64,
}

/// Body of a calibration.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCalibration {
    #[serde(flatten)]
    channel: ChannelKey,
    /// From when on it holds, until the next one; RFC 3339.
    #[schema(format = DateTime)]
    from: String,
    /// One pair corrects the offset, two pairs offset and scale.
    pairs: Vec<Pair>,
    /// Number of the certificate, serial of the reference, or the like.
    #[serde(default)]
    note: String,
}

/// A calibration.
#[derive(Debug, Serialize, ToSchema)]
pub struct Calibration {
    board: String,
    channel: String,
    unit: String,
    from: Time,
    /// Corrected = reported × scale + offset.
    scale: f64,
    offset: f64,
    note: String,
    /// Who entered it, and when.
    by: String,
    entered_at: Time,
}

#[derive(FromRow)]
struct Row {
    board_id: String,
    channel: String,
    unit: String,
    valid_from: i64,
    scale: f64,
    offset_by: f64,
    note: String,
    who: String,
    created_at: i64,
}

impl From<Row> for Calibration {
    fn from(r: Row) -> Self {
        Self {
            board: r.board_id,
            channel: r.channel,
            unit: r.unit,
            from: Time(r.valid_from),
            scale: r.scale,
            offset: r.offset_by,
            note: r.note,
            by: r.who,
            entered_at: Time(r.created_at),
        }
    }
}

/// Calibrates a channel from a date on, in the past as well.
///
/// One with the same date is replaced. What was learnt of the machine is learnt again.
#[utoipa::path(
    put,
    path = "/api/v1/calibrations",
    operation_id = "calibrate_channel",
    tag = "boards",
    responses((status = 200, body = Page<Calibration>), Problem)
)]
pub(crate) async fn calibrate(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewCalibration>,
) -> Result<Json<Page<Calibration>>, Problem> {
    let correction = Correction::through(&new.pairs)?;
    let from_us = time::needed("from", &new.from)?;
    if new.note.chars().count() > TEXT_CHARS {
        return Err(Problem::Invalid("`note` may have at most 500 characters".into()));
    }
    let series = boards::series_named(&app, &new.channel).await?;
    sqlx::query(
        "INSERT INTO calibrations (id, series, valid_from, scale, offset_by, note, who, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (series, valid_from) DO UPDATE SET \
         scale = excluded.scale, offset_by = excluded.offset_by, note = excluded.note, \
         who = excluded.who, created_at = excluded.created_at",
    )
    .bind(new_id())
    .bind(series.0)
    .bind(from_us)
    .bind(correction.scale)
    .bind(correction.offset)
    .bind(&new.note)
    .bind(who)
    .bind(app.clock.now_us())
    .execute(&app.database)
    .await?;
    boards::reload(&app).await?;
    let assets = app.directory.read().await.assets_of(series);
    for asset_id in assets {
        watch::start_over(&app, &asset_id).await?;
    }
    Ok(Json(of_channel(&app, series).await?))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CalibrationsQuery {
    board: String,
    channel: String,
    #[serde(default)]
    unit: String,
}

/// All calibrations of a channel, in order of their dates.
#[utoipa::path(
    get,
    path = "/api/v1/calibrations",
    operation_id = "list_calibrations",
    tag = "boards",
    params(CalibrationsQuery),
    responses((status = 200, body = Page<Calibration>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<CalibrationsQuery>,
) -> Result<Json<Page<Calibration>>, Problem> {
    let CalibrationsQuery { board, channel, unit } = query;
    let series = boards::series_named(&app, &ChannelKey { board, channel, unit }).await?;
    Ok(Json(of_channel(&app, series).await?))
}

async fn of_channel(app: &App, series: SeriesId) -> Result<Page<Calibration>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT c.board_id, c.channel, c.unit, k.valid_from, k.scale, k.offset_by, k.note, k.who, \
         k.created_at FROM calibrations k JOIN channels c ON c.series = k.series \
         WHERE k.series = $1 ORDER BY k.valid_from",
    )
    .bind(series.0)
    .fetch_all(&app.database)
    .await?;
    Ok(Page { items: rows.into_iter().map(Calibration::from).collect(), next_cursor: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(reported: f64, reference: f64) -> Pair {
        Pair { reported, reference }
    }

    #[test]
    fn one_pair_moves_the_line_and_two_define_it() {
        let moved = Correction::through(&[pair(20.0, 21.5)]).unwrap();
        assert_eq!(moved.value(100.0), 101.5);
        let line = Correction::through(&[pair(0.0, 1.0), pair(100.0, 51.0)]).unwrap();
        assert_eq!((line.value(0.0), line.value(100.0), line.value(50.0)), (1.0, 51.0, 26.0));
        for useless in [&[][..], &[pair(1.0, 2.0), pair(1.0, 3.0)], &[pair(1.0, 2.0); 2]] {
            assert!(Correction::through(useless).is_err(), "{useless:?}");
        }
    }

    #[test]
    fn a_bucket_is_corrected_as_its_readings_are() {
        let readings = [3.0, -1.0, 7.0].map(|value| Sample { measured_at_us: 0, value });
        let falling = Correction { scale: -2.0, offset: 10.0 };
        let sum_up = |samples: &[Sample]| {
            let mut bucket = Bucket::of(samples[0]);
            samples[1..].iter().for_each(|s| bucket.add(&Bucket::of(*s)));
            bucket
        };
        let expected = sum_up(&readings.map(|s| falling.sample(s)));
        assert_eq!(falling.bucket(sum_up(&readings)), expected);
    }
}
