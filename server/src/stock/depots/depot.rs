//! A depot as people see it: one, and lists of them.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Executor, FromRow};
use utoipa::{IntoParams, ToSchema};

use crate::access::Reach;
use crate::app::App;
use crate::http::{Page, Problem, etag};
use crate::limits::LIST_ROWS;
use crate::states;
use crate::time::Time;

/// Kind of a depot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DepotKind {
    /// Of the house.
    Warehouse,
    /// Of one technician.
    Van,
    /// At a site of a customer.
    Site,
}

impl DepotKind {
    const ALL: [Self; 3] = [Self::Warehouse, Self::Van, Self::Site];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Warehouse => "warehouse",
            Self::Van => "van",
            Self::Site => "site",
        }
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        states::read("depot kind", &Self::ALL, Self::as_str, text)
    }
}

/// Where parts lie.
#[derive(Debug, Serialize, ToSchema)]
pub struct Depot {
    id: String,
    pub(super) name: String,
    pub(super) kind: DepotKind,
    /// Whose van it is.
    #[schema(required)]
    pub(super) technician_id: Option<String>,
    #[schema(required)]
    technician_name: Option<String>,
    /// The site where it is.
    #[schema(required)]
    pub(super) site_id: Option<String>,
    #[schema(required)]
    site_name: Option<String>,
    /// Degrees north; without one of its own, a depot at a site is where the site is.
    #[schema(required)]
    pub(super) latitude: Option<f64>,
    /// Degrees east.
    #[schema(required)]
    pub(super) longitude: Option<f64>,
    created_at: Time,
    /// Also the `ETag`: send it as `If-Match` with a change.
    pub(super) version: i64,
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    kind: String,
    technician_id: Option<String>,
    technician_name: Option<String>,
    site_id: Option<String>,
    site_name: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    created_at: i64,
    version: i64,
}

impl TryFrom<Row> for Depot {
    type Error = Problem;
    fn try_from(r: Row) -> Result<Self, Problem> {
        Ok(Self {
            id: r.id,
            name: r.name,
            kind: DepotKind::parse(&r.kind)?,
            technician_id: r.technician_id,
            technician_name: r.technician_name,
            site_id: r.site_id,
            site_name: r.site_name,
            latitude: r.latitude,
            longitude: r.longitude,
            created_at: Time(r.created_at),
            version: r.version,
        })
    }
}

const SELECT: &str = "SELECT d.id, d.name, d.kind, d.technician_id, a.name AS technician_name, \
     d.site_id, s.name AS site_name, d.latitude, d.longitude, d.created_at, d.version FROM depots d \
     LEFT JOIN accounts a ON a.id = d.technician_id LEFT JOIN sites s ON s.id = d.site_id";

/// The condition of a list on the depot `d`: those of the house are seen by everybody who sees stock,
/// one at a site by whoever sees the site.
pub(crate) fn within(reach: &Reach, bind: &str) -> String {
    format!("(d.site_id IS NULL OR {})", reach.sites("d.site_id", bind))
}

pub(super) async fn find<'e>(
    db: impl Executor<'e, Database = Any>,
    id: &str,
) -> Result<Depot, Problem> {
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE d.id = $1")))
        .bind(id)
        .fetch_optional(db)
        .await?;
    row.ok_or(Problem::NotFound("depot"))?.try_into()
}

/// How a handler shows a depot.
pub(super) type Shown = ([(HeaderName, String); 1], Json<Depot>);

pub(super) async fn shown(app: &App, id: &str) -> Result<Shown, Problem> {
    let depot = find(&app.database, id).await?;
    Ok((etag(depot.version), Json(depot)))
}

/// Query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DepotsQuery {
    kind: Option<DepotKind>,
    site: Option<String>,
    /// Account of a technician.
    technician: Option<String>,
    cursor: Option<String>,
}

/// Depots by name.
#[utoipa::path(
    get,
    path = "/api/v1/depots",
    operation_id = "list_depots",
    tag = "stock",
    params(DepotsQuery),
    responses((status = 200, body = Page<Depot>), Problem)
)]
pub(crate) async fn list(
    reach: Reach,
    State(app): State<App>,
    Query(query): Query<DepotsQuery>,
) -> Result<Json<Page<Depot>>, Problem> {
    let mine = within(&reach, "$5");
    let sql = format!(
        "{SELECT} WHERE ($1 = '' OR d.kind = $1) AND ($2 = '' OR d.site_id = $2) \
         AND ($3 = '' OR d.technician_id = $3) AND d.name > $4 AND {mine} ORDER BY d.name LIMIT $6"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(query.kind.map_or("", DepotKind::as_str))
        .bind(query.site.unwrap_or_default())
        .bind(query.technician.unwrap_or_default())
        .bind(query.cursor.unwrap_or_default())
        .bind(reach.bind())
        .bind(LIST_ROWS + 1)
        .fetch_all(&app.database)
        .await?;
    let items = rows.into_iter().map(Depot::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::cut(items, LIST_ROWS as usize, |d| d.name.clone())))
}

/// One depot.
#[utoipa::path(
    get,
    path = "/api/v1/depots/{id}",
    operation_id = "show_depot",
    tag = "stock",
    responses((status = 200, body = Depot), Problem)
)]
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>) -> Result<Shown, Problem> {
    shown(&app, &id).await
}
