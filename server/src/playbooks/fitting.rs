//! Which playbooks fit a ticket, and why.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::content::{PlaybookApplies, PlaybookContent};
use crate::app::App;
use crate::database::from_json;
use crate::http::{Page, Problem};
use crate::limits::PLAYBOOKS;
use crate::requests::{RequestKind, Urgency};

/// A playbook that fits a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct FittingPlaybook {
    id: String,
    name: String,
    version: i64,
    /// What fits, in words; the more, the further up.
    why: Vec<String>,
    /// The run that is under way.
    #[schema(required)]
    running: Option<String>,
}

/// What playbooks are held against.
#[derive(Debug, Default)]
struct Case {
    model: Option<String>,
    signature: String,
    /// Of the requests of the ticket.
    urgencies: Vec<Urgency>,
    kinds: Vec<RequestKind>,
}

impl PlaybookApplies {
    /// What fits; nothing when a list says something and none of it does.
    fn fits(&self, case: &Case) -> Option<Vec<String>> {
        let mut why = Vec::new();
        if !self.urgencies.is_empty() {
            let fits = case.urgencies.iter().find(|u| self.urgencies.contains(u))?;
            why.push(format!("a request of the ticket is {}", fits.as_str()));
        }
        if !self.kinds.is_empty() {
            let fits = case.kinds.iter().find(|k| self.kinds.contains(k))?;
            why.push(format!("a request of the ticket is about {}", fits.as_str()));
        }
        if !self.models.is_empty() {
            let fits = case.model.as_ref().filter(|model| self.models.contains(model))?;
            why.push(format!("the machine is a {fits}"));
        }
        if !self.signatures.is_empty() {
            let fits = self.signatures.iter().find(|signature| **signature == case.signature)?;
            why.push(format!("the fault has the signature {fits}"));
        }
        if why.is_empty() {
            why.push("it applies to every ticket".to_owned());
        }
        Some(why)
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    version: i64,
    content: String,
    running: Option<String>,
}

async fn case(app: &App, ticket_id: &str) -> Result<Case, Problem> {
    let ticket: Option<(Option<String>, String)> = sqlx::query_as(
        "SELECT a.model, t.signature FROM tickets t JOIN assets a ON a.id = t.asset_id \
         WHERE t.id = $1",
    )
    .bind(ticket_id)
    .fetch_optional(&app.database)
    .await?;
    let (model, signature) = ticket.ok_or(Problem::NotFound("ticket"))?;
    let requests: Vec<(String, String)> = sqlx::query_as(
        "SELECT urgency, kind FROM requests WHERE ticket_id = $1 AND urgency IS NOT NULL \
         AND kind IS NOT NULL ORDER BY id",
    )
    .bind(ticket_id)
    .fetch_all(&app.database)
    .await?;
    let mut case = Case { model, signature, ..Case::default() };
    for (urgency, kind) in requests {
        case.urgencies.push(Urgency::parse(&urgency)?);
        case.kinds.push(RequestKind::parse(&kind)?);
    }
    Ok(case)
}

/// The playbooks that fit a ticket, the best fitting first.
pub(crate) async fn fitting(app: &App, ticket_id: &str) -> Result<Vec<FittingPlaybook>, Problem> {
    let case = case(app, ticket_id).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT p.id, p.name, p.version, v.content, (SELECT r.id FROM playbook_runs r \
         WHERE r.playbook_id = p.id AND r.ticket_id = $1 AND r.state = 'running') AS running \
         FROM playbooks p JOIN playbook_versions v ON v.playbook_id = p.id \
         AND v.version = p.version WHERE p.retired = 0 ORDER BY p.name LIMIT $2",
    )
    .bind(ticket_id)
    .bind(PLAYBOOKS)
    .fetch_all(&app.database)
    .await?;
    let mut fitting = Vec::new();
    for Row { id, name, version, content, running } in rows {
        let content: PlaybookContent = from_json(&content)?;
        if let Some(why) = content.applies.fits(&case) {
            fitting.push(FittingPlaybook { id, name, version, why, running });
        }
    }
    fitting.sort_by_key(|playbook| std::cmp::Reverse(playbook.why.len()));
    Ok(fitting)
}

/// The playbooks that fit a ticket with the reasons, the best fitting first.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{id}/playbooks",
    operation_id = "list_ticket_playbooks",
    tag = "playbooks",
    responses((status = 200, body = Page<FittingPlaybook>), Problem)
)]
pub(crate) async fn of_ticket(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Page<FittingPlaybook>>, Problem> {
    Ok(Json(Page { items: fitting(&app, &id).await?, next_cursor: None }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case() -> Case {
        Case {
            model: Some("P-100".to_owned()),
            signature: "deviation".to_owned(),
            urgencies: vec![Urgency::Urgent],
            kinds: vec![RequestKind::ProductQuality],
        }
    }

    #[test]
    fn one_of_each_list_has_to_fit() {
        let mut applies = PlaybookApplies {
            models: vec!["P-100".to_owned(), "P-200".to_owned()],
            urgencies: vec![Urgency::Urgent],
            ..PlaybookApplies::default()
        };
        assert_eq!(
            applies.fits(&case()).unwrap(),
            ["a request of the ticket is urgent", "the machine is a P-100"]
        );
        applies.signatures = vec!["drift".to_owned()];
        assert_eq!(applies.fits(&case()), None);
    }

    #[test]
    fn what_says_nothing_applies_to_every_ticket() {
        assert_eq!(PlaybookApplies::default().fits(&Case::default()).unwrap().len(), 1);
    }
}
