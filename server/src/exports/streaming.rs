//! A table as CSV, page by page: neither memory nor the database hold it all at once.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::safe;
use crate::access::Reach;
use crate::app::App;
use crate::http::Problem;
use crate::limits::EXPORT_PAGE;
use crate::time::rfc3339;

/// How a column is written.
#[derive(Clone, Copy)]
pub(super) enum As {
    /// What people wrote, or a word of ours.
    Text,
    /// A figure.
    Number,
    /// Microseconds, as RFC 3339.
    Time,
}

/// What is exported.
pub(super) struct Table {
    /// Name of the file, without its ending.
    pub name: &'static str,
    /// Header, SQL and kind of each column.
    pub columns: &'static [(&'static str, &'static str, As)],
    /// What comes after `FROM`.
    pub from: &'static str,
    /// The column by which the pages go on.
    pub id: &'static str,
    /// The condition that cuts it to the caller's reach, which is bound as `$2`.
    pub mine: fn(&Reach) -> String,
    /// A column that the caller may ask one value of.
    pub filter: Option<&'static str>,
}

impl Table {
    fn sql(&self, reach: &Reach) -> String {
        let columns = self.columns.iter().map(|(_, sql, kind)| match kind {
            As::Time => format!("CAST({sql} AS BIGINT)"),
            As::Text | As::Number => format!("CAST({sql} AS TEXT)"),
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let filter = match self.filter {
            Some(column) => format!("($3 = '' OR {column} = $3)"),
            None => "$3 = ''".to_owned(),
        };
        format!(
            "SELECT {id}, {columns} FROM {} WHERE {id} > $1 AND {} AND {filter} \
             ORDER BY {id} LIMIT $4",
            self.from,
            (self.mine)(reach),
            id = self.id
        )
    }

    fn header(&self) -> Result<Vec<u8>, Problem> {
        let mut csv = writer(Vec::new());
        csv.write_record(self.columns.iter().map(|(name, ..)| name)).map_err(internal)?;
        csv.into_inner().map_err(|e| Problem::Internal(e.to_string().into()))
    }

    fn record(&self, row: &AnyRow) -> Result<Vec<String>, Problem> {
        let cells = self.columns.iter().enumerate().map(|(at, (_, _, kind))| {
            Ok(match kind {
                As::Time => row.try_get::<Option<i64>, _>(at + 1)?.map(rfc3339).unwrap_or_default(),
                As::Number => row.try_get::<Option<String>, _>(at + 1)?.unwrap_or_default(),
                As::Text => {
                    let text: Option<String> = row.try_get(at + 1)?;
                    text.as_deref().map(safe::cell).map(Cow::into_owned).unwrap_or_default()
                }
            })
        });
        cells.collect::<Result<_, sqlx::Error>>().map_err(Problem::from)
    }
}

/// RFC 4180.
fn writer(into: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(into)
}

fn internal(error: csv::Error) -> Problem {
    Problem::Internal(Box::new(error))
}

/// Where an export is.
struct Progress {
    app: App,
    table: &'static Table,
    reach: Reach,
    filter: String,
    after: String,
}

impl Progress {
    /// The next page; none after the last.
    async fn page(&mut self) -> Result<Option<Bytes>, Problem> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(self.table.sql(&self.reach)))
            .bind(&self.after)
            .bind(self.reach.bind())
            .bind(&self.filter)
            .bind(EXPORT_PAGE)
            .fetch_all(&self.app.database)
            .await?;
        let Some(last) = rows.last() else { return Ok(None) };
        self.after = last.try_get(0)?;
        let mut csv = writer(Vec::new());
        for row in &rows {
            csv.write_record(self.table.record(row)?).map_err(internal)?;
        }
        let page = csv.into_inner().map_err(|e| Problem::Internal(e.to_string().into()))?;
        Ok(Some(Bytes::from(page)))
    }
}

/// The table as a file. What fails before the first page is answered as a problem; later the transfer
/// breaks off, so that nobody takes half a file for all of it.
pub(super) async fn file(
    app: App,
    table: &'static Table,
    reach: Reach,
    filter: Option<String>,
) -> Result<Response, Problem> {
    // The byte order mark lets spreadsheets read it as UTF-8.
    let mut head = "\u{feff}".as_bytes().to_vec();
    head.extend(table.header()?);
    let (filter, after) = (filter.unwrap_or_default(), String::new());
    let mut progress = Progress { app, table, reach, filter, after };
    let first = progress.page().await?;
    let begin = [Some(Bytes::from(head)), first].into_iter().flatten().map(Ok::<_, Problem>);
    let rest = stream::try_unfold(progress, |mut progress| async move {
        Ok(progress.page().await?.map(|page| (page, progress)))
    });
    let body = stream::iter(begin.collect::<Vec<_>>()).chain(rest);
    let body = body.inspect(|page| {
        if let Err(problem) = page {
            tracing::error!(%problem, "An export broke off");
        }
    });
    let name = format!("attachment; filename=\"{}.csv\"", table.name);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}
