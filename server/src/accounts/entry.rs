//! Signing in with an e-mail address and a password.

use sqlx::FromRow;

use super::password;
use crate::access::Role;
use crate::app::App;
use crate::database::new_id;
use crate::http::Problem;
use crate::limits::{FAILED_LOGINS, FAILED_LOGINS_US};

/// Who has signed in.
pub(crate) struct SignedIn {
    pub account_id: String,
    pub name: String,
    pub role: Role,
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    role: String,
    password: Option<String>,
}

/// Finds the account of an address and password. After too many failures the address has to wait,
/// whoever asks.
pub(crate) async fn sign_in(app: &App, email: &str, password: String) -> Result<SignedIn, Problem> {
    let email = email.trim().to_lowercase();
    let now = app.clock.now_us();
    refuse_after_failures(app, &email, now).await?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, name, role, password FROM accounts WHERE email = $1 AND state = 'active'",
    )
    .bind(&email)
    .fetch_optional(&app.database)
    .await?;
    let kept = row.as_ref().and_then(|row| row.password.clone());
    if !password::matches(app, password, kept).await? {
        sqlx::query("INSERT INTO failed_logins (id, email, at) VALUES ($1, $2, $3)")
            .bind(new_id())
            .bind(&email)
            .bind(now)
            .execute(&app.database)
            .await?;
        return Err(Problem::WrongPassword);
    }
    let row = row.ok_or(Problem::WrongPassword)?;
    Ok(SignedIn { role: Role::parse(&row.role)?, account_id: row.id, name: row.name })
}

async fn refuse_after_failures(app: &App, email: &str, now: i64) -> Result<(), Problem> {
    let (failures, first): (i64, Option<i64>) =
        sqlx::query_as("SELECT count(*), min(at) FROM failed_logins WHERE email = $1 AND at > $2")
            .bind(email)
            .bind(now - FAILED_LOGINS_US)
            .fetch_one(&app.database)
            .await?;
    match first {
        Some(first) if failures >= FAILED_LOGINS => {
            let wait_us = first + FAILED_LOGINS_US - now;
            Err(Problem::TooMany { retry_after_s: (wait_us / 1_000_000 + 1).unsigned_abs() })
        }
        _ => Ok(()),
    }
}
