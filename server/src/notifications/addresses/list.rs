//! Addresses as they are kept and shown.

use axum::Json;
use axum::extract::{Query, State};
use jiff::tz::TimeZone;
use messenger::{Channel, Secret, Subscription};
use serde::{Deserialize, Serialize};
use sqlx::{Any, AnyPool, FromRow, Transaction};
use utoipa::{IntoParams, ToSchema};

use super::kind::{AddressKind, OwnerKind};
use super::wanted::{PushKeys, Quiet};
use crate::app::App;
use crate::database::from_json;
use crate::http::Language;
use crate::http::{Page, Problem};
use crate::limits::LIST_ROWS;
use crate::notifications::quiet::QuietHours;
use crate::time::Time;

pub(super) const COLUMNS: &str = "id, owner_kind, owner, kind, address, secret, language, \
     time_zone, quiet_from, quiet_until, active, who, created_at";

/// An address as it is kept.
#[derive(Debug, Clone)]
pub(in crate::notifications) struct Address {
    pub id: String,
    pub kind: AddressKind,
    pub address: String,
    pub language: Language,
    pub time_zone: String,
    pub quiet: Option<QuietHours>,
    pub active: bool,
    pub shown: ShownAddress,
    secret: Option<String>,
}

/// How somebody is reached. A secret is shown only when the address is made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShownAddress {
    pub(super) id: String,
    owner_kind: OwnerKind,
    owner: String,
    kind: AddressKind,
    /// Mailbox, or where to post to, without the part that only the sender may know.
    address: String,
    language: Language,
    /// IANA name; quiet hours and times in messages go by it.
    time_zone: String,
    /// Only urgent messages come then.
    #[schema(required)]
    quiet: Option<Quiet>,
    /// Messages go there.
    active: bool,
    by: String,
    created_at: Time,
    /// Of a new webhook: what its receiver checks signatures with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    owner_kind: String,
    owner: String,
    kind: String,
    address: String,
    secret: Option<String>,
    language: String,
    time_zone: String,
    quiet_from: Option<i64>,
    quiet_until: Option<i64>,
    active: i64,
    who: String,
    created_at: i64,
}

impl TryFrom<Row> for Address {
    type Error = Problem;
    fn try_from(row: Row) -> Result<Self, Problem> {
        let kind = AddressKind::parse(&row.kind)?;
        let language = Language::parse(&row.language)?;
        let zone = TimeZone::get(&row.time_zone).unwrap_or(TimeZone::UTC);
        let quiet = row.quiet_from.zip(row.quiet_until);
        let shown = ShownAddress {
            id: row.id.clone(),
            owner_kind: OwnerKind::parse(&row.owner_kind)?,
            owner: row.owner,
            kind,
            address: kind.shown(&row.address),
            language,
            time_zone: row.time_zone.clone(),
            quiet: quiet.map(|(from, until)| Quiet::of(from, until)),
            active: row.active != 0,
            by: row.who,
            created_at: Time(row.created_at),
            secret: None,
        };
        Ok(Self {
            id: row.id,
            kind,
            address: row.address,
            language,
            time_zone: row.time_zone,
            quiet: quiet.map(|(from, until)| QuietHours { from, until, zone }),
            active: shown.active,
            shown,
            secret: row.secret,
        })
    }
}

impl Address {
    /// The channel that leads there.
    pub fn channel(&self) -> Result<Channel, Problem> {
        let (address, secret) = (self.address.clone(), self.secret.clone().map(Secret::new));
        Ok(match self.kind {
            AddressKind::Email => Channel::Email { address },
            AddressKind::Webhook => Channel::Webhook {
                url: address,
                secret: secret.unwrap_or_else(|| Secret::new(String::new())),
            },
            AddressKind::Wecom => Channel::WeCom { url: address },
            AddressKind::Dingtalk => Channel::DingTalk { url: address, secret },
            AddressKind::WebPush => {
                let keys: PushKeys = from_json(self.secret.as_deref().unwrap_or("{}"))?;
                Channel::WebPush(Subscription {
                    endpoint: address,
                    p256dh: keys.p256dh,
                    auth: Secret::new(keys.auth),
                })
            }
        })
    }
}

/// Where messages for somebody may go.
pub(in crate::notifications) async fn reachable_at(
    tx: &mut Transaction<'_, Any>,
    owner_kind: OwnerKind,
    owner: &str,
) -> Result<Vec<Address>, Problem> {
    let sql = format!(
        "SELECT {COLUMNS} FROM notification_addresses WHERE owner_kind = $1 AND owner = $2 \
         AND active = 1 AND deleted_at IS NULL ORDER BY id"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(owner_kind.as_str())
        .bind(owner)
        .fetch_all(&mut **tx)
        .await?;
    rows.into_iter().map(Address::try_from).collect()
}

/// An address that was not deleted.
pub(in crate::notifications) async fn found(
    database: &AnyPool,
    id: &str,
) -> Result<Option<Address>, Problem> {
    let sql = format!(
        "SELECT {COLUMNS} FROM notification_addresses WHERE id = $1 AND deleted_at IS NULL"
    );
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(database).await?;
    row.map(Address::try_from).transpose()
}

/// Query of the list of addresses.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AddressesQuery {
    /// Only those of this kind of owner.
    owner_kind: Option<OwnerKind>,
    /// Only those of this owner.
    owner: Option<String>,
    cursor: Option<String>,
}

/// Addresses that messages go to.
#[utoipa::path(
    get,
    path = "/api/v1/notification-addresses",
    operation_id = "list_notification_addresses",
    tag = "notifications",
    params(AddressesQuery),
    responses((status = 200, body = Page<ShownAddress>), Problem)
)]
pub(crate) async fn list(
    State(app): State<App>,
    Query(query): Query<AddressesQuery>,
) -> Result<Json<Page<ShownAddress>>, Problem> {
    let sql = format!(
        "SELECT {COLUMNS} FROM notification_addresses WHERE deleted_at IS NULL AND id > $1 \
         AND ($2 = '' OR owner_kind = $2) AND ($3 = '' OR owner = $3) ORDER BY id LIMIT $4"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.cursor.unwrap_or_default())
        .bind(query.owner_kind.map_or("", OwnerKind::as_str))
        .bind(query.owner.unwrap_or_default())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let shown = rows.into_iter().map(|row| Address::try_from(row).map(|a| a.shown));
    let items = shown.collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |a| a.id.clone())))
}
