//! `aftercare export`: readings into a file, exactly as they are kept.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use exchange::{Reading, Writer};
use indicatif::{ProgressBar, ProgressStyle};
use server::series::{Series, SeriesReadings};

use crate::api::Api;
use crate::formats::FormatName;
use crate::say;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare export --output all.parquet
  aftercare export --output pump.csv --asset 'Pump 7' --from 2026-01-01 --to 2026-02-01
  aftercare export --output - --format lines --board pump-7 | gzip > pump-7.lp.gz

Readings keep their board, channel, unit, time (to the microsecond) and value (to the last bit). An
asset's export follows its bindings: each channel for the time in which it spoke for the machine.
The file appears under its name when it is complete. AFTERCARE_TOKEN has to be an administrator's.")]
pub struct Args {
    /// File to write; - is standard output
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// What to write; without it the ending of the file says it (.csv, .parquet, .lp)
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// Only the readings of this machine
    #[arg(long, value_name = "NAME", conflicts_with = "board")]
    asset: Option<String>,
    /// Only the readings of this board
    #[arg(long, value_name = "ID")]
    board: Option<String>,
    /// First moment: 2026-01-31 (UTC) or 2026-01-31T08:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<i64>,
    /// First moment that is no longer wanted
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<i64>,
    /// Replace the file when there is one
    #[arg(long)]
    force: bool,
    /// The server
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    server: String,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

/// Reads a date or a time as microseconds.
fn moment(text: &str) -> Result<i64, String> {
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let at = text.parse::<jiff::Timestamp>().ok().or_else(|| Some(day()?.timestamp()));
    let at = at.ok_or("give a day such as 2026-01-31 or a time such as 2026-01-31T08:00:00Z")?;
    Ok(at.as_microsecond())
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let to_stdout = args.output.as_os_str() == "-";
    anyhow::ensure!(
        !(to_stdout && args.json),
        "--json and --output - would both write to standard output; name a file"
    );
    let format = FormatName::or_by_ending(args.format, &args.output)?;
    let file = &args.output;
    anyhow::ensure!(
        to_stdout || args.force || !file.exists(),
        "{} is there already; --force replaces it",
        file.display()
    );
    // A device or a pipe would be replaced by a file.
    anyhow::ensure!(
        to_stdout || !file.exists() || file.is_file(),
        "{} is no regular file; write to standard output (--output -) instead",
        file.display()
    );
    let api = Api::new(&args.server)?;
    let stretches = stretches(&args, &api).await?;
    let mut target = Target::open(file, to_stdout)?;
    let mut written = Written { series: stretches.len(), ..Written::default() };
    let mut writer = Writer::new(format, target.file()?).context(WRITING)?;
    let bar = ProgressBar::new(stretches.len() as u64).with_style(
        ProgressStyle::with_template("{wide_bar} {pos}/{len} series, {msg} readings")
            .context("progress bar")?,
    );
    for stretch in stretches {
        export(&api, stretch, &mut writer, &mut written, &bar).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    target.complete(&writer.finish().context(WRITING)?)?;
    tell(&args, to_stdout, &written);
    Ok(())
}

const WRITING: &str = "the file cannot be written";

#[derive(Default)]
struct Written {
    series: usize,
    readings: u64,
}

fn tell(args: &Args, to_stdout: bool, written: &Written) {
    let Written { series, readings } = written;
    let file = args.output.display();
    if to_stdout {
        tracing::info!(series, readings, "Exported");
    } else if args.json {
        let line = serde_json::json!({
            "file": args.output, "series": series, "readings": readings,
        });
        say(&line.to_string());
    } else {
        say(&format!("{readings} readings of {series} series are in {file}."));
    }
}

/// A series for a time.
struct Stretch {
    series: Series,
    from_us: Option<i64>,
    to_us: Option<i64>,
}

/// What is wanted, in order of board, channel, unit and time.
async fn stretches(args: &Args, api: &Api) -> anyhow::Result<Vec<Stretch>> {
    let asset = match &args.asset {
        Some(name) => Some(asset_id(api, name).await?),
        None => None,
    };
    let mut all: Vec<Series> = api.list("/api/v1/series").await?;
    if let Some(board) = &args.board {
        all.retain(|s| s.board == *board);
        anyhow::ensure!(!all.is_empty(), "no board {board:?} has sent readings to this server");
    }
    all.sort_by(|a, b| (&a.board, &a.channel, &a.unit).cmp(&(&b.board, &b.channel, &b.unit)));
    let mut stretches = Vec::new();
    for mut series in all {
        let bindings = std::mem::take(&mut series.bindings);
        let Some(asset) = &asset else {
            stretches.push(Stretch { series, from_us: args.from, to_us: args.to });
            continue;
        };
        for binding in bindings.into_iter().filter(|b| b.asset_id == *asset) {
            let series = Series { bindings: Vec::new(), ..series.clone() };
            let from_us = Some(args.from.map_or(binding.from.0, |t| t.max(binding.from.0)));
            let to_us = match (args.to, binding.to) {
                (Some(wanted), Some(bound)) => Some(wanted.min(bound.0)),
                (wanted, bound) => wanted.or(bound.map(|t| t.0)),
            };
            stretches.push(Stretch { series, from_us, to_us });
        }
    }
    Ok(stretches)
}

async fn asset_id(api: &Api, name: &str) -> anyhow::Result<String> {
    let assets: Vec<serde_json::Value> = api.list("/api/v1/assets").await?;
    let found = assets.iter().find(|a| a["name"] == name).and_then(|a| a["id"].as_str());
    let names = || assets.iter().filter_map(|a| a["name"].as_str()).take(20).collect::<Vec<_>>();
    found.map(str::to_owned).with_context(|| match &names()[..] {
        [] => format!("there is no machine {name:?}; this server has none"),
        names => format!("there is no machine {name:?}; there are: {}", names.join(", ")),
    })
}

async fn export(
    api: &Api,
    stretch: Stretch,
    writer: &mut Writer<File>,
    written: &mut Written,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    let Series { series: number, board, channel, unit, .. } = stretch.series;
    let series = Arc::new(exchange::Series { board, channel, unit });
    let mut query = Vec::new();
    for (name, at_us) in [("from", stretch.from_us), ("to", stretch.to_us)] {
        if let Some(at_us) = at_us {
            query.push((name, jiff::Timestamp::from_microsecond(at_us)?.to_string()));
        }
    }
    let bounds = query.len();
    loop {
        let path = format!("/api/v1/series/{number}/readings");
        let page: SeriesReadings = api.get(&path, &query).await?;
        for (measured_at_us, value) in page.at_us.iter().zip(&page.value) {
            let series = Arc::clone(&series);
            let reading = Reading { series, measured_at_us: *measured_at_us, value: *value };
            writer.write(&reading).context(WRITING)?;
        }
        written.readings += page.at_us.len() as u64;
        bar.set_message(written.readings.to_string());
        let Some(next) = page.next_cursor else { return Ok(()) };
        query.truncate(bounds);
        query.push(("cursor", next));
    }
}

/// The file under another name until it is complete; removed when it does not come to that.
enum Target {
    Stdout,
    Part { part: PathBuf, file: PathBuf, complete: bool },
}

impl Target {
    fn open(file: &Path, to_stdout: bool) -> anyhow::Result<Self> {
        if to_stdout {
            return Ok(Self::Stdout);
        }
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        Ok(Self::Part { part: part.into(), file: file.to_owned(), complete: false })
    }

    fn file(&self) -> anyhow::Result<File> {
        use std::os::fd::AsFd as _;
        match self {
            // Apart from the standard library's own buffer, which writes line by line.
            Self::Stdout => Ok(File::from(std::io::stdout().as_fd().try_clone_to_owned()?)),
            Self::Part { part, .. } => {
                File::create(part).with_context(|| format!("cannot write {}", part.display()))
            }
        }
    }

    fn complete(&mut self, written: &File) -> anyhow::Result<()> {
        if let Self::Part { part, file, complete } = self {
            written.sync_all().context(WRITING)?;
            std::fs::rename(&*part, &*file)
                .with_context(|| format!("cannot rename {} to its name", part.display()))?;
            *complete = true;
        }
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Self::Part { part, complete: false, .. } = self {
            let _ = std::fs::remove_file(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_day_or_a_time() {
        assert_eq!(moment("2026-01-01"), Ok(1_767_225_600_000_000));
        assert_eq!(moment("2026-01-01T01:00:00.000001+01:00"), Ok(1_767_225_600_000_001));
        assert!(moment("yesterday").is_err());
    }
}
