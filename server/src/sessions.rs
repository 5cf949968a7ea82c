//! Browsers that are signed in: a one-time link or an API token becomes a cookie that no script
//! can read.

use axum::Json;
use axum::extract::State;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde::{Deserialize, Serialize};
use sqlx::{AnyPool, FromRow};
use utoipa::ToSchema;

use crate::access::{self, Role};
use crate::accounts;
use crate::app::App;
use crate::database::new_id;
use crate::http::{Caller, Problem};
use crate::limits::{LOGIN_LINK_US, SESSION_US};
use crate::tokens::{self, digest, new_secret};

/// Name of the cookie.
pub(crate) const COOKIE: &str = "aftercare_session";

/// What a browser signs in with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Login {
    /// The code of a login link; good for one login.
    Code(String),
    /// An API token of a person; the browser is signed in as its role.
    Token(String),
    /// The e-mail address and the password of an account.
    Account {
        /// As it was invited.
        email: String,
        /// As its owner has set it.
        password: String,
    },
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    name: String,
    role: Role,
    #[schema(required)]
    account_id: Option<String>,
    /// The operations of this document that the role may call; with whose data, the access table says.
    operations: Vec<&'static str>,
}

impl Session {
    fn of(name: String, role: Role, account_id: Option<String>) -> Self {
        Self { name, role, account_id, operations: access::operations(role) }
    }
}

/// Makes a code that signs one browser in, once.
pub(crate) async fn login_code(db: &AnyPool, now_us: i64) -> Result<String, sqlx::Error> {
    let code = new_secret();
    sqlx::query("INSERT INTO login_links (secret_sha256, expires_at) VALUES ($1, $2)")
        .bind(digest(code.as_bytes()))
        .bind(now_us + LOGIN_LINK_US)
        .execute(db)
        .await?;
    Ok(code)
}

/// Deletes what has expired; called at the start.
pub(crate) async fn forget_expired(db: &AnyPool, now_us: i64) -> Result<(), sqlx::Error> {
    for sql in [
        "DELETE FROM login_links WHERE expires_at <= $1",
        "DELETE FROM sessions WHERE expires_at <= $1",
    ] {
        sqlx::query(sql).bind(now_us).execute(db).await?;
    }
    Ok(())
}

#[derive(FromRow)]
struct Known {
    name: String,
    scope: String,
    account_id: Option<String>,
    role: Option<String>,
    limited: Option<i64>,
}

/// Whose session this secret is.
pub(crate) async fn caller(app: &App, secret: &str) -> Result<Option<Caller>, Problem> {
    let known: Option<Known> = sqlx::query_as(
        "SELECT coalesce(a.name, s.name) AS name, s.scope, s.account_id, a.role, a.limited \
         FROM sessions s LEFT JOIN accounts a ON a.id = s.account_id WHERE s.secret_sha256 = $1 \
         AND s.expires_at > $2 AND (a.id IS NULL OR a.state = 'active')",
    )
    .bind(digest(secret.as_bytes()))
    .bind(app.clock.now_us())
    .fetch_optional(&app.database)
    .await?;
    let Some(known) = known else { return Ok(None) };
    let role = Role::parse(known.role.as_deref().unwrap_or(&known.scope))?;
    let caller = Caller::new(known.name, known.account_id, role, known.limited == Some(1));
    Ok(Some(caller.known_by(&format!("session:{}", digest(secret.as_bytes())))))
}

fn cookie(secret: String, seconds: i64) -> Cookie<'static> {
    let mut cookie = Cookie::new(COOKIE, secret);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_max_age(cookie::time::Duration::seconds(seconds));
    cookie
}

/// Signs a browser in: the answer sets the cookie.
#[utoipa::path(
    post,
    path = "/api/v1/session",
    operation_id = "sign_in",
    tag = "access",
    security(()),
    responses((status = 200, body = Session), Problem)
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    jar: CookieJar,
    Json(login): Json<Login>,
) -> Result<(CookieJar, Json<Session>), Problem> {
    let now = app.clock.now_us();
    let session = match login {
        Login::Code(code) => {
            // Deleting decides who was first.
            let used =
                sqlx::query("DELETE FROM login_links WHERE secret_sha256 = $1 AND expires_at > $2")
                    .bind(digest(code.trim().as_bytes()))
                    .bind(now)
                    .execute(&app.database)
                    .await?;
            if used.rows_affected() == 0 {
                return Err(Problem::LinkUsed);
            }
            Session::of("administrator".to_owned(), Role::Admin, None)
        }
        Login::Token(token) => match tokens::caller(&app, token.trim()).await? {
            Some(caller) if caller.role == Role::Gateway => return Err(Problem::Forbidden),
            Some(Caller { name, account_id, role, .. }) => Session::of(name, role, account_id),
            None => return Err(Problem::Unauthorized),
        },
        Login::Account { email, password } => {
            let account = accounts::sign_in(&app, &email, password).await?;
            Session::of(account.name, account.role, Some(account.account_id))
        }
    };
    let secret = new_secret();
    sqlx::query(
        "INSERT INTO sessions (id, name, scope, account_id, secret_sha256, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new_id())
    .bind(&session.name)
    .bind(session.role.as_str())
    .bind(session.account_id.as_deref())
    .bind(digest(secret.as_bytes()))
    .bind(now)
    .bind(now + SESSION_US)
    .execute(&app.database)
    .await?;
    Ok((jar.add(cookie(secret, SESSION_US / 1_000_000)), Json(session)))
}

/// Who is signed in.
#[utoipa::path(
    get,
    path = "/api/v1/session",
    operation_id = "show_session",
    tag = "access",
    responses((status = 200, body = Session), Problem)
)]
pub(crate) async fn show(caller: Caller) -> Json<Session> {
    let Caller { name, account_id, role, .. } = caller;
    Json(Session::of(name, role, account_id))
}

/// Signs the browser out.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    operation_id = "sign_out",
    tag = "access",
    responses((status = 204, description = "Signed out"), Problem)
)]
pub(crate) async fn sign_out(
    State(app): State<App>,
    jar: CookieJar,
) -> Result<(axum::http::StatusCode, CookieJar), Problem> {
    if let Some(known) = jar.get(COOKIE) {
        sqlx::query("DELETE FROM sessions WHERE secret_sha256 = $1")
            .bind(digest(known.value().as_bytes()))
            .execute(&app.database)
            .await?;
    }
    Ok((axum::http::StatusCode::NO_CONTENT, jar.add(cookie(String::new(), 0))))
}
