//! The leave-site gate: before somebody drives off, the acceptance test has passed or the exception
//! is signed.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acceptance::{Outcome, Standing, standing_now};
use super::content::{Act, Content};
use super::entries::{self, Entry, Writing};
use super::session::{self, RepairSession};
use super::state::SessionState;
use super::text;
use crate::app::App;
use crate::http::{By, Problem};
use crate::time::Time;

/// Whether somebody may leave, and what is missing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Gate {
    /// Whether the gate is open.
    pub(super) may_leave: bool,
    /// What is missing, in the order in which to do it; empty when the gate is open.
    pub(super) missing: Vec<Missing>,
    /// When somebody left last, with the gate open.
    #[schema(required)]
    pub(super) left_at: Option<Time>,
}

/// Something that has to be done before leaving.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Missing {
    /// Id of the check, where it is one.
    #[schema(required)]
    pub(super) check: Option<String>,
    /// What to do, for people.
    pub(super) text: String,
}

fn missing(state: SessionState, standing: &Standing) -> Vec<Missing> {
    let say = |text: &str| Missing { check: None, text: text.to_owned() };
    if standing.exception.is_some() || state == SessionState::Verified {
        return Vec::new();
    }
    match state {
        SessionState::Draft | SessionState::Abandoned => return vec![say("no work has begun")],
        SessionState::Running => {
            return vec![say("end the work: begin the acceptance test, or sign an exception")];
        }
        SessionState::Rejected => {
            return vec![say("the repair was rejected: go back to work, or sign an exception")];
        }
        SessionState::AcceptanceTest | SessionState::Verified => {}
    }
    if standing.test.is_none() {
        return vec![say(
            "there is no acceptance test for this model or kind of machine: make one, \
                         or sign an exception",
        )];
    }
    let open =
        standing.checks.iter().filter(|c| c.outcome != Outcome::Pass && c.exception.is_none());
    let what = |outcome| if outcome == Outcome::Fail { "failed" } else { "not shown yet" };
    open.map(|c| Missing {
        check: Some(c.id.clone()),
        text: format!("{}: {} ({})", c.name, what(c.outcome), c.text),
    })
    .collect()
}

/// How the gate stands, by how the acceptance test stands.
pub(super) async fn of(app: &App, session: &RepairSession) -> Result<(Gate, Standing), Problem> {
    let standing = standing_now(app, session).await?;
    let missing = missing(session.state, &standing);
    let entries = entries::of(app, &session.id).await?;
    let left = |e: &&Entry| matches!(e.content, Content::Act(Act::LeftSite { .. }));
    let left_at = entries.iter().rev().find(left).map(|e| e.at);
    Ok((Gate { may_leave: missing.is_empty(), missing, left_at }, standing))
}

/// The refusal, when the gate is closed.
pub(super) fn pass(gate: &Gate) -> Result<(), Problem> {
    if gate.may_leave {
        return Ok(());
    }
    Err(Problem::GateClosed { missing: gate.missing.iter().map(|m| m.text.clone()).collect() })
}

/// Whether somebody may leave the site, and what is missing.
#[utoipa::path(
    get,
    path = "/api/v1/repair-sessions/{id}/gate",
    operation_id = "show_gate",
    tag = "repair sessions",
    responses((status = 200, body = Gate), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Gate>, Problem> {
    let session = session::find(&app, &id).await?;
    Ok(Json(of(&app, &session).await?.0))
}

/// Body of a leaving.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Leaving {
    /// Who leaves.
    name: String,
}

/// Records that somebody leaves the site.
///
/// While the gate is closed it is a 409 whose `missing` says what to do first.
#[utoipa::path(
    post,
    path = "/api/v1/repair-sessions/{id}/leave",
    operation_id = "leave_site",
    tag = "repair sessions",
    responses((status = 200, body = Gate), Problem)
)]
pub(crate) async fn leave(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(leaving): Json<Leaving>,
) -> Result<Json<Gate>, Problem> {
    let name = text("name", &leaving.name)?.to_owned();
    let session = session::find(&app, &id).await?;
    pass(&of(&app, &session).await?.0)?;
    entries::keep(&app, &session, Writing::act(Act::LeftSite { name }, &who)).await?;
    Ok(Json(of(&app, &session).await?.0))
}

#[cfg(test)]
mod tests {
    use super::super::acceptance::{CheckStanding, RunTest, Signed};
    use super::*;

    fn check(id: &str, outcome: Outcome) -> CheckStanding {
        CheckStanding {
            id: id.into(),
            name: id.into(),
            outcome,
            text: "1 of 2".into(),
            points: Vec::new(),
            confirmed: None,
            exception: None,
        }
    }

    fn signed() -> Option<Signed> {
        Some(Signed { name: "A".into(), why: "B".into(), at: Time(0), entry_id: "c".into() })
    }

    fn standing(checks: Vec<CheckStanding>) -> Standing {
        let test = RunTest { id: "t".into(), name: "t".into(), version: 1 };
        let outcome = Outcome::of_all(checks.iter().map(|c| c.outcome));
        Standing { test: Some(test), since: Some(Time(0)), outcome, checks, exception: None }
    }

    #[test]
    fn the_gate_names_what_is_missing_in_the_order_of_the_test() {
        let mut standing = standing(vec![
            check("flow", Outcome::Pass),
            check("heat", Outcome::Fail),
            check("dry", Outcome::Pending),
        ]);
        let of = |s: &Standing| missing(SessionState::AcceptanceTest, s);
        let named: Vec<_> = of(&standing).into_iter().filter_map(|m| m.check).collect();
        assert_eq!(named, ["heat", "dry"]);
        standing.checks[1].exception = signed();
        assert_eq!(of(&standing)[0].text, "dry: not shown yet (1 of 2)");
        standing.exception = signed();
        assert!(of(&standing).is_empty(), "somebody answers for the whole test");
    }

    #[test]
    fn nobody_leaves_a_machine_without_a_test_or_a_signature() {
        let mut standing = standing(Vec::new());
        standing.test = None;
        for state in [
            SessionState::Draft,
            SessionState::Running,
            SessionState::AcceptanceTest,
            SessionState::Rejected,
        ] {
            assert_eq!(missing(state, &standing).len(), 1, "{state:?}");
        }
        standing.exception = signed();
        assert!(missing(SessionState::Rejected, &standing).is_empty());
    }
}
