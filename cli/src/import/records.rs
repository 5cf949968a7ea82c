//! Customers, sites, machines and open tickets of a CSV file, into a server.

use std::path::Path;

use anyhow::Context as _;
use server::imports::{ImportKind, ImportReport, RowOutcome};

use crate::api::Api;
use crate::say;

/// Lines about single rows that are printed; all are in the JSON.
const NAMED: usize = 50;

/// Sends one file, and says what it did or would do.
pub async fn run(
    path: &Path,
    kind: ImportKind,
    dry_run: bool,
    server: &str,
    json: bool,
) -> anyhow::Result<()> {
    let file = tokio::fs::read(path).await.with_context(|| path.display().to_string())?;
    let address = format!("/api/v1/imports/{}?dry_run={dry_run}", kind.as_str());
    let report = Api::new(server)?.import(&address, file).await?;
    if json {
        say(&serde_json::to_string(&report)?);
    } else {
        told(&report).iter().for_each(|line| say(line));
    }
    anyhow::ensure!(
        report.errors.is_empty(),
        "{} has mistakes: nothing was written",
        path.display()
    );
    Ok(())
}

fn told(report: &ImportReport) -> Vec<String> {
    let mut lines = Vec::new();
    for change in report.changes.iter().take(NAMED) {
        let did = match change.outcome {
            RowOutcome::Created => "new".to_owned(),
            RowOutcome::Updated => format!("changed: {}", change.fields.join(", ")),
        };
        lines.push(format!("row {}: {} ({did})", change.row, change.name));
    }
    for error in report.errors.iter().take(NAMED) {
        let column = error.column.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
        lines.push(format!("row {}{column}: {}", error.row, error.problem));
    }
    let more =
        report.changes.len().saturating_sub(NAMED) + report.errors.len().saturating_sub(NAMED);
    if more > 0 {
        lines.push(format!("… and {more} more (--json has all)"));
    }
    let would = if report.written { "" } else { " (nothing written)" };
    lines.push(format!(
        "{} rows: {} new, {} changed, {} as they were, {} mistakes{would}",
        report.rows,
        report.created,
        report.updated,
        report.unchanged,
        report.errors.len()
    ));
    lines
}

#[cfg(test)]
mod tests {
    use server::imports::{ImportError, ImportedRow};

    use super::*;

    #[test]
    fn every_mistake_says_its_row_and_column() {
        let error = |column: Option<&str>| ImportError {
            row: 3,
            column: column.map(str::to_owned),
            problem: "p".to_owned(),
        };
        let report = ImportReport {
            kind: ImportKind::Customers,
            dry_run: true,
            written: false,
            rows: 2,
            created: 1,
            updated: 0,
            unchanged: 0,
            errors: vec![error(Some("name")), error(None)],
            changes: vec![ImportedRow {
                row: 2,
                name: "Nordic".to_owned(),
                outcome: RowOutcome::Created,
                fields: Vec::new(),
            }],
        };
        assert_eq!(
            told(&report),
            [
                "row 2: Nordic (new)",
                "row 3, name: p",
                "row 3: p",
                "2 rows: 1 new, 0 changed, 0 as they were, 2 mistakes (nothing written)",
            ]
        );
    }
}
