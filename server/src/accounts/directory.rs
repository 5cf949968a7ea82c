//! The list of accounts: inviting people, and changing what they are and see.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use sqlx::{Any, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::invitation::{PasswordCode, Reason, make_code};
use crate::access::Role;
use crate::app::App;
use crate::changes::{self, Field, NewChange};
use crate::database::new_id;
use crate::http::{By, IfMatch, Language, Page, Problem, check_text, etag};
use crate::limits::{GRANTS, LIST_ROWS, TEXT_CHARS};
use crate::states;
use crate::time::Time;

/// Whether somebody can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Has not set a password yet.
    Invited,
    /// Can sign in.
    Active,
    /// Cannot sign in; its tokens and browsers are refused.
    Disabled,
}

impl AccountState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        let all = [Self::Invited, Self::Active, Self::Disabled];
        states::read("account state", &all, Self::as_str, text)
    }
}

/// Somebody who signs in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    id: String,
    email: String,
    name: String,
    role: Role,
    language: Language,
    /// Sees only what was granted; customers always do.
    limited: bool,
    state: AccountState,
    created_at: Time,
    version: i64,
    /// Customers whose sites they see.
    customers: Vec<String>,
    /// Sites that they see besides.
    sites: Vec<String>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    email: String,
    name: String,
    role: String,
    language: String,
    limited: i64,
    state: String,
    created_at: i64,
    version: i64,
}

const SELECT: &str = "SELECT id, email, name, role, language, limited, state, created_at, version \
     FROM accounts";

impl TryFrom<Row> for Account {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            id: r.id,
            email: r.email,
            name: r.name,
            role: Role::parse(&r.role)?,
            language: Language::parse(&r.language)?,
            limited: r.limited == 1,
            state: AccountState::parse(&r.state)?,
            created_at: Time(r.created_at),
            version: r.version,
            customers: Vec::new(),
            sites: Vec::new(),
        })
    }
}

async fn find(app: &App, id: &str) -> Result<Account, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
        .bind(id)
        .fetch_optional(&app.database)
        .await?;
    let mut account = Account::try_from(row.ok_or(Problem::NotFound("account"))?)?;
    account.customers = sqlx::query_scalar(
        "SELECT customer_id FROM account_customers WHERE account_id = $1 ORDER BY customer_id",
    )
    .bind(id)
    .fetch_all(&app.database)
    .await?;
    account.sites = sqlx::query_scalar(
        "SELECT site_id FROM account_sites WHERE account_id = $1 ORDER BY site_id",
    )
    .bind(id)
    .fetch_all(&app.database)
    .await?;
    Ok(account)
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AccountsQuery {
    role: Option<Role>,
    cursor: Option<String>,
}

/// All accounts by e-mail address, without what each was granted.
#[utoipa::path(
    get,
    path = "/api/v1/accounts",
    operation_id = "list_accounts",
    tag = "access",
    params(AccountsQuery),
    responses((status = 200, body = Page<Account>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<AccountsQuery>,
) -> Result<Json<Page<Account>>, Problem> {
    let sql =
        format!("{SELECT} WHERE ($1 = '' OR role = $1) AND email > $2 ORDER BY email LIMIT $3");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.role.map_or("", Role::as_str))
        .bind(query.cursor.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Account::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |a| a.email.clone())))
}

/// One account with what it was granted.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{id}",
    operation_id = "show_account",
    tag = "access",
    responses((status = 200, body = Account), Problem)
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<([(HeaderName, String); 1], Json<Account>), Problem> {
    let account = find(&app, &id).await?;
    Ok((etag(account.version), Json(account)))
}

/// Somebody who is to sign in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAccount {
    email: String,
    #[schema(min_length = 1)]
    name: String,
    role: Role,
    #[serde(default)]
    language: Language,
    /// Sees only what is granted here; customers always do.
    #[serde(default)]
    limited: bool,
    #[serde(default)]
    customers: Vec<String>,
    #[serde(default)]
    sites: Vec<String>,
}

/// An account, and the code with which its owner sets a password.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitation {
    account: Account,
    password_code: PasswordCode,
}

/// Invites somebody: the answer has the link to hand to them.
#[utoipa::path(
    post,
    path = "/api/v1/accounts",
    operation_id = "invite_account",
    tag = "access",
    responses((status = 201, body = Invitation), Problem)
)]
pub(crate) async fn invite(
    By(who): By,
    State(app): State<App>,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, Json<Invitation>), Problem> {
    check_text("name", &new.name, TEXT_CHARS)?;
    let email = new.email.trim().to_lowercase();
    if !email.contains('@') || email.chars().count() > TEXT_CHARS {
        return Err(Problem::Invalid("`email` is no e-mail address".into()));
    }
    if new.role == Role::Gateway {
        return Err(Problem::Invalid("a gateway has a token, not an account".into()));
    }
    let (id, now) = (new_id(), app.clock.now_us());
    let mut tx = app.begin().await?;
    let made = sqlx::query(
        "INSERT INTO accounts (id, email, name, role, language, limited, state, created_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, 'invited', $7, 1) ON CONFLICT (email) DO NOTHING",
    )
    .bind(&id)
    .bind(&email)
    .bind(new.name.trim())
    .bind(new.role.as_str())
    .bind(new.language.as_str())
    .bind(i64::from(new.limited))
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if made.rows_affected() == 0 {
        return Err(Problem::Conflict(format!("{email} has an account already")));
    }
    grant(&mut tx, &id, Some(&new.customers), Some(&new.sites)).await?;
    let password_code = make_code(&mut tx, &id, Reason::Invitation { by: &who }, now).await?;
    changes::made(&mut tx, now, ("account", &id, "role", new.role.as_str()), (&who, "invited"))
        .await?;
    tx.commit().await?;
    let account = find(&app, &id).await?;
    Ok((StatusCode::CREATED, Json(Invitation { account, password_code })))
}

/// Replaces what an account was granted, where something is said about it.
async fn grant(
    tx: &mut Transaction<'_, Any>,
    account_id: &str,
    customers: Option<&[String]>,
    sites: Option<&[String]>,
) -> Result<(), Problem> {
    let lists = [
        (customers, "account_customers", "customer_id", "customers"),
        (sites, "account_sites", "site_id", "sites"),
    ];
    for (ids, table, column, of) in lists {
        let Some(ids) = ids else { continue };
        if ids.len() > GRANTS {
            return Err(Problem::Invalid(format!("`{of}` may have {GRANTS} ids")));
        }
        sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table} WHERE account_id = $1")))
            .bind(account_id)
            .execute(&mut **tx)
            .await?;
        for id in ids {
            let added = sqlx::query(sqlx::AssertSqlSafe(format!(
                "INSERT INTO {table} (account_id, {column}) SELECT $1, x.id FROM {of} x \
                 WHERE x.id = $2 ON CONFLICT DO NOTHING"
            )))
            .bind(account_id)
            .bind(id)
            .execute(&mut **tx)
            .await?;
            if added.rows_affected() == 0 {
                return Err(Problem::Invalid(format!("`{of}`: {id} is not there, or there twice")));
            }
        }
    }
    Ok(())
}

/// What is changed about an account; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AccountChange {
    name: Option<String>,
    role: Option<Role>,
    language: Option<Language>,
    limited: Option<bool>,
    /// `active` or `disabled`.
    state: Option<AccountState>,
    customers: Option<Vec<String>>,
    sites: Option<Vec<String>>,
    #[schema(min_length = 1)]
    why: String,
}

impl AccountChange {
    fn fields(&self, before: &Account) -> Vec<Field> {
        let joined = |ids: &[String]| ids.join(" ");
        let (customers, sites) =
            (self.customers.as_deref().map(joined), self.sites.as_deref().map(joined));
        let fields = [
            Field::text("name", &before.name, self.name.as_deref()),
            Field::text("role", before.role.as_str(), self.role.map(Role::as_str)),
            Field::text("language", before.language.as_str(), self.language.map(Language::as_str)),
            Field::new("limited", Some(before.limited), self.limited.map(Some)),
            Field::text("state", before.state.as_str(), self.state.map(AccountState::as_str)),
            Field::text("customers", &joined(&before.customers), customers.as_deref()),
            Field::text("sites", &joined(&before.sites), sites.as_deref()),
        ];
        fields.into_iter().flatten().collect()
    }
}

/// Changes an account. Who is disabled is signed out everywhere.
#[utoipa::path(
    patch,
    path = "/api/v1/accounts/{id}",
    operation_id = "change_account",
    tag = "access",
    responses((status = 200, body = Account), Problem)
)]
pub(crate) async fn change(
    By(who): By,
    if_match: IfMatch,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<AccountChange>,
) -> Result<([(HeaderName, String); 1], Json<Account>), Problem> {
    check_text("why", &wanted.why, TEXT_CHARS)?;
    if let Some(name) = &wanted.name {
        check_text("name", name, TEXT_CHARS)?;
    }
    if wanted.role == Some(Role::Gateway) {
        return Err(Problem::Invalid("a gateway has a token, not an account".into()));
    }
    let now = app.clock.now_us();
    let before = find(&app, &id).await?;
    if_match.check(before.version)?;
    let state = match wanted.state {
        Some(AccountState::Invited) => {
            return Err(Problem::Invalid("`state` can become active or disabled".into()));
        }
        // Somebody without a password is invited anew.
        Some(AccountState::Active) if before.state != AccountState::Active => {
            Some("CASE WHEN password IS NULL THEN 'invited' ELSE 'active' END")
        }
        Some(AccountState::Disabled) => Some("'disabled'"),
        _ => None,
    };
    let mut tx = app.begin().await?;
    let sql = format!(
        "UPDATE accounts SET name = $3, role = $4, language = $5, limited = $6, state = {}, \
         version = version + 1 WHERE id = $1 AND version = $2",
        state.unwrap_or("state")
    );
    let changed = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(&id)
        .bind(before.version)
        .bind(wanted.name.as_deref().map_or(before.name.as_str(), str::trim))
        .bind(wanted.role.unwrap_or(before.role).as_str())
        .bind(wanted.language.unwrap_or(before.language).as_str())
        .bind(i64::from(wanted.limited.unwrap_or(before.limited)))
        .execute(&mut *tx)
        .await?;
    if changed.rows_affected() == 0 {
        return Err(Problem::Stale { version: before.version + 1 });
    }
    grant(&mut tx, &id, wanted.customers.as_deref(), wanted.sites.as_deref()).await?;
    if wanted.state == Some(AccountState::Disabled) {
        sqlx::query("DELETE FROM sessions WHERE account_id = $1")
            .bind(&id)
            .execute(&mut *tx)
            .await?;
    }
    if let Some(role) = wanted.role {
        // A token may do what its account may, not what it once could.
        sqlx::query("UPDATE api_tokens SET scope = $2 WHERE account_id = $1")
            .bind(&id)
            .bind(role.as_str())
            .execute(&mut *tx)
            .await?;
    }
    let change = NewChange {
        kind: "account",
        id: &id,
        who: &who,
        why: wanted.why.trim(),
        version: Some(before.version + 1),
        ..NewChange::default()
    };
    changes::record_fields(&mut tx, now, change, &wanted.fields(&before)).await?;
    tx.commit().await?;
    let account = find(&app, &id).await?;
    Ok((etag(account.version), Json(account)))
}
