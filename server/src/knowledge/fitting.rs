//! Articles for a ticket: those that know its fault and its machine.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::article::{Article, Row, SELECT};
use crate::app::App;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;

/// An article that fits a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct FittingArticle {
    article: Article,
    /// What fits, in words.
    why: Vec<String>,
}

#[derive(FromRow)]
struct Link {
    article_id: String,
    kind: String,
    value: String,
}

/// Why a link fits, and how much that says: a cause knows more than a model, and a signature, which many
/// faults share, the least.
fn reason(link: &Link) -> (u32, String) {
    let Link { kind, value, .. } = link;
    match kind.as_str() {
        "cause" => (4, format!("it is about the cause {value}, which the ticket is suspected of")),
        "model" => (2, format!("it is about the model {value}")),
        _ => (1, format!("it is about faults with the signature {value}")),
    }
}

/// Published articles that fit a ticket with the reasons, the best fitting first: by the causes that were
/// found, are suspected or were named from the past; by the model; by the signature.
#[utoipa::path(
    get,
    path = "/api/v1/tickets/{id}/articles",
    operation_id = "list_ticket_articles",
    tag = "knowledge",
    responses((status = 200, body = Page<FittingArticle>), Problem)
)]
pub(crate) async fn of_ticket(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Page<FittingArticle>>, Problem> {
    let ticket: Option<(Option<String>, String)> = sqlx::query_as(
        "SELECT a.model, t.signature FROM tickets t JOIN assets a ON a.id = t.asset_id \
         WHERE t.id = $1",
    )
    .bind(&id)
    .fetch_optional(&app.database)
    .await?;
    let (model, signature) = ticket.ok_or(Problem::NotFound("ticket"))?;
    let links: Vec<Link> = sqlx::query_as(
        "SELECT article_id, kind, value FROM article_links WHERE (kind = 'model' AND value = $2) \
         OR (kind = 'signature' AND value = $3) OR (kind = 'cause' AND value IN \
         (SELECT f.cause FROM ticket_findings f WHERE f.ticket_id = $1 \
         UNION SELECT c.cause FROM candidate_causes c WHERE c.ticket_id = $1 \
         AND c.state <> 'ruled_out' \
         UNION SELECT p.cause FROM fault_predictions p WHERE p.ticket_id = $1)) ORDER BY kind, value",
    )
    .bind(&id)
    .bind(model.unwrap_or_default())
    .bind(signature)
    .fetch_all(&app.database)
    .await?;
    let mut by_article: BTreeMap<String, (u32, Vec<String>)> = BTreeMap::new();
    for link in links {
        let (weight, why) = reason(&link);
        let known = by_article.entry(link.article_id).or_default();
        known.0 += weight;
        known.1.push(why);
    }
    let mut ranked: Vec<_> = by_article.into_iter().collect();
    // Of those that fit alike, the newest first.
    ranked.sort_by(|(a, (x, _)), (b, (y, _))| y.cmp(x).then_with(|| b.cmp(a)));
    ranked.truncate(LIST_ROWS as usize);
    let mut items = Vec::with_capacity(ranked.len());
    for (article_id, (_, why)) in ranked {
        let sql = format!("{SELECT} AND v.version = a.published_version WHERE a.id = $1");
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(&article_id)
            .fetch_optional(&app.database)
            .await?;
        if let Some(row) = row {
            items.push(FittingArticle { article: row.try_into()?, why });
        }
    }
    Ok(Json(Page { items, next_cursor: None }))
}
