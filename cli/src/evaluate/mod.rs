//! `aftercare evaluate`: how well detection does on recordings whose faults are known.

mod nab;
mod recordings;
mod scores;
mod skab;

use std::path::PathBuf;

use detection::Settings;

pub use self::scores::instant;
pub use self::skab::Labelled;
use crate::say;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare evaluate skab ../shared/data/skab
  aftercare evaluate skab ../shared/data/skab --set limit=6 --json
  aftercare evaluate nab machine_temperature_system_failure.csv --labels labels.json

All files are judged with the same settings; those in use are part of --json. What they were chosen
on and what was tried is in docs/detection.md.")]
pub struct Args {
    #[command(subcommand)]
    collection: Collection,
}

#[derive(clap::Subcommand)]
enum Collection {
    /// The runs of the SKAB water circulation rig, each learnt from its first 400 rows
    Skab {
        /// The folder that holds valve1, valve2, other, anomaly-free
        folder: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// A file of the Numenta Anomaly Benchmark
    Nab {
        /// The CSV file: timestamp, value
        file: PathBuf,
        /// JSON with the labelled windows, of this file alone or of the whole collection
        #[arg(long)]
        labels: PathBuf,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Common {
    /// Another value for one of the detector's settings; can be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let text = match args.collection {
        Collection::Skab { folder, common } => {
            let report = skab::evaluate(&folder, &changed(Settings::default(), &common.set)?)?;
            if common.json { serde_json::to_string(&report)? } else { report.table() }
        }
        Collection::Nab { file, labels, common } => {
            let report = nab::evaluate(&file, &labels, &changed(Settings::slow(), &common.set)?)?;
            if common.json { serde_json::to_string(&report)? } else { report.table() }
        }
    };
    say(&text);
    Ok(())
}

/// The settings with some of them changed.
fn changed(settings: Settings, set: &[String]) -> anyhow::Result<Settings> {
    let mut all = serde_json::to_value(settings)?;
    for pair in set {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| anyhow::anyhow!("--set {pair}: write NAME=VALUE"))?;
        let number: f64 =
            value.parse().map_err(|_| anyhow::anyhow!("--set {pair}: {value:?} is no number"))?;
        let names: Vec<&str> =
            all.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        anyhow::ensure!(
            names.contains(&name),
            "--set {pair}: no setting has that name; there are {}",
            names.join(", ")
        );
        // Counts stay whole numbers.
        let whole = all[name].is_u64();
        all[name] = if whole { (number as u64).into() } else { number.into() };
    }
    Ok(serde_json::from_value(all)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_changed_by_its_name_and_an_unknown_one_names_the_known() {
        let set = |pair: &str| changed(Settings::default(), &[pair.to_owned()]);
        assert_eq!(set("limit=6").unwrap().limit, 6.0);
        assert_eq!(set("on_samples=4").unwrap().on_samples, 4);
        assert!(set("limits=6").unwrap_err().to_string().contains("smoothing_s"));
        assert!(set("limit=high").is_err());
        assert!(set("limit").is_err());
    }
}
