//! Inboxes are made and withdrawn, with who and why.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::kind::{InboxKind, Keys};
use super::list::{Inbox, found};
use crate::app::App;
use crate::changes;
use crate::database::new_id;
use crate::http::{By, Language, Problem, check_text, taken};
use crate::limits::{TAG_CHARS, TEXT_CHARS};
use crate::notifications::check_webhook_secret;

/// An inbox to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewInbox {
    /// What colleagues call it, such as `shop` or `WeCom, pumps`.
    #[schema(min_length = 1)]
    name: String,
    kind: InboxKind,
    /// Of a webhook `whsec_` and base64 of 24 to 64 bytes, without one it is made here; of WeCom and
    /// WeChat the token of the callback; of DingTalk the secret of the robot's application.
    secret: Option<String>,
    /// `EncodingAESKey` of WeCom and WeChat.
    aes_key: Option<String>,
    /// `CorpID` of WeCom, `AppID` of WeChat.
    receiver: Option<String>,
    /// In which people are spoken to there.
    #[serde(default)]
    language: Language,
    #[schema(min_length = 1)]
    why: String,
}

impl NewInbox {
    /// The secret to keep, and whether it was made here.
    fn check(&self) -> Result<(String, bool), Problem> {
        check_text("name", &self.name, TAG_CHARS)?;
        check_text("why", &self.why, TEXT_CHARS)?;
        if self.kind == InboxKind::Webhook && self.secret.is_none() {
            return Ok((messenger::new_secret(&rand::random()), true));
        }
        let needed =
            |name: &str, text: Option<&str>| check_text(name, text.unwrap_or_default(), TEXT_CHARS);
        needed("secret", self.secret.as_deref())?;
        let secret = self.secret.as_deref().unwrap_or_default().trim();
        if self.kind == InboxKind::Webhook {
            check_webhook_secret(secret)?;
        }
        if self.kind.is_callback() {
            needed("receiver", self.receiver.as_deref())?;
            let (aes_key, receiver) = (self.aes_key.as_deref(), self.receiver.as_deref());
            Keys { secret, aes_key, receiver }.callback()?;
        }
        Ok((secret.to_owned(), false))
    }
}

/// Makes an inbox. A secret that is made here is in this answer and never shown again.
#[utoipa::path(
    post,
    path = "/api/v1/inboxes",
    operation_id = "make_inbox",
    tag = "requests",
    responses((status = 201, body = Inbox), Problem)
)]
pub(crate) async fn create(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewInbox>,
) -> Result<(StatusCode, Json<Inbox>), Problem> {
    let (secret, made_here) = new.check()?;
    let (id, now, name) = (new_id(), app.clock.now_us(), new.name.trim());
    let kept = |text: &Option<String>| {
        text.as_deref().filter(|_| new.kind.is_callback()).map(|text| text.trim().to_owned())
    };
    let mut tx = app.begin().await?;
    sqlx::query(
        "INSERT INTO inboxes (id, name, kind, secret, aes_key, receiver, language, who, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&id)
    .bind(name)
    .bind(new.kind.as_str())
    .bind(&secret)
    .bind(kept(&new.aes_key))
    .bind(kept(&new.receiver))
    .bind(new.language.as_str())
    .bind(&who)
    .bind(now)
    .execute(&mut *tx)
    .await
    .map_err(|e| taken(e, || format!("there is an inbox {name:?} already")))?;
    changes::made(&mut tx, now, ("inbox", &id, "name", name), (&who, new.why.trim())).await?;
    tx.commit().await?;
    let mut inbox = found(&app, &id).await?.shown()?;
    inbox.secret = made_here.then_some(secret);
    Ok((StatusCode::CREATED, Json(inbox)))
}

/// Query of a withdrawal.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InboxWithdrawal {
    why: String,
}

/// Withdraws an inbox: nothing more is taken there. What came through it stays.
#[utoipa::path(
    delete,
    path = "/api/v1/inboxes/{id}",
    operation_id = "withdraw_inbox",
    tag = "requests",
    params(InboxWithdrawal),
    responses((status = 204), Problem)
)]
pub(crate) async fn withdraw(
    By(who): By,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<InboxWithdrawal>,
) -> Result<StatusCode, Problem> {
    check_text("why", &query.why, TEXT_CHARS)?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let name: Option<String> = sqlx::query_scalar(
        "UPDATE inboxes SET withdrawn_at = $2, secret = '', aes_key = NULL \
         WHERE id = $1 AND withdrawn_at IS NULL RETURNING name",
    )
    .bind(&id)
    .bind(now)
    .fetch_optional(&mut *tx)
    .await?;
    let name = name.ok_or(Problem::NotFound("inbox"))?;
    let change = changes::NewChange {
        kind: "inbox",
        id: &id,
        who: &who,
        field: "name",
        from: Some(&name),
        why: query.why.trim(),
        version: Some(2),
        ..changes::NewChange::default()
    };
    changes::record(&mut tx, now, change).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
