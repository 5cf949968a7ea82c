//! Parts are added to the catalogue and changed.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::part::{Shown, SparePart, find, shown};
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::database::{new_id, to_json};
use crate::http::{By, IfMatch, Problem, check_text, etag, said, taken};
use crate::limits::{PART_MODELS, TEXT_CHARS, WORD_CHARS};
use crate::proposals::Money;
use crate::work_orders::words;

/// A part to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPart {
    part_number: String,
    name: String,
    /// What stock is counted in; pieces when nothing is said.
    unit: Option<String>,
    price: Option<Money>,
    /// Models of machines that it fits.
    #[serde(default)]
    models: Vec<String>,
    /// A GTIN or a barcode of the house.
    code: Option<String>,
}

/// Checks what is said about a part.
fn check(
    number: Option<&str>,
    name: Option<&str>,
    unit: Option<&str>,
    (price, code): (Option<&Money>, Option<&str>),
    models: &[String],
) -> Result<(), Problem> {
    for (field, text, most) in [
        ("part_number", number, WORD_CHARS),
        ("name", name, TEXT_CHARS),
        ("unit", unit, WORD_CHARS),
        ("code", code, WORD_CHARS),
    ] {
        if let Some(text) = text {
            check_text(field, text, most)?;
        }
    }
    if let Some(price) = price {
        price.check("price")?;
    }
    if models.len() > PART_MODELS {
        return Err(Problem::Invalid(format!("`models` may have {PART_MODELS} lines")));
    }
    models.iter().try_for_each(|model| check_text("models", model, TEXT_CHARS))
}

/// Which of the two unique names another part has.
fn is_taken(error: sqlx::Error, number: &str) -> Problem {
    let text = error.to_string();
    let code = ["parts_code", "parts.code"].iter().any(|name| text.contains(name));
    taken(error, || match code {
        true => "another part has this code already".to_owned(),
        false => format!("there is a part {:?} already", number.trim()),
    })
}

/// Adds a part to the catalogue.
#[utoipa::path(
    post,
    path = "/api/v1/parts",
    operation_id = "add_part",
    tag = "parts",
    responses((status = 201, body = SparePart), Problem)
)]
pub(crate) async fn create(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewPart>,
) -> Result<(StatusCode, Shown), Problem> {
    let (price, code) = (new.price.as_ref(), new.code.as_deref());
    let unit = new.unit.as_deref().unwrap_or("piece");
    check(Some(&new.part_number), Some(&new.name), Some(unit), (price, code), &new.models)?;
    let (id, now) = (new_id(), app.clock.now_us());
    let mut tx = app.begin().await?;
    sqlx::query(
        "INSERT INTO parts (id, part_number, name, unit, price_minor, price_currency, models, code, \
         archived, turn, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, 1)",
    )
    .bind(&id)
    .bind(new.part_number.trim())
    .bind(new.name.trim())
    .bind(unit.trim())
    .bind(price.map(|price| price.minor))
    .bind(price.map(|price| price.currency.as_str()))
    .bind(words(&new.models)?)
    .bind(code.map(str::trim))
    .bind(now)
    .execute(&mut *tx)
    .await
    .map_err(|e| is_taken(e, &new.part_number))?;
    changes::made(
        &mut tx,
        now,
        ("part", &id, "part_number", new.part_number.trim()),
        (&who, "added"),
    )
    .await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, shown(&app, &id).await?))
}

/// What is changed about a part; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PartChange {
    part_number: Option<String>,
    name: Option<String>,
    unit: Option<String>,
    /// `null` takes it away. What was used before keeps the price of its time.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Money>)]
    price: Option<Option<Money>>,
    models: Option<Vec<String>>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    code: Option<Option<String>>,
    archived: Option<bool>,
    #[schema(min_length = 1)]
    why: String,
}

impl PartChange {
    fn check(&self) -> Result<(), Problem> {
        check_text("why", &self.why, TEXT_CHARS)?;
        let price = self.price.as_ref().and_then(Option::as_ref);
        let code = self.code.as_ref().and_then(Option::as_deref);
        let models = self.models.as_deref().unwrap_or_default();
        let (number, name) = (self.part_number.as_deref(), self.name.as_deref());
        check(number, name, self.unit.as_deref(), (price, code), models)
    }

    fn fields(&self, before: &SparePart) -> Result<Vec<Field>, Problem> {
        let amount = |price: Option<&Money>| price.map(|p| format!("{} {}", p.minor, p.currency));
        let price = self.price.as_ref().map(|price| amount(price.as_ref()));
        let models = self.models.as_deref().map(words).transpose()?;
        let code = self.code.as_ref().map(|code| code.as_deref().map(str::trim));
        let fields = [
            Field::text("part_number", &before.part_number, self.part_number.as_deref()),
            Field::text("name", &before.name, self.name.as_deref()),
            Field::text("unit", &before.unit, self.unit.as_deref()),
            Field::new("price", amount(before.price.as_ref()), price),
            Field::text("models", &to_json(&before.models)?, models.as_deref()),
            Field::new("code", before.code.as_deref(), code),
            Field::new("archived", Some(before.archived), self.archived.map(Some)),
        ];
        Ok(fields.into_iter().flatten().collect())
    }
}

/// Changes a part.
#[utoipa::path(
    patch,
    path = "/api/v1/parts/{id}",
    operation_id = "change_part",
    tag = "parts",
    responses((status = 200, body = SparePart), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<PartChange>,
) -> Result<Shown, Problem> {
    wanted.check()?;
    let now = app.clock.now_us();
    let mut tx = app.begin().await?;
    let before = find(&mut *tx, &id).await?;
    if_match.check(before.version)?;
    let fields = wanted.fields(&before)?;
    if fields.is_empty() {
        return Ok((etag(before.version), Json(before)));
    }
    let number = wanted.part_number.as_deref().unwrap_or(&before.part_number);
    let price = wanted.price.as_ref().unwrap_or(&before.price).as_ref();
    let code = wanted.code.as_ref().unwrap_or(&before.code).as_deref();
    let changed = sqlx::query(
        "UPDATE parts SET part_number = $3, name = $4, unit = $5, price_minor = $6, \
         price_currency = $7, models = $8, code = $9, archived = $10, version = version + 1 \
         WHERE id = $1 AND version = $2",
    )
    .bind(&id)
    .bind(before.version)
    .bind(number.trim())
    .bind(wanted.name.as_deref().unwrap_or(&before.name).trim())
    .bind(wanted.unit.as_deref().unwrap_or(&before.unit).trim())
    .bind(price.map(|price| price.minor))
    .bind(price.map(|price| price.currency.as_str()))
    .bind(words(wanted.models.as_deref().unwrap_or(&before.models))?)
    .bind(code.map(str::trim))
    .bind(i64::from(wanted.archived.unwrap_or(before.archived)))
    .execute(&mut *tx)
    .await
    .map_err(|e| is_taken(e, number))?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: before.version + 1 });
    }
    let change = NewChange {
        kind: "part",
        id: &id,
        who: &who,
        why: wanted.why.trim(),
        version: Some(before.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(&mut tx, now, change, &fields).await?;
    tx.commit().await?;
    shown(&app, &id).await
}
