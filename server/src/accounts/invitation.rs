//! Codes that let somebody set a password, once: an invitation, or a reset.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::{Any, AnyPool, Transaction};
use utoipa::ToSchema;

use super::password;
use crate::app::App;
use crate::changes::{self, NewChange};
use crate::http::{By, Problem};
use crate::limits::PASSWORD_CODE_US;
use crate::notifications::{About, Event, Part, Person, Recipient, What, notify};
use crate::time::Time;
use crate::tokens::{digest, new_secret};

/// A code that lets its owner set a password, once. It is shown here only.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordCode {
    pub(super) code: String,
    /// Where it is used, on this server: `/#password=…`.
    pub(super) link: String,
    pub(super) expires_at: Time,
}

/// Why a code is made.
#[derive(Clone, Copy)]
pub(super) enum Reason<'a> {
    /// Somebody is invited.
    Invitation {
        /// By whom.
        by: &'a str,
    },
    /// Somebody needs a new password.
    Reset,
}

/// Tells the owner of an account where to set a password, where there is a way to send e-mail.
async fn tell(
    tx: &mut Transaction<'_, Any>,
    account_id: &str,
    link: &str,
    reason: Reason<'_>,
    now: i64,
) -> Result<(), Problem> {
    let person = Person::Account(account_id);
    let audience = [Recipient { part: Part::Addressee, person, mailbox: None }];
    let hours = PASSWORD_CODE_US / 3_600_000_000;
    let (what, rule) = match reason {
        Reason::Invitation { by } => {
            (What::AccountInvitation { invited_by: by, hours }, "somebody is invited")
        }
        Reason::Reset => (What::PasswordReset { hours }, "somebody needs a new password"),
    };
    let key = format!("password-code:{account_id}:{now}");
    let about = About { kind: "account", id: account_id, path: link };
    let event = Event { audience: &audience, ..Event::new(&key, what, about, rule) };
    notify(tx, event, now).await?;
    Ok(())
}

/// Makes a code and tells its owner; codes of the account that were made before are good no more.
pub(super) async fn make_code(
    tx: &mut Transaction<'_, Any>,
    account_id: &str,
    reason: Reason<'_>,
    now: i64,
) -> Result<PasswordCode, Problem> {
    sqlx::query("DELETE FROM password_codes WHERE account_id = $1")
        .bind(account_id)
        .execute(&mut **tx)
        .await?;
    let code = new_secret();
    let expires_at = now + PASSWORD_CODE_US;
    sqlx::query(
        "INSERT INTO password_codes (secret_sha256, account_id, expires_at) VALUES ($1, $2, $3)",
    )
    .bind(digest(code.as_bytes()))
    .bind(account_id)
    .bind(expires_at)
    .execute(&mut **tx)
    .await?;
    let link = format!("/#password={code}");
    tell(tx, account_id, &link, reason, now).await?;
    Ok(PasswordCode { link, code, expires_at: Time(expires_at) })
}

/// Deletes what has expired; called at the start.
pub(crate) async fn forget_expired(db: &AnyPool, now_us: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM password_codes WHERE expires_at <= $1")
        .bind(now_us)
        .execute(db)
        .await?;
    sqlx::query("DELETE FROM failed_logins WHERE at <= $1")
        .bind(now_us - crate::limits::FAILED_LOGINS_US)
        .execute(db)
        .await?;
    Ok(())
}

/// Makes a code with which the account's owner sets a new password.
#[utoipa::path(
    post,
    path = "/api/v1/accounts/{id}/password-code",
    operation_id = "send_password_code",
    tag = "access",
    responses((status = 201, body = PasswordCode), Problem)
)]
pub(crate) async fn send_code(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<PasswordCode>), Problem> {
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let state: Option<String> = sqlx::query_scalar("SELECT state FROM accounts WHERE id = $1")
        .bind(&id)
        .fetch_optional(&mut *tx)
        .await?;
    if state.ok_or(Problem::NotFound("account"))? == "disabled" {
        return Err(Problem::Conflict("the account is disabled: make it active first".into()));
    }
    let code = make_code(&mut tx, &id, Reason::Reset, now).await?;
    let change = NewChange {
        kind: "account",
        id: &id,
        who: &who,
        field: "password_code",
        to: Some("made"),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(code)))
}

/// A password that somebody sets with a code.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPassword {
    code: String,
    password: String,
}

/// Sets the password of the account that the code was made for. Browsers that were signed in to it are
/// signed out.
#[utoipa::path(
    post,
    path = "/api/v1/password",
    operation_id = "set_password",
    tag = "access",
    security(()),
    responses((status = 204, description = "Set"), Problem)
)]
pub(crate) async fn set_password(
    State(app): State<App>,
    Json(new): Json<NewPassword>,
) -> Result<StatusCode, Problem> {
    password::check(&new.password)?;
    let now = app.clock.now_us();
    let digest = digest(new.code.trim().as_bytes());
    // Hashing is dear: only for a code that is good.
    let good: Option<i64> = sqlx::query_scalar(
        "SELECT expires_at FROM password_codes WHERE secret_sha256 = $1 AND expires_at > $2",
    )
    .bind(&digest)
    .bind(now)
    .fetch_optional(&app.database)
    .await?;
    good.ok_or(Problem::CodeUsed)?;
    let hash = password::hash(&app, new.password).await?;
    let mut tx = app.begin().await?;
    // Deleting decides who was first.
    let account_id: Option<String> = sqlx::query_scalar(
        "DELETE FROM password_codes WHERE secret_sha256 = $1 RETURNING account_id",
    )
    .bind(&digest)
    .fetch_optional(&mut *tx)
    .await?;
    let account_id = account_id.ok_or(Problem::CodeUsed)?;
    let name: Option<String> = sqlx::query_scalar(
        "UPDATE accounts SET password = $2, state = 'active' WHERE id = $1 \
         AND state <> 'disabled' RETURNING name",
    )
    .bind(&account_id)
    .bind(hash)
    .fetch_optional(&mut *tx)
    .await?;
    let name = name.ok_or(Problem::CodeUsed)?;
    sqlx::query("DELETE FROM sessions WHERE account_id = $1")
        .bind(&account_id)
        .execute(&mut *tx)
        .await?;
    let change = NewChange {
        kind: "account",
        id: &account_id,
        who: &name,
        field: "password",
        to: Some("set"),
        ..NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
