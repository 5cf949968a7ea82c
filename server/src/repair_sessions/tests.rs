//! A running session and alarms, where readings cannot bring the alarm about.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::{create, extend, show, transition};
use crate::access::Role;
use crate::alarms::Class;
use crate::alarms::tests::{HOUR, Workshop};
use crate::http::{By, Caller, Problem};

fn somebody() -> By {
    By("A. Ohm".to_owned())
}

/// A repair session of a workshop's machine.
struct Visit<'w> {
    workshop: &'w Workshop,
    id: String,
}

impl<'w> Visit<'w> {
    async fn prepare(workshop: &'w Workshop, ticket: Option<&str>) -> anyhow::Result<Self> {
        let body = json!({"asset_id": workshop.asset, "ticket_id": ticket, "title": "Seal",
                          "technicians": ["A. Ohm"]});
        let new = Json(serde_json::from_value(body)?);
        let id = create(
            Caller::new("A. Ohm".to_owned(), None, Role::Admin, false),
            State(workshop.app.clone()),
            new,
        )
        .await?
        .0
        .id;
        Ok(Self { workshop, id })
    }

    async fn moves(&self, to: &str) -> anyhow::Result<()> {
        self.moves_at(to, None).await
    }

    /// Moves at a moment that the technician's device tells.
    async fn moves_at(&self, to: &str, at_us: Option<i64>) -> anyhow::Result<()> {
        let at = at_us.map(crate::time::rfc3339);
        let wanted = json!({"to": to, "why": "as planned", "at": at});
        let wanted = Json(serde_json::from_value(wanted)?);
        let path = Path(self.id.clone());
        let _ = transition(somebody(), State(self.workshop.app.clone()), path, wanted).await?;
        Ok(())
    }

    /// When it began to be in its states, the first state first.
    async fn steps(&self) -> anyhow::Result<Vec<i64>> {
        let query = "SELECT at FROM repair_session_steps WHERE session_id = $1 ORDER BY id";
        let database = &self.workshop.app.database;
        Ok(sqlx::query_scalar(query).bind(&self.id).fetch_all(database).await?)
    }

    async fn extend(&self, hours: i64, why: &str) -> Result<(), Problem> {
        let until = crate::time::rfc3339(self.workshop.now() + hours * HOUR);
        let wanted = serde_json::from_value(json!({"until": until, "why": why}));
        let wanted = Json(wanted.map_err(|e| Problem::Internal(Box::new(e)))?);
        let path = Path(self.id.clone());
        extend(somebody(), State(self.workshop.app.clone()), path, wanted).await.map(|_| ())
    }

    async fn alarm(&self, tag: &str, class: Class) -> anyhow::Result<()> {
        let own = |new: &mut crate::alarms::Raise| {
            new.class = class;
            new.signature = Some(tag.to_owned());
        };
        self.workshop.raise(tag, own).await
    }

    /// Signatures of the tickets, the oldest first.
    async fn tickets(&self) -> anyhow::Result<Vec<Value>> {
        let tickets = self.workshop.tickets().await?;
        Ok(tickets.into_iter().map(|mut t| t["signature"].take()).collect())
    }

    /// Tags of the alarms that it hid.
    async fn hidden(&self) -> anyhow::Result<Vec<Value>> {
        let path = Path(self.id.clone());
        let whole = show(State(self.workshop.app.clone()), path).await?;
        let whole = serde_json::to_value(&whole.0)?;
        let axis = whole["axis"].as_array().cloned().unwrap_or_default();
        let hidden = axis.into_iter().filter(|i| i["what"] == "hidden_alarm");
        Ok(hidden.map(|mut i| i["is"]["tag"].take()).collect())
    }
}

#[tokio::test]
async fn a_device_that_was_offline_has_chosen_the_id_of_its_session() -> anyhow::Result<()> {
    for workshop in Workshop::each().await? {
        let with_id = |id: &'static str| {
            let body = json!({"id": id, "asset_id": workshop.asset, "title": "Seal",
                              "technicians": ["A. Ohm"]});
            let caller = Caller::new("A. Ohm".to_owned(), None, Role::Admin, false);
            let new = serde_json::from_value(body).map(Json);
            let app = State(workshop.app.clone());
            async move { Ok::<_, anyhow::Error>(create(caller, app, new?).await) }
        };
        let chosen = "01936b2e-8f3a-7c11-8000-00000000a001";
        assert_eq!(with_id(chosen).await?.map(|made| made.0.id).ok().as_deref(), Some(chosen));
        assert!(matches!(with_id(chosen).await?, Err(Problem::Conflict(_))));
        for wrong in ["7", "a6e1a1c0-1111-4111-8111-111111111111"] {
            assert!(matches!(with_id(wrong).await?, Err(Problem::Invalid(_))), "{wrong}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_device_whose_clock_is_a_little_wrong_moves_a_session_all_the_same() -> anyhow::Result<()>
{
    const MINUTE: i64 = HOUR / 60;
    for workshop in Workshop::each().await? {
        let visit = Visit::prepare(&workshop, None).await?;
        let begun = workshop.now();
        visit.moves_at("running", Some(begun + 4 * MINUTE)).await?;
        workshop.pass(10 * MINUTE).await?;
        visit.moves_at("acceptance_test", Some(begun - 4 * MINUTE)).await?;
        assert_eq!(visit.steps().await?[1..], [begun, begun]);
        workshop.pass(MINUTE).await?;
        for wrong in [workshop.now() + 6 * MINUTE, begun - 6 * MINUTE] {
            assert!(visit.moves_at("running", Some(wrong)).await.is_err(), "{wrong}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_running_session_hides_what_the_work_causes_and_no_safety_alarm() -> anyhow::Result<()> {
    for workshop in Workshop::each().await? {
        let visit = Visit::prepare(&workshop, None).await?;
        visit.alarm("before", Class::Machine).await?;
        visit.moves("running").await?;
        visit.alarm("flow", Class::Machine).await?;
        visit.alarm("unplugged", Class::Sensor).await?;
        visit.alarm("overpressure", Class::Safety).await?;
        assert_eq!(visit.tickets().await?, ["before", "overpressure"]);
        workshop.clear("flow").await?;
        visit.moves("acceptance_test").await?;
        // What still holds when the work is over was not caused by it.
        assert_eq!(visit.tickets().await?, ["before", "overpressure", "unplugged"]);
        assert_eq!(visit.hidden().await?, ["before", "flow", "unplugged"]);
    }
    Ok(())
}

#[tokio::test]
async fn shelving_ends_at_the_planned_end_and_an_extension_needs_a_reason() -> anyhow::Result<()> {
    for workshop in Workshop::each().await? {
        let visit = Visit::prepare(&workshop, None).await?;
        visit.moves("running").await?;
        assert!(matches!(visit.extend(5, " ").await, Err(Problem::Invalid(_))));
        assert!(matches!(visit.extend(25, "long").await, Err(Problem::Invalid(_))));
        visit.extend(5, "a bolt broke").await?;
        workshop.pass(4 * HOUR).await?;
        visit.alarm("hidden", Class::Machine).await?;
        assert!(visit.tickets().await?.is_empty(), "extended beyond the four hours of a plan");
        workshop.pass(HOUR).await?;
        assert_eq!(visit.tickets().await?, ["hidden"], "it ends by itself");
        visit.alarm("seen", Class::Machine).await?;
        assert_eq!(visit.tickets().await?, ["hidden", "seen"]);
        // Late, but better than not at all: from now on it is shelved again.
        visit.extend(1, "still at it").await?;
        visit.alarm("later", Class::Machine).await?;
        assert_eq!(visit.tickets().await?, ["hidden", "seen"]);
        assert_eq!(visit.hidden().await?, ["hidden", "seen", "later"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_verified_repair_resolves_its_open_ticket_and_leaves_a_closed_one() -> anyhow::Result<()>
{
    for workshop in Workshop::each().await? {
        for closed in [false, true] {
            let tag = if closed { "second" } else { "first" };
            let own = |new: &mut crate::alarms::Raise| new.signature = Some(tag.to_owned());
            workshop.raise(tag, own).await?;
            workshop.clear(tag).await?;
            let ticket = workshop.tickets().await?.pop().unwrap_or_default();
            let id = ticket["id"].as_str().unwrap_or_default();
            let visit = Visit::prepare(&workshop, Some(id)).await?;
            visit.moves("running").await?;
            visit.moves("acceptance_test").await?;
            if closed {
                workshop.move_ticket(id, "resolved", json!({})).await?;
                workshop.move_ticket(id, "closed", json!({})).await?;
            }
            let signed = Json(serde_json::from_value(json!({"name": "B", "why": "seen"}))?);
            let (app, path) = (State(workshop.app.clone()), Path(visit.id.clone()));
            let _ = super::sign_exception(somebody(), app, path, signed).await?;
            visit.moves("verified").await?;
            let ticket = workshop.tickets().await?.pop().unwrap_or_default();
            assert_eq!(ticket["state"], if closed { "closed" } else { "resolved" });
        }
    }
    Ok(())
}
