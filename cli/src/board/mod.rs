//! `aftercare board`: the configuration of sensor boards, and their credentials.

mod file;
mod new;
mod template;

use std::path::PathBuf;

use anyhow::Context as _;

use crate::say;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare board template > press-3.toml
  aftercare board new press-3 --config press-3.toml
  aftercare board new press-3 --broker 192.168.1.10:1883 --channel bearing:Cel:tmp105
  aftercare board show press-3.cfg

`new` issues the board's password and its key for commands at the server, which ends older ones, and
writes both into the board's configuration together with what the board measures. How that file gets
onto a board is on the page of the board under firmware/boards/. The names of a board's inputs, such
as tmp105, are there as well.")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Issue a board's credentials and write its configuration
    New(new::Args),
    /// Print a commented template of what a board measures
    Template,
    /// Say what is in a board's configuration, without its secrets
    Show {
        /// File that `aftercare board new` wrote
        file: PathBuf,
    },
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    match args.command {
        Command::New(args) => new::run(args).await,
        Command::Template => {
            say(template::TEMPLATE.trim_end());
            Ok(())
        }
        Command::Show { file } => {
            let bytes =
                std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let config = board::config::Config::decode(&bytes)
                .with_context(|| format!("in {}", file.display()))?;
            say(&file::of(&config)?);
            Ok(())
        }
    }
}
