//! `aftercare`: one binary. Subcommands only wire the other crates together.

mod api;
mod backup;
mod board;
mod clock;
mod evaluate;
mod export;
mod formats;
mod gateway;
mod import;
mod moving;
mod publisher;
mod registration;
mod replay;
mod rules;
mod server;
mod shutdown;
mod simulate;
mod token;
mod up;
mod verify;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Field service with the machine's own evidence.
#[derive(Parser)]
#[command(version, about, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// A quarter less processor time for many small messages than with the system's (docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EXAMPLES: &str = "Examples:
  aftercare up --demo                         everything in one process, with a simulated workshop
  aftercare up --broker mqtt://127.0.0.1:1883 readings come from a broker that is there already
  aftercare server --store influx             the server alone, readings in InfluxDB
  aftercare replay run.csv --asset 'Pump 7'   send a recording as a board would
  aftercare rules template --kind pump        rules for a kind of machine, to be changed
  aftercare evaluate skab data/skab           how well faults are found where they are known
  aftercare token --name 'my laptop'          a token for the API
  aftercare export --output all.parquet       readings into a file
  aftercare import all.parquet                readings out of a file
  aftercare move-readings --to influx         from the embedded store into InfluxDB
  aftercare verify report.html                is a report as it was signed? needs no server
  aftercare board new press-3 --config ...    a sensor board's credentials and configuration
  aftercare gateway --config gateway.toml     a gateway on a site, the server elsewhere
  aftercare config > gateway.toml             a commented template of that file

Exit codes: 0 done, 1 failure, 2 wrong usage. Logs go to standard error; RUST_LOG=debug says more.";

#[derive(Subcommand)]
enum Command {
    /// Everything in one process: MQTT listener, gateway, server, stores
    Up(up::Args),
    /// The HTTP interface and the stores; gateways run elsewhere
    Server(server::Args),
    /// A gateway by itself: takes readings from a broker and forwards them to a server
    Gateway(gateway::Args),
    /// Send a recorded CSV file through MQTT as a board would, or try rules on it
    Replay(replay::Args),
    /// The rules that machines are watched by
    Rules(rules::Args),
    /// Score detection on recordings whose faults are known
    Evaluate(evaluate::Args),
    /// Send the readings of a simulated workshop to any broker
    Simulate(simulate::Args),
    /// Write readings into a file: CSV, Parquet or InfluxDB line protocol
    Export(export::Args),
    /// Send the readings of a file: CSV, Parquet or InfluxDB line protocol
    Import(import::Args),
    /// Move all readings from the embedded store into InfluxDB or back, while the server is stopped
    MoveReadings(moving::Args),
    /// Issue an API token, on the machine of the server
    Token(token::Args),
    /// Copy everything that a running server keeps
    Backup(backup::Args),
    /// Check an evidence report: offline, byte by byte
    Verify(verify::Args),
    /// Configurations and credentials of sensor boards
    Board(board::Args),
    /// Print a commented gateway configuration made from the defaults
    Config,
}

fn main() -> std::process::ExitCode {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,mqtt5=warn,sqlx=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(Cli::parse().command) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            say_error(&error);
            std::process::ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Up(args) => up::run(args).await,
        Command::Server(args) => server::run(args).await,
        Command::Gateway(args) => gateway::run(args).await,
        Command::Replay(args) => replay::run(args).await,
        Command::Rules(args) => rules::run(&args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Simulate(args) => simulate::run(args).await,
        Command::Export(args) => export::run(args).await,
        Command::Import(args) => import::run(args).await,
        Command::MoveReadings(args) => moving::run(args).await,
        Command::Token(args) => token::run(args).await,
        Command::Backup(args) => backup::run(args).await,
        Command::Verify(args) => verify::run(&args),
        Command::Board(args) => board::run(args).await,
        Command::Config => {
            say(&gateway::config::template());
            Ok(())
        }
    }
}

/// The one place that writes to standard output.
#[expect(clippy::print_stdout, reason = "what a command answers goes to standard output")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "what a person should know beside the answer")]
fn note(text: &str) {
    eprintln!("{text}");
}

#[expect(clippy::print_stderr, reason = "the last word of a failed command is for a person")]
fn say_error(error: &anyhow::Error) {
    eprintln!("aftercare: {error:#}");
}
