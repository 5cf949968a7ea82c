//! The windows of a verdict: on the healthy machine, before, during and after the repair.
//!
//! They are chosen at comparable load from what is stored, and can be adjusted with a reason.

use serde::{Deserialize, Serialize};
use store::{Grid, Range};
use utoipa::ToSchema;
use verdict::{ChoiceSettings, Occasion, Stretch};

use super::points::Point;
use super::session::RepairSession;
use crate::app::App;
use crate::http::Problem;
use crate::limits::{LOAD_BUCKETS, RECORD_US, WINDOW_LONGEST_US, WINDOW_READINGS};
use crate::points::view;
use crate::time::Time;

/// A stretch of measured time: from included, to excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Span {
    pub(super) from: Time,
    pub(super) to: Time,
}

impl Span {
    pub fn range(self) -> Range {
        Range { from_us: self.from.0, to_us: self.to.0 }
    }

    /// Refuses a window that is empty or too long to be judged.
    pub fn check(self, name: &str) -> Result<(), Problem> {
        let length = self.to.0.saturating_sub(self.from.0);
        if length <= 0 || length > WINDOW_LONGEST_US {
            return Err(Problem::Invalid(format!(
                "`{name}.from` has to lie before `{name}.to`, by at most {} days",
                WINDOW_LONGEST_US / 86_400_000_000
            )));
        }
        Ok(())
    }
}

impl From<Stretch> for Span {
    fn from(s: Stretch) -> Self {
        Self { from: Time(s.from_us), to: Time(s.to_us) }
    }
}

/// A window and the parts of it that do not count: settling after standstills and changes of load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChosenSpan {
    #[serde(flatten)]
    pub(super) span: Span,
    /// In the order of time.
    skipped: Vec<Span>,
    /// Whether a person chose it.
    adjusted: bool,
}

impl ChosenSpan {
    /// A window that a person chose.
    pub fn adjusted(span: Span) -> Self {
        Self { span, skipped: Vec::new(), adjusted: true }
    }

    /// Whether a reading of this time counts.
    pub fn counts(&self, at_us: i64) -> bool {
        let skipped = self.skipped.iter().any(|s| s.range().contains(at_us));
        self.span.range().contains(at_us) && !skipped
    }
}

impl From<verdict::ChosenWindow> for ChosenSpan {
    fn from(w: verdict::ChosenWindow) -> Self {
        let skipped = w.skipped.into_iter().map(Span::from).collect();
        Self { span: w.stretch.into(), skipped, adjusted: false }
    }
}

/// The windows of a verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Windows {
    /// On the healthy machine.
    pub(super) healthy: ChosenSpan,
    /// From the fault to the repair.
    pub(super) before: ChosenSpan,
    /// The repair.
    pub(super) during: Span,
    /// From the settled machine on.
    pub(super) after: ChosenSpan,
    /// What a person should know about the automatic choice.
    notes: Vec<String>,
}

impl Windows {
    /// The same with windows that a person chose.
    pub fn adjusted(mut self, wanted: &Adjusted) -> Result<Self, Problem> {
        let work = self.during.range();
        let windows = [
            ("healthy", wanted.healthy, &mut self.healthy),
            ("before", wanted.before, &mut self.before),
            ("after", wanted.after, &mut self.after),
        ];
        for (name, wanted, window) in windows {
            let Some(span) = wanted else { continue };
            span.check(name)?;
            // Readings of the work itself may belong to either side; a person says so.
            let fits = match name {
                "after" => span.from.0 >= work.from_us,
                _ => span.to.0 <= work.to_us,
            };
            if !fits {
                return Err(Problem::Invalid(format!(
                    "`{name}` lies on the other side of the work"
                )));
            }
            *window = ChosenSpan::adjusted(span);
        }
        Ok(self)
    }
}

/// Windows that a person wants otherwise.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
pub struct Adjusted {
    #[serde(default)]
    pub(super) healthy: Option<Span>,
    #[serde(default)]
    pub(super) before: Option<Span>,
    #[serde(default)]
    pub(super) after: Option<Span>,
}

/// The times of a session's work: from its start to its newest acceptance test.
pub(super) fn work(session: &RepairSession) -> Result<Stretch, Problem> {
    match (session.started_at, session.ended_at) {
        (Some(Time(from_us)), Some(Time(to_us))) => Ok(Stretch { from_us, to_us }),
        _ => Err(Problem::Conflict(
            "a verdict needs readings after the work: begin the acceptance test first".into(),
        )),
    }
}

/// Chooses the windows of a session from the load of its machine and from what is known of its
/// past.
pub(super) async fn choose(
    app: &App,
    session: &RepairSession,
    points: &[Point],
    load: Option<&Point>,
) -> Result<Windows, Problem> {
    let settings = ChoiceSettings::default();
    let repair = work(session)?;
    let fault_since_us = match fault_since(app, session, repair).await? {
        Some(at) => at.min(repair.from_us),
        None => repair.from_us - settings.max_before_us,
    };
    let to_us = end_of_record(app, session, repair).await?;
    let earliest = Range { from_us: fault_since_us - RECORD_US, to_us };
    let from_us = first_reading(app, points, earliest).await?.unwrap_or(fault_since_us);
    let record = Stretch { from_us, to_us };
    let (times, values) = match load {
        Some(point) => load_over(app, point, Range { from_us, to_us }).await?,
        None => (Vec::new(), Vec::new()),
    };
    let unhealthy = unhealthy(app, session).await?;
    let chosen = tokio::task::spawn_blocking(move || {
        let occasion = Occasion { record, fault_since_us, repair, unhealthy: &unhealthy };
        let load = verdict::Series { times_us: &times, values: &values };
        verdict::choose_windows((!times.is_empty()).then_some(load), &occasion, &settings)
    });
    let chosen = chosen.await.map_err(|e| Problem::Internal(Box::new(e)))?;
    Ok(Windows {
        healthy: chosen.healthy.into(),
        before: chosen.before.into(),
        during: chosen.during.into(),
        after: chosen.after.into(),
        notes: chosen.notes.iter().map(ToString::to_string).collect(),
    })
}

/// When the fault began: as a person said, or the first alarm of the ticket since it was last
/// resolved, or an alarm that was active when the work began.
async fn fault_since(
    app: &App,
    session: &RepairSession,
    repair: Stretch,
) -> Result<Option<i64>, Problem> {
    if let Some(Time(at)) = session.fault_since {
        return Ok(Some(at));
    }
    let Some(ticket_id) = &session.ticket_id else {
        return Ok(sqlx::query_scalar(
            "SELECT min(since_at) FROM alarms WHERE asset_id = $1 AND since_at < $2 \
             AND (cleared_at IS NULL OR cleared_at > $2)",
        )
        .bind(&session.asset_id)
        .bind(repair.from_us)
        .fetch_one(&app.database)
        .await?);
    };
    let of_ticket: Option<i64> = sqlx::query_scalar(
        "SELECT coalesce((SELECT min(l.since_at) FROM alarms l WHERE l.ticket_id = t.id \
         AND l.since_at < $2 AND l.raised_at > (SELECT coalesce(max(p.at), 0) FROM ticket_steps p \
         WHERE p.ticket_id = t.id AND p.to_state IN ('resolved', 'closed') AND p.at < $2)), \
         t.since_at) FROM tickets t WHERE t.id = $1",
    )
    .bind(ticket_id)
    .bind(repair.from_us)
    .fetch_optional(&app.database)
    .await?;
    Ok(of_ticket)
}

/// Readings count until now, or until the next repair of the machine.
async fn end_of_record(
    app: &App,
    session: &RepairSession,
    repair: Stretch,
) -> Result<i64, Problem> {
    let next: Option<i64> = sqlx::query_scalar(
        "SELECT min(p.at) FROM repair_session_steps p JOIN repair_sessions s ON s.id = p.session_id \
         WHERE s.asset_id = $1 AND s.id <> $2 AND p.to_state = 'running' AND p.at >= $3",
    )
    .bind(&session.asset_id)
    .bind(&session.id)
    .bind(repair.to_us)
    .fetch_one(&app.database)
    .await?;
    Ok(next.unwrap_or_else(|| app.clock.now_us()).max(repair.to_us))
}

/// When the machine was not well, or was worked on.
async fn unhealthy(app: &App, session: &RepairSession) -> Result<Vec<Stretch>, Problem> {
    let spans: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT since_at, coalesce(cleared_at, $3) FROM alarms WHERE asset_id = $1 \
         UNION ALL \
         SELECT p.at, coalesce((SELECT min(n.at) FROM repair_session_steps n \
         WHERE n.session_id = p.session_id AND n.id > p.id), $3) \
         FROM repair_session_steps p JOIN repair_sessions s ON s.id = p.session_id \
         WHERE s.asset_id = $1 AND s.id <> $2 AND p.to_state = 'running'",
    )
    .bind(&session.asset_id)
    .bind(&session.id)
    .bind(i64::MAX)
    .fetch_all(&app.database)
    .await?;
    Ok(spans.into_iter().map(|(from_us, to_us)| Stretch { from_us, to_us }).collect())
}

async fn first_reading(app: &App, points: &[Point], range: Range) -> Result<Option<i64>, Problem> {
    let mut first = None;
    for point in points {
        let samples = view::of(app, &point.id).await.in_order(app, range, 1).await?;
        first = first.into_iter().chain(samples.first().map(|s| s.measured_at_us)).min();
    }
    Ok(first)
}

/// The load over a long time: as it was read, or, where that is too much, as means of regular
/// stretches.
async fn load_over(
    app: &App,
    point: &Point,
    range: Range,
) -> Result<(Vec<i64>, Vec<f64>), Problem> {
    if range.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let view = view::of(app, &point.id).await;
    let samples = view.in_order(app, range, WINDOW_READINGS + 1).await?;
    if samples.len() <= WINDOW_READINGS {
        return Ok(samples.into_iter().map(|s| (s.measured_at_us, s.value)).unzip());
    }
    let grid = Grid::new(range, LOAD_BUCKETS)?;
    let buckets = view.in_buckets(app, grid).await?;
    let starts = (0..).map(|i| grid.start_us + grid.bucket_us * i);
    Ok(starts.zip(buckets).filter_map(|(at, b)| Some((at, b?.mean()))).unzip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, to: i64) -> Span {
        Span { from: Time(from), to: Time(to) }
    }

    fn windows() -> Windows {
        let chosen = |from, to| ChosenSpan {
            span: span(from, to),
            skipped: vec![span(from + 10, from + 20)],
            adjusted: false,
        };
        Windows {
            healthy: chosen(0, 100),
            before: chosen(100, 200),
            during: span(200, 300),
            after: chosen(300, 400),
            notes: Vec::new(),
        }
    }

    #[test]
    fn an_adjusted_window_counts_whole_and_the_others_stay() {
        let wanted = Adjusted { after: Some(span(320, 390)), ..Adjusted::default() };
        let adjusted = windows().adjusted(&wanted).unwrap();
        assert_eq!(adjusted.healthy, windows().healthy);
        assert!(adjusted.after.adjusted);
        for (at, counts) in [(319, false), (320, true), (335, true), (390, false)] {
            assert_eq!(adjusted.after.counts(at), counts, "{at}");
        }
        assert!(!windows().after.counts(315), "settling is left out of a chosen one");
    }

    #[test]
    fn a_window_on_the_wrong_side_of_the_work_is_refused() {
        for wanted in [
            Adjusted { after: Some(span(150, 190)), ..Adjusted::default() },
            Adjusted { before: Some(span(290, 310)), ..Adjusted::default() },
            Adjusted { healthy: Some(span(310, 390)), ..Adjusted::default() },
            Adjusted { healthy: Some(span(90, 90)), ..Adjusted::default() },
        ] {
            assert!(matches!(windows().adjusted(&wanted), Err(Problem::Invalid(_))), "{wanted:?}");
        }
    }
}
