//! When a technician is away: holidays, training, illness.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::changes::{self, NewChange};
use crate::database::new_id;
use crate::http::{By, Problem, check_text};
use crate::limits::{ABSENCES, TEXT_CHARS};
use crate::time::{Time, rfc3339};

/// A time in which a technician is away.
#[derive(Debug, Serialize, ToSchema)]
pub struct Absence {
    id: String,
    from: Time,
    to: Time,
    reason: String,
}

/// Absences that are not over, by account.
pub(super) async fn ahead(app: &App) -> Result<HashMap<String, Vec<Absence>>, Problem> {
    let rows: Vec<(String, String, i64, i64, String)> = sqlx::query_as(
        "SELECT account_id, id, from_at, to_at, reason FROM absences WHERE to_at > $1 \
         ORDER BY from_at LIMIT $2",
    )
    .bind(app.clock.now_us())
    .bind(ABSENCES)
    .fetch_all(&app.database)
    .await?;
    let mut by_account: HashMap<String, Vec<Absence>> = HashMap::new();
    for (account_id, id, from, to, reason) in rows {
        let absence = Absence { id, from: Time(from), to: Time(to), reason };
        by_account.entry(account_id).or_default().push(absence);
    }
    Ok(by_account)
}

/// A time in which a technician will be away.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAbsence {
    from: Time,
    to: Time,
    #[schema(min_length = 1)]
    reason: String,
}

/// Notes that a technician is away: nothing new is planned for then. Visits that are planned stay, for
/// the dispatcher to move.
#[utoipa::path(
    post,
    path = "/api/v1/technicians/{account_id}/absences",
    operation_id = "add_absence",
    tag = "visits",
    responses((status = 201, body = Absence), Problem)
)]
pub(crate) async fn add(
    By(who): By,
    State(app): State<App>,
    Path(account_id): Path<String>,
    Json(new): Json<NewAbsence>,
) -> Result<(StatusCode, Json<Absence>), Problem> {
    check_text("reason", &new.reason, TEXT_CHARS)?;
    if new.from.0 >= new.to.0 {
        return Err(Problem::Invalid("`to` has to be after `from`".into()));
    }
    let (id, reason) = (new_id(), new.reason.trim().to_owned());
    let mut tx = app.begin().await?;
    let added = sqlx::query(
        "INSERT INTO absences (id, account_id, from_at, to_at, reason) \
         SELECT $1, account_id, $3, $4, $5 FROM technicians WHERE account_id = $2",
    )
    .bind(&id)
    .bind(&account_id)
    .bind(new.from.0)
    .bind(new.to.0)
    .bind(&reason)
    .execute(&mut *tx)
    .await?;
    if added.rows_affected() == 0 {
        return Err(Problem::NotFound("technician"));
    }
    let span = format!("{} – {}", rfc3339(new.from.0), rfc3339(new.to.0));
    let change = NewChange {
        kind: "technician",
        id: &account_id,
        who: &who,
        field: "absence",
        to: Some(&span),
        why: &reason,
        ..NewChange::default()
    };
    changes::record(&mut tx, app.clock.now_us(), change).await?;
    tx.commit().await?;
    let absence = Absence { id, from: new.from, to: new.to, reason };
    Ok((StatusCode::CREATED, Json(absence)))
}

/// Takes an absence back.
#[utoipa::path(
    delete,
    path = "/api/v1/technicians/{account_id}/absences/{absence}",
    operation_id = "remove_absence",
    tag = "visits",
    responses((status = 204, description = "Taken back"), Problem)
)]
pub(crate) async fn remove(
    By(who): By,
    State(app): State<App>,
    Path((account_id, absence)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let mut tx = app.begin().await?;
    let reason: Option<String> = sqlx::query_scalar(
        "DELETE FROM absences WHERE id = $1 AND account_id = $2 RETURNING reason",
    )
    .bind(&absence)
    .bind(&account_id)
    .fetch_optional(&mut *tx)
    .await?;
    let reason = reason.ok_or(Problem::NotFound("absence"))?;
    let change = NewChange {
        kind: "technician",
        id: &account_id,
        who: &who,
        field: "absence",
        from: Some(&reason),
        why: "taken back",
        ..NewChange::default()
    };
    changes::record(&mut tx, app.clock.now_us(), change).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
