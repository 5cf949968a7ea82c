//! How long lists, searches and the monthly report take with years of service behind them: 200,000
//! tickets, 50,000 machines, 1,000 people. On SQLite, and with the same rows on PostgreSQL.
//!
//! `cargo bench -p system-tests --bench field_service [-- --small]`.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

mod asked;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use asked::Question;
use sqlx::any::AnyPoolOptions;
use system_tests::{Aftercare, Postgres, TOKEN, Years, until};

const ROUNDS: usize = 60;

/// Milliseconds.
struct Spread {
    median: f64,
    p95: f64,
}

impl Spread {
    fn of(mut all: Vec<f64>) -> Self {
        all.sort_by(f64::total_cmp);
        let at = |part: f64| all[((all.len() - 1) as f64 * part).round() as usize];
        Self { median: at(0.5), p95: at(0.95) }
    }
}

/// A server with its years.
struct House {
    aftercare: Aftercare,
    client: reqwest::Client,
    _data: tempfile::TempDir,
}

impl House {
    async fn open(years: Years, database: Option<&str>) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let more: Vec<&str> = database.map_or(vec![], |url| vec!["--database", url]);
        Aftercare::server(data.path(), &more).await?.terminate().await?;
        let url = database.map_or_else(|| sqlite(data.path()), str::to_owned);
        let began = Instant::now();
        years.fill(&url).await?;
        println!("  rows written in {:.0} s", began.elapsed().as_secs_f64());
        let aftercare = Aftercare::server(data.path(), &more).await?;
        let began = Instant::now();
        indexed(&url).await?;
        println!("  search index made in {:.0} s", began.elapsed().as_secs_f64());
        Ok(Self { aftercare, client: reqwest::Client::new(), _data: data })
    }

    async fn ask(&self, question: &Question) -> anyhow::Result<f64> {
        let url = format!("{}{}", self.aftercare.http, question.path);
        let began = Instant::now();
        let answer = self.client.get(&url).bearer_auth(question.token).send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        let took_ms = began.elapsed().as_secs_f64() * 1_000.0;
        anyhow::ensure!(status.is_success(), "{url}: {status} {}", String::from_utf8_lossy(&body));
        Ok(took_ms)
    }

    async fn measure(&self, question: &Question) -> anyhow::Result<Spread> {
        self.ask(question).await?;
        let mut all = Vec::with_capacity(ROUNDS);
        for _ in 0..question.rounds(ROUNDS) {
            all.push(self.ask(question).await?);
        }
        Ok(Spread::of(all))
    }
}

fn sqlite(data: &Path) -> String {
    format!("sqlite://{}", data.join("business.db").display())
}

async fn indexed(url: &str) -> anyhow::Result<()> {
    let pool = AnyPoolOptions::new().max_connections(1).connect(url).await?;
    loop {
        let left: i64 =
            sqlx::query_scalar("SELECT count(*) FROM search_changes").fetch_one(&pool).await?;
        if left == 0 {
            return Ok(());
        }
        let gone = until("texts to be indexed", || async {
            let now: i64 =
                sqlx::query_scalar("SELECT count(*) FROM search_changes").fetch_one(&pool).await?;
            Ok((now < left).then_some(()))
        });
        gone.await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let has = |name: &str| arguments.iter().any(|a| a == name);
    let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_micros())?;
    let mut years = Years::large(now);
    if has("--small") {
        years = Years { customers: 250, assets: 2_500, tickets: 10_000, ..years };
    }
    println!("SQLite:");
    let ours = House::open(years, None).await?;
    let postgres = Postgres::start().await?;
    let peer = match has("--sqlite") {
        true => None,
        false => {
            println!("PostgreSQL:");
            Some(House::open(years, Some(&postgres.url)).await?)
        }
    };
    let document: serde_json::Value = ours.aftercare.get("/api/openapi.json").await?;
    let questions = asked::all(&document).context("no list in the document")?;
    println!("{} tickets, {} machines; milliseconds", years.tickets, years.assets);
    println!(
        "| asked | SQLite, median | 95th percentile | PostgreSQL, 95th | PostgreSQL / SQLite |"
    );
    println!("|---|---|---|---|---|");
    for question in &questions {
        let of = ours.measure(question).await?;
        let against = match &peer {
            Some(peer) => Some(peer.measure(question).await?.p95),
            None => None,
        };
        println!(
            "| {} | {:.1} | {:.1} | {} | {} |",
            question.says,
            of.median,
            of.p95,
            against.map_or("–".to_owned(), |p95| format!("{p95:.1}")),
            against.map_or("–".to_owned(), |p95| format!("{:.1}", p95 / of.p95)),
        );
    }
    Ok(())
}
