//! The business database: SQLite or PostgreSQL behind one SQL text.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::{AnyPoolOptions, AnyTypeInfo};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Any, AnyPool, Database, Encode, Transaction, Type};

use crate::http::Problem;

/// Each commit is on disk before it is answered. Tests of rules lose no power, and sync thousands of
/// times; those that kill the server run its binary, which is not built for tests.
const SYNCHRONOUS: &str =
    if cfg!(test) { "PRAGMA synchronous = OFF" } else { "PRAGMA synchronous = FULL" };

/// Opens the database and brings its tables up to date.
pub(crate) async fn open(url: &str) -> Result<AnyPool, sqlx::Error> {
    sqlx::any::install_default_drivers();
    let sqlite = url.starts_with("sqlite:");
    let pool = AnyPoolOptions::new()
        .max_connections(8)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if sqlite {
                    for pragma in [
                        "PRAGMA journal_mode = WAL",
                        SYNCHRONOUS,
                        // After a large write the log does not stay that large (64 MiB).
                        "PRAGMA journal_size_limit = 67108864",
                        "PRAGMA foreign_keys = ON",
                        "PRAGMA busy_timeout = 10000",
                    ] {
                        sqlx::query(pragma).execute(&mut *connection).await?;
                    }
                }
                Ok(())
            })
        })
        .connect(url)
        .await?;
    sqlx::migrate!().run(&pool).await?;
    Ok(pool)
}

/// A sortable id (UUIDv7).
pub(crate) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// The key that a device chose for its new row, so that it could go on with it while it was offline; a
/// new one where it chose none.
pub(crate) fn id_from(device: Option<&str>) -> Result<String, Problem> {
    let Some(chosen) = device else { return Ok(new_id()) };
    match uuid::Uuid::try_parse(chosen) {
        Ok(id) if id.get_version_num() == 7 => Ok(id.to_string()),
        _ => Err(Problem::Invalid("`id` has to be a UUIDv7 (RFC 9562), or absent".into())),
    }
}

/// A number that may be null, to be bound. sqlx 0.9 tells PostgreSQL that a null `f64` has 32 bits, and
/// that a null `f32` has 64; the connection keeps the statement like that and refuses the next number.
pub(crate) struct Double(pub Option<f64>);

impl Type<Any> for Double {
    fn type_info() -> AnyTypeInfo {
        <f64 as Type<Any>>::type_info()
    }
}

impl Encode<'_, Any> for Double {
    fn encode_by_ref(
        &self,
        buffer: &mut <Any as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        match self.0 {
            Some(number) => <f64 as Encode<Any>>::encode_by_ref(&number, buffer),
            None => <Option<f32> as Encode<Any>>::encode_by_ref(&None, buffer),
        }
    }
}

/// Takes the turn of a name: whoever waits here sees what the one before has committed, so that numbers
/// follow one another without gap or clash.
pub(crate) async fn take_turn(
    tx: &mut Transaction<'_, Any>,
    name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE turns SET taken = taken + 1 WHERE name = $1")
        .bind(name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes a column of JSON.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|e| Problem::Internal(Box::new(e)))
}

/// Reads a column of JSON.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|e| Problem::Internal(Box::new(e)))
}
