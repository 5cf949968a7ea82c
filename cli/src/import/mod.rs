//! `aftercare import`: readings of a file into a server, as a gateway would deliver them; or what was
//! kept elsewhere ([`records`]).

mod batch;
mod progress;
mod records;

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use exchange::{Format, Rows};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use server::imports::ImportKind;
use sha2::{Digest as _, Sha256};
use telemetry::clock::Clock as _;

use self::batch::{Batch, Checks};
use self::progress::Progress;
use crate::api::Api;
use crate::clock::SystemClock;
use crate::formats::FormatName;
use crate::{note, say};

/// Refused lines or rows that are named; of the others the number is told.
const NAMED: usize = 20;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare import all.parquet
  aftercare import --dry-run january.csv february.csv
  aftercare import telegraf.lp --server http://10.0.0.5:8080
  aftercare import customers.csv --kind customers --dry-run

CSV has the header board,channel,unit,time,value with times in RFC 3339; Parquet has columns of these
names; line protocol has the tags board, channel and unit, the field value, and nanoseconds. Readings
keep their times; units become canonical (bar becomes Pa), as when a board sends them. What cannot be
a reading is named and left out; the exit code is then 1.

Interrupted, the same command goes on where it stopped. Importing a file again changes nothing.

With --kind it is customers, sites, assets or open tickets instead of readings: all of the file, or
nothing when there is a mistake (docs/import-and-export.md has the columns).")]
pub struct Args {
    /// Files to import
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the files are; without it their endings say it (.csv, .parquet, .lp)
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// What the files hold
    #[arg(long, value_enum, default_value = "readings")]
    kind: KindName,
    /// Read and check everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Begin anew, even where an earlier import was interrupted
    #[arg(long)]
    from_start: bool,
    /// The server
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    server: String,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

/// What files hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum KindName {
    Readings,
    Customers,
    Sites,
    Assets,
    Tickets,
}

impl KindName {
    /// Of what is no reading.
    fn of_records(self) -> Option<ImportKind> {
        match self {
            Self::Readings => None,
            Self::Customers => Some(ImportKind::Customers),
            Self::Sites => Some(ImportKind::Sites),
            Self::Assets => Some(ImportKind::Assets),
            Self::Tickets => Some(ImportKind::Tickets),
        }
    }
}

/// A line or row that was left out.
#[derive(Serialize)]
struct Refusal {
    place: u64,
    cause: String,
}

/// What became of a file.
#[derive(Serialize)]
struct Outcome {
    file: PathBuf,
    series: usize,
    /// Sent now.
    sent: u64,
    /// Sent by an earlier import that was interrupted.
    sent_before: u64,
    /// Older than the server keeps.
    expired: u64,
    refused: u64,
    /// The first of them.
    refusals: Vec<Refusal>,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    if let Some(kind) = args.kind.of_records() {
        for path in &args.files {
            records::run(path, kind, args.dry_run, &args.server, args.json).await?;
        }
        return Ok(());
    }
    let mut sources = Vec::new();
    for path in &args.files {
        sources.push(Source::open(path, args.format)?);
    }
    let api = if args.dry_run { None } else { Some(Api::new(&args.server)?) };
    let mut outcomes = Vec::new();
    for source in sources {
        let outcome = import(source, api.as_ref(), &args).await?;
        if !args.json {
            tell(&outcome, args.dry_run);
        }
        outcomes.push(outcome);
    }
    let refused: u64 = outcomes.iter().map(|o| o.refused).sum();
    if args.json {
        say(&serde_json::json!({ "dry_run": args.dry_run, "files": outcomes }).to_string());
    }
    let verb = if args.dry_run { "would be" } else { "were" };
    anyhow::ensure!(refused == 0, "{refused} readings {verb} refused");
    Ok(())
}

/// A file whose beginning is known to be good.
struct Source {
    path: PathBuf,
    format: Format,
    rows: Rows,
    /// Of which the reader's position is seen.
    handle: File,
}

impl Source {
    fn open(path: &Path, format: Option<FormatName>) -> anyhow::Result<Self> {
        let format = FormatName::or_by_ending(format, path)?;
        let name = || path.display().to_string();
        let file = File::open(path).with_context(|| format!("cannot read {}", name()))?;
        let handle = file.try_clone()?;
        let rows = Rows::open(format, file).with_context(name)?;
        Ok(Self { path: path.to_owned(), format, rows, handle })
    }

    /// What the places of the file are called.
    fn place(&self) -> &'static str {
        match self.format {
            Format::Csv | Format::Lines => "line",
            Format::Parquet => "row",
        }
    }
}

fn sha256(path: &Path) -> anyhow::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut bytes = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut bytes).with_context(|| path.display().to_string())?;
        if read == 0 {
            break;
        }
        hash.update(&bytes[..read]);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

async fn import(mut source: Source, api: Option<&Api>, args: &Args) -> anyhow::Result<Outcome> {
    let (path, word) = (source.path.clone(), source.place());
    let mut run = Run::of(&path, api, args.from_start)?;
    if let Some(confirmed) = run.confirmed() {
        note(&format!("{}: goes on after {word} {confirmed}", path.display()));
    }
    let bar = ProgressBar::new(source.handle.metadata()?.len()).with_style(
        ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}, {eta} left, {msg}")
            .context("progress bar")?,
    );
    for row in source.rows.by_ref() {
        let row = row.with_context(|| {
            let (path, place, sent) = (path.display(), run.place, run.outcome.sent);
            format!("{path}: after {word} {place}, with {sent} readings sent")
        })?;
        run.take(row);
        if run.batch.is_full() {
            run.send().await?;
            bar.set_position(source.handle.stream_position()?);
            bar.set_message(format!("{} readings", run.outcome.sent));
        }
    }
    run.send().await?;
    bar.finish_and_clear();
    Ok(run.done())
}

/// One file on its way in.
struct Run<'a> {
    api: Option<&'a Api>,
    gateway: String,
    progress: Option<Progress>,
    checks: Checks,
    batch: Batch,
    /// Last line or row that was looked at.
    place: u64,
    outcome: Outcome,
}

impl<'a> Run<'a> {
    fn of(path: &Path, api: Option<&'a Api>, from_start: bool) -> anyhow::Result<Self> {
        let hash = sha256(path)?;
        let gateway = format!("import-{}", &hash[..16]);
        let progress = api.map(|api| Progress::find(path, hash, api.server.clone(), from_start));
        Ok(Self {
            api,
            gateway,
            progress,
            checks: Checks::new(SystemClock.now_us()),
            batch: Batch::default(),
            place: 0,
            outcome: Outcome {
                file: path.to_owned(),
                series: 0,
                sent: 0,
                sent_before: 0,
                expired: 0,
                refused: 0,
                refusals: Vec::new(),
            },
        })
    }

    /// Where an earlier import stopped.
    fn confirmed(&self) -> Option<u64> {
        self.progress.as_ref().map(Progress::confirmed).filter(|place| *place > 0)
    }

    /// Looks at one row. What an earlier import sent is looked at again, so that all that was
    /// refused is told.
    fn take(&mut self, row: exchange::Row) {
        self.place = row.place;
        let checked = match row.reading {
            Ok(reading) => self.checks.check(&reading).map_err(|e| e.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match checked {
            Ok(_) if self.confirmed().is_some_and(|place| row.place <= place) => {
                self.outcome.sent_before += 1;
            }
            Ok(checked) => self.batch.add(row.place, checked),
            Err(cause) => {
                self.outcome.refused += 1;
                if self.outcome.refusals.len() < NAMED {
                    self.outcome.refusals.push(Refusal { place: row.place, cause });
                }
            }
        }
    }

    async fn send(&mut self) -> anyhow::Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        let (readings, last) = (batch.readings(), batch.last_place());
        if let Some(api) = self.api {
            let delivery = batch.into_delivery(&self.gateway, SystemClock.now_us());
            // The first one tells at once when nobody is there.
            let sent = self.outcome.sent + self.outcome.sent_before;
            // The first one tells at once when nobody is there.
            let taken = api.deliver(&delivery, self.outcome.sent > 0).await;
            let taken = taken.with_context(|| match sent {
                0 => "nothing was sent".to_owned(),
                n => format!("{n} readings were sent; the same command goes on from there"),
            });
            let taken = taken.with_context(|| self.outcome.file.display().to_string())?;
            self.outcome.expired += taken.expired;
            self.outcome.refused += taken.refused;
        }
        self.outcome.sent += readings;
        if let Some(progress) = &mut self.progress {
            progress.confirm(last);
        }
        Ok(())
    }

    fn done(mut self) -> Outcome {
        self.outcome.series = self.checks.series();
        if let Some(progress) = self.progress {
            progress.done();
        }
        self.outcome
    }
}

fn tell(outcome: &Outcome, dry_run: bool) {
    let Outcome { file, series, sent, sent_before, expired, refused, refusals } = outcome;
    let file = file.display();
    for Refusal { place, cause } in refusals {
        note(&format!("{file}:{place}: {cause}"));
    }
    let unnamed = refused - refusals.len() as u64;
    if unnamed > 0 {
        note(&format!("{file}: and {unnamed} more; what the store refused is in the server's log"));
    }
    let what = if dry_run { "would be sent" } else { "were sent" };
    let mut text = format!("{file}: {sent} readings of {series} series {what}");
    for (count, what) in [
        (sent_before, "had been sent before"),
        (expired, "are older than the server keeps, and are not stored"),
        (refused, "were refused"),
    ] {
        if *count > 0 {
            text += &format!("; {count} {what}");
        }
    }
    say(&(text + "."));
}
