//! How the acceptance test of a session stands, by the readings that are stored now.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{Ask, AtLoad, Check, LeastVerdict, Selector};
use super::rules::{self, Band, Figures, Goal, Judged, Outcome};
use super::test::{self, AcceptanceTest};
use crate::app::App;
use crate::http::Problem;
use crate::limits::{ACCEPTANCE_READINGS, ACCEPTANCE_SPAN_US};
use crate::repair_sessions::content::{Act, Content};
use crate::repair_sessions::entries::{self, Entry};
use crate::repair_sessions::from_json;
use crate::repair_sessions::points::{self, Point};
use crate::repair_sessions::session::{self, RepairSession};
use crate::repair_sessions::state::SessionState;
use crate::repair_sessions::verdicts::{self, Verdict};
use crate::time::Time;

/// Somebody's word.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Signed {
    /// Who.
    pub name: String,
    /// Why; empty with a confirmation.
    pub why: String,
    /// When.
    pub at: Time,
    /// Id of the entry.
    pub entry_id: String,
}

/// How one point stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PointStanding {
    pub point_id: String,
    pub point_name: String,
    pub unit: String,
    pub outcome: Outcome,
    /// A sentence.
    pub text: String,
    /// What decided.
    pub figures: Figures,
}

/// How one check stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckStanding {
    pub id: String,
    pub name: String,
    pub outcome: Outcome,
    /// A sentence.
    pub text: String,
    pub points: Vec<PointStanding>,
    /// Who confirmed it, where it is a confirmation.
    #[schema(required)]
    pub confirmed: Option<Signed>,
    /// Who answers for it, where somebody does.
    #[schema(required)]
    pub exception: Option<Signed>,
}

/// The test that is run.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RunTest {
    pub id: String,
    pub name: String,
    pub version: i64,
}

/// How the acceptance test of a session stands.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Standing {
    /// Null: there is none for this model or kind.
    #[schema(required)]
    pub test: Option<RunTest>,
    /// Since when it runs; null before.
    #[schema(required)]
    pub since: Option<Time>,
    pub outcome: Outcome,
    pub checks: Vec<CheckStanding>,
    /// Who answers for the whole test, where somebody does.
    #[schema(required)]
    pub exception: Option<Signed>,
}

/// Words of people that count in this phase of the session.
struct Words(Vec<Entry>);

impl Words {
    fn newest(&self, of: impl Fn(&Act) -> Option<(String, String)>) -> Option<Signed> {
        self.0.iter().rev().find_map(|e| {
            let Content::Act(act) = &e.content else { return None };
            let (name, why) = of(act)?;
            Some(Signed { name, why, at: e.at, entry_id: e.id.clone() })
        })
    }

    fn exception(&self, of: Option<&str>) -> Option<Signed> {
        self.newest(|act| match act {
            Act::ExceptionSigned { check, name, why } if check.as_deref() == of => {
                Some((name.clone(), why.clone()))
            }
            _ => None,
        })
    }

    fn confirmation(&self, of: &str) -> Option<Signed> {
        self.newest(|act| match act {
            Act::Confirmed { check, name } if check == of => Some((name.clone(), String::new())),
            _ => None,
        })
    }
}

/// How the test of a session stands now; of a decided session, how it stood when it was decided.
pub async fn now(app: &App, session: &RepairSession) -> Result<Standing, Problem> {
    let mut words = entries::of(app, &session.id).await?;
    words.retain(|e| e.phase == session.phase);
    let words = Words(words);
    if let Some(decided) = decided(app, session).await? {
        let exception = decided.exception.clone().or_else(|| words.exception(None));
        return Ok(Standing { exception, ..decided });
    }
    let pinned = session.acceptance_version_id.as_deref();
    let test = test::applying_to(app, &session.asset_id, pinned).await?;
    let since = match session.state {
        SessionState::AcceptanceTest => session.ended_at,
        _ => None,
    };
    let checks = match &test {
        Some(test) => stand(app, session, test, since, &words).await?,
        None => Vec::new(),
    };
    let outcome = match &test {
        Some(_) => Outcome::of_all(checks.iter().map(|c| c.outcome)),
        None => Outcome::Pending,
    };
    Ok(Standing {
        test: test.map(|t| RunTest { id: t.id, name: t.name, version: t.version }),
        since,
        outcome,
        checks,
        exception: words.exception(None),
    })
}

async fn decided(app: &App, session: &RepairSession) -> Result<Option<Standing>, Problem> {
    if !matches!(session.state, SessionState::Verified | SessionState::Rejected) {
        return Ok(None);
    }
    let kept: Option<String> = sqlx::query_scalar(
        "SELECT acceptance FROM repair_session_steps WHERE session_id = $1 \
         AND acceptance IS NOT NULL ORDER BY id DESC LIMIT 1",
    )
    .bind(&session.id)
    .fetch_optional(&app.database)
    .await?;
    kept.as_deref().map(from_json).transpose()
}

/// What the checks are evaluated with.
struct Evidence<'a> {
    app: &'a App,
    points: Vec<Point>,
    since_us: i64,
    verdict: Option<verdicts::RepairVerdict>,
}

async fn stand(
    app: &App,
    session: &RepairSession,
    test: &AcceptanceTest,
    since: Option<Time>,
    words: &Words,
) -> Result<Vec<CheckStanding>, Problem> {
    let Some(Time(since_us)) = since else {
        let waiting = |check: &Check| CheckStanding {
            id: check.id.clone(),
            name: check.name.clone(),
            outcome: Outcome::Pending,
            text: "the acceptance test has not begun".to_owned(),
            points: Vec::new(),
            confirmed: None,
            exception: None,
        };
        return Ok(test.checks.iter().map(waiting).collect());
    };
    let evidence = Evidence {
        app,
        points: points::of_asset(app, &session.asset_id).await?,
        since_us,
        verdict: verdicts::newest(app, session).await?,
    };
    let mut standings = Vec::with_capacity(test.checks.len());
    for check in &test.checks {
        standings.push(evidence.stand(check, words).await?);
    }
    Ok(standings)
}

impl Evidence<'_> {
    async fn stand(&self, check: &Check, words: &Words) -> Result<CheckStanding, Problem> {
        let mut standing = CheckStanding {
            id: check.id.clone(),
            name: check.name.clone(),
            outcome: Outcome::Pending,
            text: String::new(),
            points: Vec::new(),
            confirmed: None,
            exception: words.exception(Some(&check.id)),
        };
        let selector = match &check.ask {
            Ask::Confirmed { text } => {
                standing.confirmed = words.confirmation(&check.id);
                (standing.outcome, standing.text) = match &standing.confirmed {
                    Some(signed) => (Outcome::Pass, format!("{} confirmed: {text}", signed.name)),
                    None => (Outcome::Pending, format!("to be confirmed: {text}")),
                };
                return Ok(standing);
            }
            Ask::StaysWithin { points, .. }
            | Ask::Reaches { points, .. }
            | Ask::Verdict { points, .. } => points,
        };
        for point in self.matching(selector) {
            let judged = self.judge(&check.ask, point).await?;
            standing.points.push(PointStanding {
                point_id: point.id.clone(),
                point_name: point.name.clone(),
                unit: point.unit.clone(),
                outcome: judged.outcome,
                text: judged.text,
                figures: judged.figures,
            });
        }
        if standing.points.is_empty() {
            standing.outcome = Outcome::Fail;
            "this machine has no such point".clone_into(&mut standing.text);
            return Ok(standing);
        }
        standing.outcome = Outcome::of_all(standing.points.iter().map(|p| p.outcome));
        let telling = standing.points.iter().filter(|p| p.outcome == standing.outcome);
        let telling: Vec<_> = telling.map(|p| format!("{}: {}", p.point_name, p.text)).collect();
        standing.text = telling.join("; ");
        Ok(standing)
    }

    fn matching(&self, selector: &Selector) -> impl Iterator<Item = &Point> {
        self.points.iter().filter(|p| selector.matches(&p.quantity, &p.position, &p.name))
    }

    async fn judge(&self, ask: &Ask, point: &Point) -> Result<Judged, Problem> {
        match ask {
            Ask::StaysWithin { low, high, for_seconds, load, .. } => {
                let samples = self.newest(point).await?;
                let band = Band { low: *low, high: *high };
                let for_us = (*for_seconds * 1e6) as i64;
                let Some(load) = load else {
                    return Ok(rules::stays_within(&samples, None, band, for_us));
                };
                let Some(load_point) = self.load_point(load) else {
                    return Ok(Judged {
                        outcome: Outcome::Fail,
                        text: "this machine has no such load point".to_owned(),
                        figures: Figures::default(),
                    });
                };
                let loads = self.newest(load_point).await?;
                Ok(rules::stays_within(&samples, Some((&loads, load.at_least)), band, for_us))
            }
            Ask::Reaches { at_least, at_most, within_seconds, .. } => {
                let samples = self.newest(point).await?;
                let goal = match (at_least, at_most) {
                    (Some(value), _) => Goal::AtLeast(*value),
                    (None, value) => Goal::AtMost(value.unwrap_or_default()),
                };
                let within_us = (*within_seconds * 1e6) as i64;
                Ok(rules::reaches(&samples, self.since_us, goal, within_us))
            }
            Ask::Verdict { at_least, .. } => Ok(self.by_verdict(point, *at_least)),
            Ask::Confirmed { .. } => Ok(Judged {
                outcome: Outcome::Pending,
                text: String::new(),
                figures: Figures::default(),
            }),
        }
    }

    fn load_point(&self, load: &AtLoad) -> Option<&Point> {
        let selector = load.points.clone().unwrap_or_else(Selector::load);
        self.matching(&selector).next()
    }

    async fn newest(&self, point: &Point) -> Result<Vec<::telemetry::pack::Sample>, Problem> {
        point.newest(self.app, self.since_us, ACCEPTANCE_SPAN_US, ACCEPTANCE_READINGS).await
    }

    fn by_verdict(&self, point: &Point, at_least: LeastVerdict) -> Judged {
        let of_point = self.verdict.as_ref().map(|v| v.of(&point.id));
        let (outcome, text) = match of_point {
            None => (Outcome::Pending, "no verdict was made since the test began".to_owned()),
            Some(None) => (Outcome::Pending, "the verdict does not speak of it".to_owned()),
            Some(Some(said)) => {
                let outcome = match said.verdict {
                    Verdict::NotEnoughData => Outcome::Pending,
                    _ if suffices(said.verdict, said.healthy_now, at_least) => Outcome::Pass,
                    _ => Outcome::Fail,
                };
                (outcome, format!("the verdict says {}", said.verdict.words()))
            }
        };
        Judged { outcome, text, figures: Figures::default() }
    }
}

/// A point that the fault never touched is as good as a mended one.
fn suffices(said: Verdict, healthy_now: Option<bool>, at_least: LeastVerdict) -> bool {
    let untouched = said == Verdict::Unchanged && healthy_now == Some(true);
    match at_least {
        LeastVerdict::Fixed => said == Verdict::Fixed || untouched,
        LeastVerdict::Improved => matches!(said, Verdict::Fixed | Verdict::Improved) || untouched,
        LeastVerdict::Unchanged => {
            matches!(said, Verdict::Fixed | Verdict::Improved | Verdict::Unchanged)
        }
    }
}

/// How the acceptance test of a session stands, by the readings that are stored now.
///
/// Of a session that was decided: how it stood then.
#[utoipa::path(
    get,
    path = "/api/v1/repair-sessions/{id}/acceptance",
    operation_id = "show_acceptance",
    tag = "repair sessions",
    responses((status = 200, body = Standing), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Standing>, Problem> {
    let session = session::find(&app, &id).await?;
    Ok(Json(now(&app, &session).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_that_was_never_touched_is_as_good_as_a_mended_one() {
        let fixed = |said, healthy| suffices(said, healthy, LeastVerdict::Fixed);
        assert!(fixed(Verdict::Fixed, Some(true)));
        assert!(fixed(Verdict::Unchanged, Some(true)));
        assert!(!fixed(Verdict::Unchanged, None), "not shown to be healthy");
        assert!(!fixed(Verdict::Improved, None));
        for at_least in [LeastVerdict::Unchanged, LeastVerdict::Improved, LeastVerdict::Fixed] {
            assert!(!suffices(Verdict::Worse, Some(true), at_least), "{at_least:?}");
            assert!(!suffices(Verdict::NotEnoughData, None, at_least), "{at_least:?}");
        }
    }
}
