//! Boards and their channels: known from the first reading on, adopted by one call.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use ::telemetry::delivery::Status;
use ::telemetry::name::{BoardId, ChannelName};
use ::telemetry::pack::{Pack, Sample};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use sqlx::{Any, AnyPool, Transaction};
use utoipa::ToSchema;

use crate::app::App;
use crate::database::new_id;
use crate::http::{Admin, Page, Problem};
use crate::limits::TEXT_CHARS;
use crate::time::Time;
use crate::tokens::{digest, new_secret};
use crate::watch;
use store::{Range, SeriesId, SeriesName, TelemetryStore};

/// Which point a series speaks for, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binding {
    pub asset_id: String,
    pub point_id: String,
    pub slot: u16,
    pub valid: Range,
}

#[derive(Debug)]
struct Channel {
    series: SeriesId,
    first_seen_at: i64,
    /// Newest measured time, its value, and when it was received; since this server started.
    last: Option<(Sample, i64)>,
    bindings: Vec<Binding>,
}

type Channels = HashMap<String, HashMap<(String, String), Channel>>;

/// What is known about boards, held in memory so that a reading costs no query.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    boards: Channels,
}

/// Digests of the boards' passwords. Apart from the directory: a board that connects must never
/// wait for, or be refused because of, somebody who adopts another one.
#[derive(Debug, Default)]
pub(crate) struct Credentials(RwLock<HashMap<String, String>>);

impl Credentials {
    pub async fn load(db: &AnyPool) -> Result<Self, sqlx::Error> {
        let issued: Vec<(String, String)> = sqlx::query_as(
            "SELECT id, credential_sha256 FROM boards WHERE credential_sha256 IS NOT NULL",
        )
        .fetch_all(db)
        .await?;
        Ok(Self(RwLock::new(issued.into_iter().collect())))
    }

    fn of(&self, board: &str) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(board).cloned()
    }

    fn set(&self, board: String, digest: String) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(board, digest);
    }
}

/// The samples of one channel in one pack, with what is known about it.
pub(crate) struct Resolved<'a> {
    pub series: SeriesId,
    pub samples: &'a [Sample],
    pub unit: &'a str,
    pub bindings: Vec<Binding>,
}

impl Directory {
    pub async fn load(db: &AnyPool, store: &dyn TelemetryStore) -> Result<Self, sqlx::Error> {
        let mut directory = Self::default();
        let channels: Vec<(i64, String, String, String, i64)> =
            sqlx::query_as("SELECT series, board_id, channel, unit, first_seen_at FROM channels")
                .fetch_all(db)
                .await?;
        let mut bindings = load_bindings(db).await?;
        for (series, board, channel, unit, first_seen_at) in channels {
            store.introduce(SeriesId(series), name(&board, &channel, &unit));
            let bindings = bindings.remove(&series).unwrap_or_default();
            let known = Channel { series: SeriesId(series), first_seen_at, last: None, bindings };
            directory.boards.entry(board).or_default().insert((channel, unit), known);
        }
        Ok(directory)
    }

    /// Newest measured time and time of receipt over an asset's channels.
    pub fn last_of_asset(&self, asset_id: &str) -> Option<(i64, i64)> {
        let of_asset = |c: &&Channel| c.bindings.iter().any(|b| b.asset_id == asset_id);
        let channels = self.boards.values().flat_map(HashMap::values).filter(of_asset);
        let lasts = channels.filter_map(|c| c.last.map(|(s, r)| (s.measured_at_us, r)));
        lasts.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))
    }

    /// The series that speak for an asset's points.
    pub fn series_of(&self, asset_id: &str) -> Vec<(SeriesId, Binding)> {
        let channels = self.boards.values().flat_map(HashMap::values);
        let bound = channels.flat_map(|c| c.bindings.iter().map(|b| (c.series, b.clone())));
        bound.filter(|(_, b)| b.asset_id == asset_id).collect()
    }

    fn find(&self, board: &str, channel: &str, unit: &str) -> Option<&Channel> {
        self.boards.get(board)?.get(&(channel.to_owned(), unit.to_owned()))
    }
}

fn name(board: &str, channel: &str, unit: &str) -> SeriesName {
    SeriesName { board: board.to_owned(), channel: channel.to_owned(), unit: unit.to_owned() }
}

async fn load_bindings(db: &AnyPool) -> Result<HashMap<i64, Vec<Binding>>, sqlx::Error> {
    let rows: Vec<(i64, String, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT b.series, p.asset_id, p.id, p.slot, b.valid_from, b.valid_to \
         FROM bindings b JOIN points p ON p.id = b.point_id ORDER BY b.valid_from",
    )
    .fetch_all(db)
    .await?;
    let mut bindings: HashMap<i64, Vec<Binding>> = HashMap::new();
    for (series, asset_id, point_id, slot, from_us, to_us) in rows {
        let slot = u16::try_from(slot).unwrap_or(u16::MAX);
        let valid = Range { from_us, to_us };
        bindings.entry(series).or_default().push(Binding { asset_id, point_id, slot, valid });
    }
    Ok(bindings)
}

/// Finds the series of every channel in the packs; channels seen for the first time are kept.
pub(crate) async fn resolve<'a>(
    app: &App,
    packs: &'a [Pack],
) -> Result<Vec<Resolved<'a>>, Problem> {
    let unknown = {
        let directory = app.directory.read().await;
        packs.iter().any(|p| {
            p.series
                .iter()
                .any(|s| directory.find(p.board.as_str(), s.channel.as_str(), &s.unit).is_none())
        })
    };
    let mut directory = app.directory.write().await;
    if unknown {
        meet(app, &mut directory, packs).await?;
    }
    let mut resolved = Vec::new();
    for pack in packs {
        let Some(channels) = directory.boards.get_mut(pack.board.as_str()) else { continue };
        for s in &pack.series {
            let key = (s.channel.as_str().to_owned(), s.unit.clone());
            let Some(channel) = channels.get_mut(&key) else { continue };
            if let Some(newest) = s.samples.iter().max_by_key(|s| s.measured_at_us)
                && channel.last.is_none_or(|(l, _)| l.measured_at_us <= newest.measured_at_us)
            {
                channel.last = Some((*newest, pack.received_at_us));
            }
            resolved.push(Resolved {
                series: channel.series,
                samples: &s.samples,
                unit: &s.unit,
                bindings: channel.bindings.clone(),
            });
        }
    }
    Ok(resolved)
}

async fn meet(app: &App, directory: &mut Directory, packs: &[Pack]) -> Result<(), Problem> {
    let mut tx = app.database.begin().await?;
    let mut met = Vec::new();
    for pack in packs {
        for s in &pack.series {
            let board = pack.board.as_str();
            if directory.find(board, s.channel.as_str(), &s.unit).is_none() {
                let at = pack.received_at_us;
                keep_board(&mut tx, board, at).await?;
                let series = keep_channel(&mut tx, board, s.channel.as_str(), &s.unit, at).await?;
                met.push((board.to_owned(), s.channel.as_str().to_owned(), &s.unit, series, at));
            }
        }
    }
    tx.commit().await?;
    for (board, channel, unit, series, first_seen_at) in met {
        let series = SeriesId(series);
        app.store.introduce(series, name(&board, &channel, unit));
        let new = Channel { series, first_seen_at, last: None, bindings: Vec::new() };
        let channels = directory.boards.entry(board).or_default();
        channels.entry((channel, unit.clone())).or_insert(new);
    }
    Ok(())
}

async fn keep_board(
    tx: &mut Transaction<'_, Any>,
    board: &str,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO boards (id, first_seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(board)
        .bind(at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn keep_channel(
    tx: &mut Transaction<'_, Any>,
    board: &str,
    channel: &str,
    unit: &str,
    at: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query(
        "INSERT INTO channels (series, board_id, channel, unit, first_seen_at) \
         SELECT coalesce(max(series), 0) + 1, $1, $2, $3, $4 FROM channels WHERE true \
         ON CONFLICT (board_id, channel, unit) DO NOTHING",
    )
    .bind(board)
    .bind(channel)
    .bind(unit)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    sqlx::query_scalar(
        "SELECT series FROM channels WHERE board_id = $1 AND channel = $2 AND unit = $3",
    )
    .bind(board)
    .bind(channel)
    .bind(unit)
    .fetch_one(&mut **tx)
    .await
}

/// A board's own word that it is there, or the broker's that it is gone.
pub(crate) async fn keep_status(
    tx: &mut Transaction<'_, Any>,
    status: &Status,
) -> Result<(), sqlx::Error> {
    keep_board(tx, status.board.as_str(), status.received_at_us).await?;
    sqlx::query("UPDATE boards SET online = $2 WHERE id = $1")
        .bind(status.board.as_str())
        .bind(i64::from(status.online))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A channel in the list of boards.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Channel)]
pub struct ChannelView {
    channel: String,
    unit: String,
    first_seen: Time,
    #[schema(required)]
    last_seen: Option<Time>,
    #[schema(required)]
    last_value: Option<f64>,
    #[schema(required)]
    point_id: Option<String>,
}

/// A board; `adopted` is false while it waits for adoption.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Board)]
pub struct BoardView {
    id: String,
    first_seen: Time,
    adopted: bool,
    #[schema(required)]
    online: Option<bool>,
    credential_issued: bool,
    channels: Vec<ChannelView>,
}

/// All boards, those waiting for adoption first.
#[utoipa::path(
    get,
    path = "/api/v1/boards",
    operation_id = "list_boards",
    tag = "boards",
    responses((status = 200, body = Page<BoardView>), Problem)
)]
pub(crate) async fn list(
    _: Admin,
    State(app): State<App>,
) -> Result<Json<Page<BoardView>>, Problem> {
    let rows: Vec<(String, i64, Option<i64>, Option<i64>)> =
        sqlx::query_as("SELECT id, first_seen_at, adopted_at, online FROM boards ORDER BY id")
            .fetch_all(&app.database)
            .await?;
    let directory = app.directory.read().await;
    let mut items: Vec<BoardView> = rows
        .into_iter()
        .map(|(id, first_seen, adopted_at, online)| BoardView {
            channels: channel_views(&directory, &id),
            credential_issued: app.credentials.of(&id).is_some(),
            first_seen: Time(first_seen),
            adopted: adopted_at.is_some(),
            online: online.map(|o| o != 0),
            id,
        })
        .collect();
    items.sort_by_key(|b| b.adopted);
    Ok(Json(Page { items, next_cursor: None }))
}

fn channel_views(directory: &Directory, board: &str) -> Vec<ChannelView> {
    let Some(channels) = directory.boards.get(board) else { return Vec::new() };
    let view = |((channel, unit), c): (&(String, String), &Channel)| ChannelView {
        channel: channel.clone(),
        unit: unit.clone(),
        first_seen: Time(c.first_seen_at),
        last_seen: c.last.map(|(_, received)| Time(received)),
        last_value: c.last.map(|(s, _)| s.value),
        point_id: c.bindings.last().map(|b| b.point_id.clone()),
    };
    let mut views: Vec<_> = channels.iter().map(view).collect();
    views.sort_by(|a, b| (&a.channel, &a.unit).cmp(&(&b.channel, &b.unit)));
    views
}

/// Body of an adoption: the machine that the board sits on, and what its channels measure.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Adoption {
    /// Found by name; made when there is none.
    pub asset: AdoptedAsset,
    /// Channels that speak for a point; others go on waiting.
    pub channels: Vec<AdoptedChannel>,
}

/// The machine.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AdoptedAsset {
    /// Unique name.
    pub name: String,
    /// Such as `pump`.
    pub kind: String,
    /// Maker's model.
    pub model: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// How long the machine's normal work is learnt, seconds of measured time. Default 400.
    pub learning_seconds: Option<f64>,
}

/// A channel and its point.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AdoptedChannel {
    /// Channel name.
    pub channel: String,
    /// Unit in which its readings are kept.
    pub unit: String,
    /// Name of the point on the machine.
    pub name: String,
    /// Such as `temperature`.
    pub quantity: String,
    /// Where on the machine.
    pub position: String,
}

/// What an adoption made or found.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Adopted {
    /// The asset.
    pub asset_id: String,
}

fn check(adoption: &Adoption) -> Result<(), Problem> {
    let a = &adoption.asset;
    if a.name.trim().is_empty() || a.name.chars().count() > TEXT_CHARS {
        return Err(Problem::Invalid("`asset.name` has to have 1 to 500 characters".into()));
    }
    if a.learning_seconds.is_some_and(|s| !(60.0..=90.0 * 86_400.0).contains(&s)) {
        return Err(Problem::Invalid(
            "`asset.learning_seconds` has to be between 60 and 7776000".into(),
        ));
    }
    for c in &adoption.channels {
        ChannelName::check(&c.channel)
            .map_err(|e| Problem::Invalid(format!("channel {:?}: {e}", c.channel)))?;
        if c.name.trim().is_empty() || c.name.chars().count() > TEXT_CHARS {
            return Err(Problem::Invalid("a point's name has to have 1 to 500 characters".into()));
        }
    }
    Ok(())
}

/// Makes asset, points and bindings where they are missing.
///
/// Saying the same again changes nothing. Readings that came before count as well.
#[utoipa::path(
    put,
    path = "/api/v1/boards/{id}/adoption",
    operation_id = "adopt_board",
    tag = "boards",
    responses((status = 200, body = Adopted), Problem)
)]
pub(crate) async fn adopt(
    _: Admin,
    State(app): State<App>,
    Path(board): Path<String>,
    Json(adoption): Json<Adoption>,
) -> Result<Json<Adopted>, Problem> {
    BoardId::check(&board).map_err(|e| Problem::Invalid(format!("board: {e}")))?;
    check(&adoption)?;
    let now = app.clock.now_us();
    let mut directory = app.directory.write().await;
    let mut tx = app.database.begin().await?;
    keep_board(&mut tx, &board, now).await?;
    sqlx::query("UPDATE boards SET adopted_at = $2 WHERE id = $1 AND adopted_at IS NULL")
        .bind(&board)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    let asset_id = keep_asset(&mut tx, &adoption.asset, now).await?;
    for c in &adoption.channels {
        let series = keep_channel(&mut tx, &board, &c.channel, &c.unit, now).await?;
        let point = keep_point(&mut tx, &asset_id, c, now).await?;
        bind(&mut tx, series, &point, &c.channel).await?;
    }
    tx.commit().await?;
    let fresh = Directory::load(&app.database, &*app.store).await?;
    let mut old = std::mem::replace(&mut *directory, fresh);
    for (board, channels) in &mut directory.boards {
        for (key, channel) in channels {
            let known = old.boards.get_mut(board).and_then(|c| c.remove(key));
            channel.last = known.and_then(|c| c.last);
        }
    }
    drop(directory);
    watch::resume(&app, &asset_id).await?;
    Ok(Json(Adopted { asset_id }))
}

async fn keep_asset(
    tx: &mut Transaction<'_, Any>,
    asset: &AdoptedAsset,
    now: i64,
) -> Result<String, sqlx::Error> {
    sqlx::query(
        "INSERT INTO assets (id, name, kind, model, serial, learning_s, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO NOTHING",
    )
    .bind(new_id())
    .bind(&asset.name)
    .bind(&asset.kind)
    .bind(&asset.model)
    .bind(&asset.serial)
    .bind(asset.learning_seconds.unwrap_or(detection::Settings::default().learning_s))
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query_scalar("SELECT id FROM assets WHERE name = $1")
        .bind(&asset.name)
        .fetch_one(&mut **tx)
        .await
}

async fn keep_point(
    tx: &mut Transaction<'_, Any>,
    asset_id: &str,
    c: &AdoptedChannel,
    now: i64,
) -> Result<String, sqlx::Error> {
    sqlx::query(
        "INSERT INTO points (id, asset_id, name, quantity, position, unit, slot, created_at) \
         SELECT $1, $2, $3, $4, $5, $6, coalesce(max(slot), -1) + 1, $7 FROM points \
         WHERE asset_id = $2 ON CONFLICT (asset_id, name) DO NOTHING",
    )
    .bind(new_id())
    .bind(asset_id)
    .bind(&c.name)
    .bind(&c.quantity)
    .bind(&c.position)
    .bind(&c.unit)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query_scalar("SELECT id FROM points WHERE asset_id = $1 AND name = $2")
        .bind(asset_id)
        .bind(&c.name)
        .fetch_one(&mut **tx)
        .await
}

async fn bind(
    tx: &mut Transaction<'_, Any>,
    series: i64,
    point_id: &str,
    channel: &str,
) -> Result<(), Problem> {
    sqlx::query(
        "INSERT INTO bindings (id, series, point_id, valid_from, valid_to) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (series, valid_from) DO NOTHING",
    )
    .bind(new_id())
    .bind(series)
    .bind(point_id)
    .bind(0_i64)
    .bind(i64::MAX)
    .execute(&mut **tx)
    .await?;
    let bound: String =
        sqlx::query_scalar("SELECT point_id FROM bindings WHERE series = $1 AND valid_from = 0")
            .bind(series)
            .fetch_one(&mut **tx)
            .await?;
    if bound == point_id {
        return Ok(());
    }
    Err(Problem::Conflict(format!("channel {channel:?} already speaks for another point")))
}

/// A board's credential as it is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Credential {
    username: String,
    password: String,
}

/// Issues a credential that the board has to use from now on; it replaces an older one.
#[utoipa::path(
    post,
    path = "/api/v1/boards/{id}/credential",
    operation_id = "issue_board_credential",
    tag = "boards",
    responses((status = 200, body = Credential), Problem)
)]
pub(crate) async fn issue_credential(
    _: Admin,
    State(app): State<App>,
    Path(board): Path<String>,
) -> Result<Json<Credential>, Problem> {
    BoardId::check(&board).map_err(|e| Problem::Invalid(format!("board: {e}")))?;
    let password = new_secret();
    let hash = digest(password.as_bytes());
    let mut tx = app.database.begin().await?;
    keep_board(&mut tx, &board, app.clock.now_us()).await?;
    sqlx::query("UPDATE boards SET credential_sha256 = $2 WHERE id = $1")
        .bind(&board)
        .bind(&hash)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    app.credentials.set(board.clone(), hash);
    Ok(Json(Credential { username: board, password }))
}

/// Whether a credential was issued to this board.
pub fn credential_issued(app: &App, board: &BoardId) -> bool {
    app.credentials.of(board.as_str()).is_some()
}

/// Whether the password is the board's.
pub fn credential_matches(app: &App, board: &BoardId, password: &[u8]) -> bool {
    app.credentials.of(board.as_str()).is_some_and(|known| known == digest(password))
}
