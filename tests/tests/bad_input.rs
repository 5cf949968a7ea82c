//! Whatever a client sends, the answer is one that the HTTP document promises, and never a failure of
//! ours. Schemathesis reads the document and sends what fits it, and what does not.
//!
//! `BAD_INPUT_EXAMPLES=200` sends more to every route, and `BAD_INPUT_SEED=7` sends others.

#[path = "bad_input/known.rs"]
mod known;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use known::Known;
use sqlx::any::AnyPoolOptions;
use system_tests::{Aftercare, Database, Postgres, Said, TOKEN, Years};
use tokio::process::Command;

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance";

/// Routes that are left out, and why.
const LEFT_OUT: [(&str, &str); 2] = [
    ("watch_events", "an answer without an end"),
    ("make_backup", "it copies everything into any folder it is told"),
];

fn years(until_us: i64) -> Years {
    Years { accounts: 12, customers: 15, assets: 40, tickets: 200, ..Years::large(until_us) }
}

/// Schemathesis, in the virtual environment that `scripts/install test` makes.
fn schemathesis() -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let made = home.join(".cache/aftercare/venv/bin/schemathesis");
    if made.exists() { made } else { "schemathesis".into() }
}

fn asked(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

async fn with_history(database: &Database, data: &Path) -> anyhow::Result<Aftercare> {
    let (url, more) = match database {
        Database::Sqlite => (format!("sqlite://{}", data.join("business.db").display()), vec![]),
        Database::Postgres(postgres) => (postgres.url.clone(), vec!["--database", &postgres.url]),
    };
    // The server makes its tables, then rests while the years are written into them.
    Aftercare::server(data, &more).await?.terminate().await?;
    let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_micros())?;
    sqlx::any::install_default_drivers();
    let pool = AnyPoolOptions::new().max_connections(1).connect(&url).await?;
    years(now).fill(&pool).await?;
    pool.close().await;
    Aftercare::server(data, &more).await
}

async fn question(server: &Aftercare, dir: &Path) -> anyhow::Result<Said> {
    let configuration = dir.join("schemathesis.toml");
    std::fs::write(&configuration, Known::ask(server).await?.configuration()?)?;
    let program = schemathesis();
    let mut command = Command::new(&program);
    command.arg("--config-file").arg(configuration);
    command.args(["run", &format!("{}/api/openapi.json", server.http), "--no-color"]);
    command.args(["--header", &format!("Authorization: Bearer {TOKEN}")]);
    command.args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]);
    command.args(["--seed", &asked("BAD_INPUT_SEED", "1")]);
    command.args(["--max-examples", &asked("BAD_INPUT_EXAMPLES", "12")]);
    command.args(["--generation-database", "none", "--no-shrink", "--warnings", "off"]);
    command.args(["--request-timeout", "30"]);
    for (operation, _) in LEFT_OUT {
        command.args(["--exclude-operation-id", operation]);
    }
    // It leaves a folder of its own where it runs.
    command.current_dir(dir);
    let missing = || format!("{} is missing: scripts/install test", program.display());
    Said::by(&mut command).await.with_context(missing)
}

async fn is_answered_as_promised(database: Database) -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let server = with_history(&database, &dir.path().join("data")).await?;
    let said = question(&server, dir.path()).await?;
    anyhow::ensure!(said.code == Some(0), "{}\n{}", said.out, said.err);
    Ok(())
}

#[tokio::test]
async fn bad_input_is_answered_as_the_document_promises_on_sqlite() -> anyhow::Result<()> {
    is_answered_as_promised(Database::Sqlite).await
}

#[tokio::test]
async fn bad_input_is_answered_as_the_document_promises_on_postgresql() -> anyhow::Result<()> {
    let postgres = Postgres::start().await?;
    is_answered_as_promised(Database::Postgres(Box::new(postgres))).await
}
