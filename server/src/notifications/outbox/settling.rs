//! What became of an attempt, written down with the step of the message.

use sqlx::{Any, Transaction};

use crate::app::App;
use crate::database::new_id;
use crate::http::Problem;
use crate::limits::OUTBOX_BATCH;
use crate::notifications::addresses::switch_off;
use crate::notifications::lease::Leased;
use crate::notifications::retry::Patience;
use crate::notifications::state::MessageState;

/// Whoever acts where no person does.
const OUTBOX: &str = "outbox";

/// Forgets a link that signs somebody in once nobody needs it any more.
pub(super) const FORGET_LINK: &str =
    "path = CASE WHEN event IN ('account_invitation', 'password_reset') THEN '' ELSE path END";

/// What became of an attempt.
pub(in crate::notifications) enum Settled {
    Delivered,
    /// Never; `gone` is the address that does not exist any more.
    Refused {
        why: String,
        gone: Option<String>,
    },
    /// It failed for too long.
    GivenUp {
        why: String,
    },
    /// It failed and is tried again.
    Again {
        at: i64,
        why: String,
    },
    /// It was not tried: the receiver's quiet hours came meanwhile.
    Quiet {
        until: i64,
    },
}

/// Writes down what became of a message.
pub(in crate::notifications) async fn settle(
    app: &App,
    leased: &Leased,
    settled: Settled,
) -> Result<(), Problem> {
    let now = app.clock.now_us();
    match settled {
        Settled::Again { at, why } => again(app, leased, at, &why).await,
        Settled::Quiet { until } => quiet(app, leased, until).await,
        Settled::Delivered => {
            let mut tx = app.begin().await?;
            end(&mut tx, &leased.id, MessageState::Delivered, "taken by the other side", now)
                .await?;
            tx.commit().await?;
            Ok(())
        }
        Settled::GivenUp { why } => {
            let mut tx = app.begin().await?;
            end(&mut tx, &leased.id, MessageState::GivenUp, &why, now).await?;
            tx.commit().await?;
            Ok(())
        }
        Settled::Refused { why, gone } => {
            let mut tx = app.begin().await?;
            end(&mut tx, &leased.id, MessageState::Refused, &why, now).await?;
            if let Some(address_id) = gone {
                switch_off(&mut tx, &address_id, &why, now).await?;
            }
            tx.commit().await?;
            Ok(())
        }
    }
}

/// Ends the waiting, whoever holds the lease by now: what was delivered is delivered.
async fn end(
    tx: &mut Transaction<'_, Any>,
    id: &str,
    to: MessageState,
    why: &str,
    now: i64,
) -> Result<(), Problem> {
    let delivered = to == MessageState::Delivered;
    let forget = if delivered { FORGET_LINK } else { "path = path" };
    let sql = format!(
        "UPDATE outbox SET state = $2, delivered_at = $3, last_error = $4, lease = NULL, \
         leased_until = NULL, {forget} WHERE id = $1 AND state = $5"
    );
    let ended = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .bind(to.as_str())
        .bind(delivered.then_some(now))
        .bind((!delivered).then_some(why))
        .bind(MessageState::Waiting.as_str())
        .execute(&mut **tx)
        .await?;
    if ended.rows_affected() == 0 {
        return Ok(());
    }
    record(tx, id, now, (Some(MessageState::Waiting), to), OUTBOX, why).await
}

async fn again(app: &App, leased: &Leased, at: i64, why: &str) -> Result<(), Problem> {
    sqlx::query(
        "UPDATE outbox SET next_at = $3, last_error = $4, lease = NULL, leased_until = NULL \
         WHERE id = $1 AND lease = $2",
    )
    .bind(&leased.id)
    .bind(&leased.lease)
    .bind(at)
    .bind(why)
    .execute(&app.database)
    .await?;
    Ok(())
}

async fn quiet(app: &App, leased: &Leased, until: i64) -> Result<(), Problem> {
    sqlx::query(
        "UPDATE outbox SET next_at = $3, not_before = $3, attempts = attempts - 1, \
         tried_at = CASE WHEN attempts = 1 THEN NULL ELSE tried_at END, lease = NULL, \
         leased_until = NULL WHERE id = $1 AND lease = $2",
    )
    .bind(&leased.id)
    .bind(&leased.lease)
    .bind(until)
    .execute(&app.database)
    .await?;
    Ok(())
}

/// Refuses a message that does not read, as one that a newer version wrote, so that it holds nothing up.
pub(in crate::notifications) async fn refuse_unreadable(
    app: &App,
    id: &str,
) -> Result<(), Problem> {
    let mut tx = app.begin().await?;
    let why = "this version of the server does not understand it";
    end(&mut tx, id, MessageState::Refused, why, app.clock.now_us()).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives up e-mail that has waited for a mail server for too long: nobody wants the reminders of last
/// year on the day on which one is configured.
pub(in crate::notifications) async fn give_up_untried(
    app: &App,
    patience: Patience,
) -> Result<(), Problem> {
    let now = app.clock.now_us();
    let before = now.saturating_sub(patience.give_up_after_s.saturating_mul(1_000_000));
    let stale: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM outbox WHERE state = 'waiting' AND channel = 'email' AND next_at <= $1 \
         ORDER BY next_at LIMIT $2",
    )
    .bind(before)
    .bind(OUTBOX_BATCH)
    .fetch_all(&app.database)
    .await?;
    for id in stale {
        let mut tx = app.begin().await?;
        let why = "no mail server was configured in time";
        end(&mut tx, &id, MessageState::GivenUp, why, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// How many messages wait.
pub(in crate::notifications) async fn waiting(app: &App) -> Result<u64, Problem> {
    let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox WHERE state = 'waiting'")
        .fetch_one(&app.database)
        .await?;
    Ok(u64::try_from(waiting).unwrap_or(0))
}

/// Records a step of a message.
pub(in crate::notifications) async fn record(
    tx: &mut Transaction<'_, Any>,
    message_id: &str,
    now: i64,
    (from, to): (Option<MessageState>, MessageState),
    who: &str,
    why: &str,
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO outbox_steps (id, message_id, at, from_state, to_state, who, why) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new_id())
    .bind(message_id)
    .bind(now)
    .bind(from.map(MessageState::as_str))
    .bind(to.as_str())
    .bind(who)
    .bind(why)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
