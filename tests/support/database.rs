//! The business databases that promises are tested on.

use std::path::Path;

use crate::{Aftercare, Postgres};

/// Where the business data goes.
pub enum Database {
    /// The default, in the data folder.
    Sqlite,
    /// A real PostgreSQL.
    Postgres(Box<Postgres>),
}

impl Database {
    /// One of each.
    ///
    /// # Errors
    /// When PostgreSQL does not come up.
    pub async fn each() -> anyhow::Result<[Self; 2]> {
        Ok([Self::Sqlite, Self::Postgres(Box::new(Postgres::start().await?))])
    }

    /// `aftercare up` on it.
    ///
    /// # Errors
    /// As [`Aftercare::up`].
    pub async fn up(&self, data: &Path) -> anyhow::Result<Aftercare> {
        match self {
            Self::Sqlite => Aftercare::up(data, &[]).await,
            Self::Postgres(postgres) => Aftercare::up(data, &["--database", &postgres.url]).await,
        }
    }
}
