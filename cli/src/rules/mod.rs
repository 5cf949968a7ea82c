//! `aftercare rules`: a commented template of rules, and how a file of rules is read.

mod template;

use std::path::Path;

use anyhow::Context as _;
use detection::{Preset, Rules};

use crate::say;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare rules template                       what holds for any machine
  aftercare rules template --kind pump           what holds for pumps
  aftercare rules template --kind pump --json    the same as the API takes it
  aftercare replay run.csv --rules rules.toml    which tickets it would have opened")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Print a commented template of rules, made from the defaults and the preset of a kind
    Template {
        /// Kind of machine; the general preset when it has none
        #[arg(long, default_value = "general")]
        kind: String,
        /// Print JSON, which has no comments
        #[arg(long)]
        json: bool,
    },
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let Command::Template { kind, json } = &args.command;
    let preset = Preset::of_kind(kind);
    if *json {
        say(&serde_json::to_string_pretty(&preset.rules)?);
    } else {
        say(&template::of(&preset)?);
    }
    Ok(())
}

/// Reads and checks a file of rules: TOML, or JSON where its name ends so.
pub fn read(path: &Path) -> anyhow::Result<Rules> {
    let file = || format!("in {}", path.display());
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("cannot read {}; `aftercare rules template` prints one", path.display())
    })?;
    let rules: Rules = if path.extension().is_some_and(|extension| extension == "json") {
        serde_json::from_str(&text).with_context(file)?
    } else {
        toml::from_str(&text).with_context(file)?
    };
    rules.check().with_context(file)?;
    Ok(rules)
}
