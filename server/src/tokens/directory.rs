//! Tokens over HTTP: issuing, listing and revoking them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::{IntoParams, ToSchema};

use super::{New, keep, new_secret};
use crate::access::Role;
use crate::app::App;
use crate::http::{Page, Problem, check_text};
use crate::limits::{LIST_ROWS, TEXT_CHARS};
use crate::time::Time;

/// A token that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewToken {
    /// Who or what will use it.
    #[schema(min_length = 1)]
    name: String,
    /// What it may do: a role.
    scope: Role,
    /// The account whose data it sees; without one it sees everything. A customer's needs one, and an
    /// account's token has the role of the account.
    account_id: Option<String>,
    /// Until when it is good; without it until it is revoked.
    expires_at: Option<Time>,
}

/// A token as it is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedToken {
    id: String,
    name: String,
    scope: Role,
    secret: String,
}

/// A token without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    id: String,
    name: String,
    scope: Role,
    #[schema(required)]
    account_id: Option<String>,
    created_at: Time,
    #[schema(required)]
    expires_at: Option<Time>,
    #[schema(required)]
    revoked_at: Option<Time>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    scope: String,
    account_id: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<Row> for Token {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            id: r.id,
            name: r.name,
            scope: Role::parse(&r.scope)?,
            account_id: r.account_id,
            created_at: Time(r.created_at),
            expires_at: r.expires_at.map(Time),
            revoked_at: r.revoked_at.map(Time),
        })
    }
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TokensQuery {
    cursor: Option<String>,
}

/// All tokens, the newest first, without their secrets.
#[utoipa::path(
    get,
    path = "/api/v1/tokens",
    operation_id = "list_tokens",
    tag = "access",
    params(TokensQuery),
    responses((status = 200, body = Page<Token>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<TokensQuery>,
) -> Result<Json<Page<Token>>, Problem> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, name, scope, account_id, created_at, expires_at, revoked_at FROM api_tokens \
         WHERE id < $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(query.cursor.unwrap_or_else(|| "~".to_owned()))
    .bind(LIST_ROWS + 1)
    .fetch_all(&app.database)
    .await?;
    let items = rows.into_iter().map(Token::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |t| t.id.clone())))
}

/// Issues an API token. The secret is in this answer and never shown again.
#[utoipa::path(
    post,
    path = "/api/v1/tokens",
    operation_id = "issue_token",
    tag = "access",
    responses((status = 201, body = IssuedToken), Problem)
)]
pub(crate) async fn issue(
    State(app): State<App>,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<IssuedToken>), Problem> {
    check_text("name", &new.name, TEXT_CHARS)?;
    let now = app.clock.now_us();
    if new.expires_at.is_some_and(|at| at.0 <= now) {
        return Err(Problem::Invalid("`expires_at` has to be in the future".into()));
    }
    match &new.account_id {
        None if new.scope == Role::Customer => {
            return Err(Problem::Invalid("a customer's token needs an `account_id`".into()));
        }
        None => {}
        Some(account_id) => check_account(&app, account_id, new.scope).await?,
    }
    let secret = new_secret();
    let wanted = New {
        name: &new.name,
        scope: new.scope,
        account_id: new.account_id.as_deref(),
        expires_at: new.expires_at.map(|at| at.0),
    };
    let id = keep(&app.database, wanted, &secret, now).await?;
    let token = IssuedToken { id, name: new.name, scope: new.scope, secret };
    Ok((StatusCode::CREATED, Json(token)))
}

async fn check_account(app: &App, account_id: &str, scope: Role) -> Result<(), Problem> {
    let role: Option<String> = sqlx::query_scalar("SELECT role FROM accounts WHERE id = $1")
        .bind(account_id)
        .fetch_optional(&app.database)
        .await?;
    let role = role.ok_or_else(|| Problem::Invalid("`account_id` is no account".into()))?;
    if role != scope.as_str() {
        return Err(Problem::Invalid(format!("`scope` has to be {role}, the role of the account")));
    }
    Ok(())
}

/// Revokes a token: from now on it is not known any more.
#[utoipa::path(
    delete,
    path = "/api/v1/tokens/{id}",
    operation_id = "revoke_token",
    tag = "access",
    responses((status = 204, description = "Revoked"), Problem)
)]
pub(crate) async fn revoke(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let revoked =
        sqlx::query("UPDATE api_tokens SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1")
            .bind(id)
            .bind(app.clock.now_us())
            .execute(&app.database)
            .await?;
    if revoked.rows_affected() == 0 {
        return Err(Problem::NotFound("token"));
    }
    Ok(StatusCode::NO_CONTENT)
}
