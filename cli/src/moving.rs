//! `aftercare move-readings`: from the embedded store into InfluxDB, or back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use server::folder::DataFolder;
use server::readings_store::{ReadingsStore, open};
use store::copying::{CopyError, Page, compare, copy};
use store::{Retention, SeriesId, SeriesName, TelemetryStore};

use crate::clock::SystemClock;
use crate::server::business_database;
use crate::server::store::{InfluxArgs, Kind};
use crate::{note, say};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare move-readings --to influx --influx-url http://127.0.0.1:8086
  aftercare move-readings --to embedded --influx-url http://127.0.0.1:8086

The server has to be stopped. Every reading is copied, read back from both stores and compared to the
last bit. Interrupted, the same command goes on where it stopped. Nothing is deleted: the old store
stays as it is until you remove it. Rollups are made anew from the readings; where the readings
themselves are no longer kept, their rollups stay behind.")]
pub struct Args {
    /// Where the readings go; they come from the other one
    #[arg(long, value_enum)]
    to: Kind,
    /// Folder of the server
    #[arg(long, default_value = "aftercare-data")]
    data_dir: PathBuf,
    /// Business database of the server, when it is not in the folder
    #[arg(long, value_name = "URL", env = "AFTERCARE_DATABASE", hide_env_values = true)]
    database: Option<String>,
    #[command(flatten)]
    influx: InfluxArgs,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let database = business_database(args.database.clone(), &args.data_dir)?;
    let _folder = DataFolder::take(&args.data_dir).context("stop the server first")?;
    let mut names: BTreeMap<_, _> = server::series::names(&database).await?.into_iter().collect();
    let from = match args.to {
        Kind::Embedded => Kind::Influx,
        Kind::Influx => Kind::Embedded,
    };
    let source = opened(&args, from, &names).await?;
    let target = opened(&args, args.to, &names).await?;
    let with_readings = source.series().await?;
    names.retain(|id, _| with_readings.contains(id));
    let choice = args.influx.choice(args.to);
    let mut state = State::find(&args.data_dir, &choice);
    if !state.copied.is_empty() && !args.json {
        note("It goes on where it was interrupted.");
    }
    let stores = Stores { source, target };
    let all = stores.go_through(&names, Some(&mut state)).await?;
    let compared = stores.go_through(&names, None).await?;
    state.done();
    tell(&args, &choice, &names, &compared, all);
    Ok(())
}

async fn opened(
    args: &Args,
    kind: Kind,
    names: &BTreeMap<SeriesId, SeriesName>,
) -> anyhow::Result<Arc<dyn TelemetryStore>> {
    let choice = args.influx.choice(kind);
    // What is too old is deleted by the next start of the server, which knows for how long to keep.
    let (retention, clock) = (Retention::default(), Arc::new(SystemClock));
    let store = open(&choice, &args.data_dir, retention, clock).await?;
    for (id, name) in names {
        store.introduce(*id, name.clone());
    }
    Ok(store)
}

struct Stores {
    source: Arc<dyn TelemetryStore>,
    target: Arc<dyn TelemetryStore>,
}

impl Stores {
    /// Copies every series, or compares them when there is no state to keep. Answers the readings
    /// of each that it went through.
    async fn go_through(
        &self,
        names: &BTreeMap<SeriesId, SeriesName>,
        mut copying: Option<&mut State>,
    ) -> anyhow::Result<BTreeMap<SeriesId, u64>> {
        let mut counts = BTreeMap::new();
        let template = match copying {
            Some(_) => "copying {wide_bar} {pos}/{len} series, {msg}",
            None => "comparing {wide_bar} {pos}/{len} series, {msg}",
        };
        let style = ProgressStyle::with_template(template).context("progress bar")?;
        let bar = ProgressBar::new(names.len() as u64).with_style(style);
        let mut total = 0;
        for (id, name) in names {
            let mut next = Some(copying.as_ref().map_or(i64::MIN, |state| state.next_us(*id)));
            while let Some(from_us) = next {
                let page = self.page(*id, from_us, copying.is_some()).await;
                let SeriesName { board, channel, unit } = name;
                let page = page.with_context(|| format!("{board} {channel} {unit}"))?;
                next = page.next_us;
                if let Some(state) = &mut copying {
                    state.keep(*id, page.next_us)?;
                }
                *counts.entry(*id).or_default() += page.readings;
                total += page.readings;
                bar.set_message(format!("{total} readings"));
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(counts)
    }

    async fn page(&self, id: SeriesId, from_us: i64, copying: bool) -> Result<Page, CopyError> {
        if copying {
            copy(&*self.source, &*self.target, id, from_us).await
        } else {
            compare(&*self.source, &*self.target, id, from_us).await
        }
    }
}

/// How far an interrupted move came; a file in the data folder until it is done.
#[derive(Serialize, Deserialize)]
struct State {
    #[serde(skip)]
    file: PathBuf,
    /// To where: a move to somewhere else begins anew.
    to: String,
    /// For each series where to go on, microseconds; `None` when all of it is copied.
    copied: BTreeMap<i64, Option<i64>>,
}

impl State {
    fn find(data: &Path, to: &ReadingsStore) -> Self {
        let file = data.join("moving-readings.json");
        let to = match to {
            ReadingsStore::Embedded => "embedded".to_owned(),
            ReadingsStore::Influx(i) => format!("{} {} {}", i.url, i.org, i.bucket),
        };
        let known: Option<Self> =
            std::fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        match known.filter(|known| known.to == to) {
            Some(known) => Self { file, ..known },
            None => Self { file, to, copied: BTreeMap::new() },
        }
    }

    fn next_us(&self, id: SeriesId) -> i64 {
        match self.copied.get(&id.0) {
            None => i64::MIN,
            Some(Some(next_us)) => *next_us,
            // All of it; what came since is looked for when the stores are compared.
            Some(None) => i64::MAX,
        }
    }

    fn keep(&mut self, id: SeriesId, next_us: Option<i64>) -> anyhow::Result<()> {
        self.copied.insert(id.0, next_us);
        let new = self.file.with_extension("new");
        std::fs::write(&new, serde_json::to_vec(self)?)
            .and_then(|()| std::fs::rename(&new, &self.file))
            .with_context(|| format!("cannot write {}", self.file.display()))
    }

    fn done(self) {
        let _ = std::fs::remove_file(self.file);
    }
}

fn tell(
    args: &Args,
    to: &ReadingsStore,
    names: &BTreeMap<SeriesId, SeriesName>,
    compared: &BTreeMap<SeriesId, u64>,
    copied: BTreeMap<SeriesId, u64>,
) {
    let readings: u64 = compared.values().sum();
    let copied: u64 = copied.values().sum();
    if args.json {
        let series = names.iter().map(|(id, SeriesName { board, channel, unit })| {
            let readings = compared.get(id).copied().unwrap_or_default();
            serde_json::json!({
                "board": board, "channel": channel, "unit": unit, "readings": readings,
            })
        });
        let series: Vec<_> = series.collect();
        let line =
            serde_json::json!({ "readings": readings, "copied_now": copied, "series": series });
        say(&line.to_string());
        return;
    }
    for (id, SeriesName { board, channel, unit }) in names {
        let readings = compared.get(id).copied().unwrap_or_default();
        say(&format!("{readings:>12}  {board} {channel} {unit}"));
    }
    let series = names.len();
    let (options, old) = match to {
        ReadingsStore::Embedded => ("--store embedded".to_owned(), "in InfluxDB".to_owned()),
        ReadingsStore::Influx(i) => {
            let mut options = format!("--store influx --influx-url {}", i.url);
            options += &format!(" --influx-org {} --influx-bucket {}", i.org, i.bucket);
            if let Some(file) = &i.token_file {
                options += &format!(" --influx-token-file {}", file.display());
            }
            (options, format!("in {}", args.data_dir.join("telemetry").display()))
        }
    };
    say(&format!(
        "{readings} readings of {series} series are in the new store; each was read back and is the \
         same.\nStart the server with {options} from now on. The old readings are still {old}."
    ));
}
