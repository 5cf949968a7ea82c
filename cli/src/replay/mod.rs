//! `aftercare replay`: a recorded CSV file through MQTT, as a board would send it; or through other
//! rules, to see what they would have done.

mod map;
mod recording;
mod trial;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use server::boards::{AdoptedAsset, AdoptedChannel, Adoption};
use telemetry::name::BoardId;
use telemetry::senml::Measurement;

pub use self::map::{Channel, Map};
pub use self::recording::Recording;
use self::recording::Row;
use crate::publisher::Publisher;
use crate::{registration, rules, say};

/// Rows in one message when nobody waits for them.
const ROWS_A_MESSAGE: usize = 50;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare replay valve1/1.csv --asset 'Test rig' --as-fast-as-possible
  aftercare replay run.csv --asset 'Pump 7' --map run.toml --speed 10
  aftercare replay anomaly-free.csv --asset 'Rig' --learn 3600 --as-fast-as-possible
  aftercare replay valve1/1.csv --rules rules.toml     which tickets these rules would have opened

With --rules nothing is sent and no server is needed; `aftercare rules template` prints a file of rules.

Runs of the SKAB and NAB collections are recognised. For any other CSV write a mapping file:

  delimiter = \",\"
  time = \"when\"                          # column of the time
  time_format = \"%Y-%m-%d %H:%M:%S\"      # strftime, UTC; or \"rfc3339\", or \"unix\" (seconds)
  [[channel]]
  column = \"T1\"
  channel = \"temperature\"                # letters, digits and -_.:/
  unit = \"Cel\"                           # SenML or UCUM
  name = \"Bearing temperature\"           # of the measurement point
  position = \"bearing\"

Readings keep their measured times. Sending them again does no harm.")]
pub struct Args {
    /// The recording
    file: PathBuf,
    /// Name of the machine; registered when missing
    #[arg(long, required_unless_present = "rules")]
    asset: Option<String>,
    /// Send nothing: say which tickets the rules of this file (TOML or JSON) would have opened
    #[arg(long, value_name = "FILE", conflicts_with_all = ["asset", "board", "speed", "learn"])]
    rules: Option<PathBuf>,
    /// Kind of machine, when it is registered
    #[arg(long, default_value = "machine")]
    kind: String,
    /// Board id; made from the machine's name when not given
    #[arg(long)]
    board: Option<BoardId>,
    /// How many times faster than recorded
    #[arg(long, default_value_t = 1.0, conflicts_with = "as_fast_as_possible")]
    speed: f64,
    /// Do not wait between rows
    #[arg(long)]
    as_fast_as_possible: bool,
    /// Mapping file for a CSV that is not recognised
    #[arg(long)]
    map: Option<PathBuf>,
    /// Learning window of the machine in seconds of measured time, when it is registered
    #[arg(long, value_name = "SECONDS")]
    learn: Option<f64>,
    /// The server that knows the machines
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// The broker that boards publish to
    #[arg(long, default_value = "mqtt://127.0.0.1:1883")]
    mqtt: String,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let map = args.map.as_deref().map(Map::read).transpose()?;
    if let Some(file) = &args.rules {
        let report = trial::run(&args.file, map, &rules::read(file)?)?;
        say(&if args.json { report.json()? } else { report.table() });
        return Ok(());
    }
    anyhow::ensure!(args.speed > 0.0 && args.speed.is_finite(), "--speed has to be above 0");
    let asset = args.asset.as_deref().context("--asset is missing")?;
    let recording = Recording::open(&args.file, map)?;
    let board = match &args.board {
        Some(board) => board.clone(),
        None => registration::board_id(asset)?,
    };
    let token = registration::token()?;
    let adoption = adoption(&args, asset, &recording.map);
    registration::adopt(&args.server, &token, &board, &adoption).await?;
    let mut link = Publisher::connect(&args.mqtt, &board)?;
    let rows = send(&args, &recording, &mut link).await?;
    let messages = link.finish().await?;
    if args.json {
        let line =
            serde_json::json!({"rows": rows, "messages": messages, "skipped": recording.skipped});
        say(&line.to_string());
    } else {
        say(&format!(
            "{rows} rows in {messages} messages were sent and acknowledged; {} values were empty \
             or no numbers.",
            recording.skipped
        ));
    }
    Ok(())
}

fn adoption(args: &Args, asset: &str, map: &Map) -> Adoption {
    let channel = |c: &map::Channel| {
        let known = telemetry::quantity::conversion(&c.unit);
        let quantity = known.map_or(telemetry::quantity::Quantity::Other, |k| k.quantity);
        AdoptedChannel {
            channel: c.channel.clone(),
            unit: known.map_or_else(|| c.unit.clone(), |k| k.unit.to_owned()),
            name: c.name.clone(),
            quantity: serde_json::to_value(quantity)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default(),
            position: c.position.clone(),
        }
    };
    Adoption {
        asset: AdoptedAsset {
            name: asset.to_owned(),
            kind: args.kind.clone(),
            model: None,
            serial: None,
            learning_seconds: args.learn,
        },
        channels: map.channel.iter().map(channel).collect(),
    }
}

async fn send(args: &Args, recording: &Recording, link: &mut Publisher) -> anyhow::Result<u64> {
    let bar = ProgressBar::new(recording.rows.len() as u64).with_style(
        ProgressStyle::with_template("{wide_bar} {pos}/{len} rows, {eta} left")
            .context("progress bar")?,
    );
    let rows_a_message = if args.as_fast_as_possible { ROWS_A_MESSAGE } else { 1 };
    let mut before: Option<f64> = None;
    for rows in recording.rows.chunks(rows_a_message) {
        if !args.as_fast_as_possible {
            let wait = before.map_or(0.0, |b| (rows[0].time_s - b).clamp(0.0, 3600.0));
            tokio::time::sleep(Duration::from_secs_f64(wait / args.speed)).await;
            before = Some(rows[0].time_s);
        }
        let measurements: Vec<_> =
            rows.iter().flat_map(|row| measurements(row, &recording.map)).collect();
        if !measurements.is_empty() {
            link.publish(&measurements).await?;
        }
        bar.inc(rows.len() as u64);
    }
    bar.finish_and_clear();
    Ok(recording.rows.len() as u64)
}

fn measurements<'a>(row: &'a Row, map: &'a Map) -> impl Iterator<Item = Measurement<'a>> {
    map.channel.iter().zip(&row.values).filter_map(|(c, value)| {
        let time_s = row.time_s;
        value.map(|value| Measurement { name: &c.channel, unit: &c.unit, value, time_s })
    })
}
