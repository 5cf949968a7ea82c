//! Passwords, kept as Argon2id (RFC 9106) with the parameters that OWASP names.

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::http::Problem;
use crate::limits::{PASSWORD_LEAST, PASSWORD_MOST, PASSWORDS_AT_ONCE};

/// Turns of looking at passwords: each takes 19 MiB and much of a processor.
pub(crate) struct Turns(Semaphore);

impl Default for Turns {
    fn default() -> Self {
        Self(Semaphore::new(PASSWORDS_AT_ONCE))
    }
}

/// Refuses what is too short to be safe or too long to be looked at.
pub(super) fn check(password: &str) -> Result<(), Problem> {
    let length = password.chars().count();
    if !(PASSWORD_LEAST..=PASSWORD_MOST).contains(&length) {
        return Err(Problem::Invalid(format!(
            "`password` has to have {PASSWORD_LEAST} to {PASSWORD_MOST} characters"
        )));
    }
    Ok(())
}

async fn in_turn<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let internal = |e: tokio::sync::AcquireError| Problem::Internal(Box::new(e));
    let _turn = app.password_turns.0.acquire().await.map_err(internal)?;
    tokio::task::spawn_blocking(work).await.map_err(|e| Problem::Internal(Box::new(e)))
}

/// What is kept of a password.
pub(super) async fn hash(app: &App, password: String) -> Result<String, Problem> {
    let hashed = in_turn(app, move || {
        let salt = SaltString::generate(&mut OsRng);
        Argon2::default().hash_password(password.as_bytes(), &salt).map(|hash| hash.to_string())
    });
    hashed.await?.map_err(|e| Problem::Internal(e.to_string().into()))
}

/// Whether it is the one that is kept. Without one it takes as long and is never right, so that
/// nobody learns which addresses have an account.
pub(super) async fn matches(
    app: &App,
    password: String,
    kept: Option<String>,
) -> Result<bool, Problem> {
    let Some(kept) = kept else {
        hash(app, password).await?;
        return Ok(false);
    };
    in_turn(app, move || {
        let Ok(kept) = PasswordHash::new(&kept) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &kept).is_ok()
    })
    .await
}
