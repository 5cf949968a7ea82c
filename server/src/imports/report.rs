use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::ImportKind;

/// What a row did, or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum RowOutcome {
    Created,
    Updated,
}

/// A row that makes or changes something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedRow {
    /// As a spreadsheet counts: the header is row 1.
    pub row: usize,
    /// What it is about.
    pub name: String,
    /// What it does.
    pub outcome: RowOutcome,
    /// The fields that are other ones afterwards, of what is there already.
    pub fields: Vec<String>,
}

/// A mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportError {
    /// As a spreadsheet counts: the header is row 1.
    pub row: usize,
    /// Null: it is about the whole row.
    #[schema(required)]
    pub column: Option<String>,
    /// What is wrong, and what to change.
    pub problem: String,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    /// What the file holds.
    pub kind: ImportKind,
    /// A trial: nothing was written.
    pub dry_run: bool,
    /// Whether everything was written. With a mistake anywhere nothing is.
    pub written: bool,
    /// Rows below the header.
    pub rows: usize,
    /// Rows that make something new.
    pub created: usize,
    /// Rows that change what is there.
    pub updated: usize,
    /// Rows that say what is known already.
    pub unchanged: usize,
    /// Every mistake, by row.
    pub errors: Vec<ImportError>,
    /// The rows that make or change something.
    pub changes: Vec<ImportedRow>,
}
