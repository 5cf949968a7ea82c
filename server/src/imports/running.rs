//! An import runs: all of the file, or nothing.

use std::collections::HashMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::{Any, Transaction};
use utoipa::IntoParams;

use super::kind::ImportKind;
use super::report::{ImportReport, ImportedRow, RowOutcome};
use super::rows::{File, Row};
use super::{assets, customers, sites, tickets};
use crate::app::App;
use crate::http::{By, Problem};
use crate::limits::IMPORT_BYTES;

/// An import under way.
pub(super) struct Import<'t, 'a> {
    pub tx: &'t mut Transaction<'static, Any>,
    pub who: &'a str,
    pub why: &'a str,
    pub now: i64,
    /// What rows were about, by its name in lower case.
    seen: HashMap<String, usize>,
}

impl Import<'_, '_> {
    /// Notes a mistake where an earlier row is about the same.
    pub fn once(&mut self, row: &mut Row<'_>, column: &str, name: &str) {
        if let Some(earlier) = self.seen.insert(name.to_lowercase(), row.number) {
            row.wrong(column, format!("row {earlier} is about the same"));
        }
    }

    /// The customer of a name, or a mistake.
    pub async fn customer(
        &mut self,
        row: &mut Row<'_>,
        column: &str,
        name: &str,
    ) -> Result<Option<String>, Problem> {
        let known: Option<String> = sqlx::query_scalar("SELECT id FROM customers WHERE name = $1")
            .bind(name)
            .fetch_optional(&mut **self.tx)
            .await?;
        if known.is_none() {
            row.wrong(column, format!("there is no customer {name:?}: import customers first"));
        }
        Ok(known)
    }
}

/// What a row did.
pub(super) struct Did {
    name: String,
    /// Of what is new.
    made: Option<String>,
    fields: Vec<&'static str>,
}

impl Did {
    pub fn made(name: &str, id: String) -> Self {
        Self { name: name.to_owned(), made: Some(id), fields: Vec::new() }
    }

    /// Nothing, where there are no fields.
    pub fn changed(name: &str, fields: Vec<&'static str>) -> Self {
        Self { name: name.to_owned(), made: None, fields }
    }
}

/// Query of an import.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// `true`: says what would be done, and writes nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Imports a file; the body is CSV in UTF-8 with a header, and commas or semicolons.
///
/// What is there already is found by its name (customers, assets), by customer and name (sites) or by
/// its `reference` (tickets) and changed; an empty cell leaves it as it is. With a mistake anywhere
/// nothing is written, and the answer is 422 with every mistake by row. The same file again changes
/// nothing. docs/import-and-export.md has the columns.
#[utoipa::path(
    post,
    path = "/api/v1/imports/{kind}",
    operation_id = "import_file",
    tag = "import and export",
    params(("kind" = ImportKind, Path), ImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, body = ImportReport),
        (status = 422, body = ImportReport, description = "Nothing was written"),
        Problem
    )
)]
pub(crate) async fn import(
    By(who): By,
    State(app): State<App>,
    Path(kind): Path<String>,
    Query(query): Query<ImportQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<ImportReport>), Problem> {
    let kind = ImportKind::ALL.into_iter().find(|k| k.as_str() == kind);
    let kind = kind.ok_or(Problem::NotFound("kind of import"))?;
    let body =
        body.map_err(|e| Problem::Invalid(format!("{e}: a file may have {IMPORT_BYTES} bytes")))?;
    let file = File::read(kind, &body)?;
    let (report, made) = run(&app, kind, file, query.dry_run, &who).await?;
    if report.written && kind == ImportKind::Tickets {
        for id in &made {
            crate::tickets::announce(&app, id).await?;
        }
    }
    let refused = !report.dry_run && !report.written;
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Json(report)))
}

/// Takes every row, and keeps what came of it when it is meant and nothing is wrong. Says what is new.
async fn run(
    app: &App,
    kind: ImportKind,
    file: File,
    dry_run: bool,
    who: &str,
) -> Result<(ImportReport, Vec<String>), Problem> {
    let mut report = ImportReport {
        kind,
        dry_run,
        written: false,
        rows: file.rows().count(),
        created: 0,
        updated: 0,
        unchanged: 0,
        errors: file.errors.clone(),
        changes: Vec::new(),
    };
    // Without its columns a file has one mistake more in every row, which nobody wants to read.
    if !report.errors.is_empty() {
        return Ok((report, Vec::new()));
    }
    let (why, now) = (format!("imported from a file of {}", kind.as_str()), app.clock.now_us());
    let (mut tx, mut new) = (app.begin().await?, Vec::new());
    let (seen, why) = (HashMap::new(), why.as_str());
    let mut import = Import { tx: &mut tx, who, why, now, seen };
    for mut row in file.rows() {
        let number = row.number;
        let did = match kind {
            ImportKind::Customers => customers::take(&mut import, &mut row).await,
            ImportKind::Sites => sites::take(&mut import, &mut row).await,
            ImportKind::Assets => assets::take(&mut import, &mut row).await,
            ImportKind::Tickets => tickets::take(&mut import, &mut row).await,
        };
        match did {
            Ok(Some(did)) => {
                new.extend(did.made.clone());
                report.count(number, did);
            }
            Ok(None) => {}
            Err(Problem::Invalid(problem)) => row.refused(problem),
            Err(problem) => return Err(problem),
        }
        report.errors.extend(row.finish());
    }
    if dry_run || !report.errors.is_empty() {
        tx.rollback().await?;
        return Ok((report, Vec::new()));
    }
    tx.commit().await?;
    report.written = true;
    Ok((report, new))
}

impl ImportReport {
    fn count(&mut self, row: usize, did: Did) {
        let outcome = match (&did.made, did.fields.is_empty()) {
            (Some(_), _) => RowOutcome::Created,
            (None, false) => RowOutcome::Updated,
            (None, true) => {
                self.unchanged += 1;
                return;
            }
        };
        match outcome {
            RowOutcome::Created => self.created += 1,
            RowOutcome::Updated => self.updated += 1,
        }
        let fields = did.fields.into_iter().map(str::to_owned).collect();
        self.changes.push(ImportedRow { row, name: did.name, outcome, fields });
    }
}
