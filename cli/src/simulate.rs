//! `aftercare simulate` and `up --demo`: a simulated workshop that publishes as boards would.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use server::boards::{AdoptedAsset, AdoptedChannel, Adoption};
use simulation::{Member, demo_workshop};
use telemetry::name::BoardId;
use telemetry::quantity::conversion;
use telemetry::senml::Measurement;
use tokio::sync::watch;

use crate::publisher::Publisher;
use crate::{registration, say, shutdown};

/// Normal work that is produced first, so that the machines are learnt at once: seconds.
const HISTORY_S: u32 = 30 * 60;
/// Learning window of the simulated machines, seconds.
const LEARNING_S: f64 = 25.0 * 60.0;
/// The fault begins this long after the live start, seconds.
const FAULT_AFTER_S: f64 = 40.0;
/// Seconds of history in one message.
const HISTORY_A_MESSAGE: u32 = 50;

#[derive(clap::Args)]
#[command(after_help = "Example:
  aftercare simulate --mqtt mqtt://127.0.0.1:1883 --server http://127.0.0.1:8080

Half an hour of normal work is sent first, then one reading a second and channel. After 40 seconds
the pump goes wrong. Ctrl-C ends it.")]
pub struct Args {
    /// The server that knows the machines
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// The broker that boards publish to
    #[arg(long, default_value = "mqtt://127.0.0.1:1883")]
    mqtt: String,
    /// Other numbers give other, equally normal machines
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Where simulated boards report.
pub struct Target {
    pub server: String,
    pub mqtt: String,
    pub token: String,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    let stop = shutdown::signal_received()?;
    let target = Target { server: args.server, mqtt: args.mqtt, token: registration::token()? };
    say("Simulating a workshop of three machines; the pump goes wrong after 40 seconds.");
    workshop(&target, args.seed, stop).await
}

/// The demo inside `up`: a failure is logged, the server stays up.
pub async fn run_demo(target: Target, stop: watch::Receiver<bool>) {
    if let Err(error) = workshop(&target, 1, stop).await {
        tracing::error!("The demo ended: {error:#}");
    }
}

async fn workshop(
    target: &Target,
    seed: u64,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64().floor();
    let members = demo_workshop(seed, f64::from(HISTORY_S) + FAULT_AFTER_S);
    let mut boards = Vec::new();
    for member in members {
        let board = BoardId::parse(member.board)?;
        registration::adopt(&target.server, &target.token, &board, &adoption(&member)).await?;
        let link = Publisher::connect(&target.mqtt, &board)?;
        boards.push(Simulated { member, link, time_s: now_s - f64::from(HISTORY_S) });
    }
    for simulated in &mut boards {
        for _ in 0..HISTORY_S / HISTORY_A_MESSAGE {
            simulated.report(HISTORY_A_MESSAGE).await?;
        }
    }
    tracing::info!("The simulated workshop has its history and reports live");
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    while !*stop.borrow() {
        for simulated in &mut boards {
            simulated.report(1).await?;
        }
        tokio::select! {
            _ = stop.changed() => {}
            _ = seconds.tick() => {}
        }
    }
    Ok(())
}

struct Simulated {
    member: Member,
    link: Publisher,
    time_s: f64,
}

impl Simulated {
    /// Lets the machine run for some seconds and publishes them as one pack.
    async fn report(&mut self, seconds: u32) -> anyhow::Result<()> {
        let channels = self.member.machine.channels();
        let mut pack = Vec::new();
        for _ in 0..seconds {
            let values = self.member.machine.step(1.0);
            let time_s = self.time_s;
            pack.extend(channels.iter().zip(values).map(|(c, value)| Measurement {
                name: c.name,
                unit: c.unit,
                value: *value,
                time_s,
            }));
            self.time_s += 1.0;
        }
        self.link.publish(&pack).await
    }
}

fn adoption(member: &Member) -> Adoption {
    let channel = |c: &simulation::Channel| AdoptedChannel {
        channel: c.name.to_owned(),
        unit: conversion(c.unit).map_or(c.unit, |k| k.unit).to_owned(),
        name: c.label.to_owned(),
        quantity: c.quantity.to_owned(),
        position: c.position.to_owned(),
    };
    Adoption {
        asset: AdoptedAsset {
            name: member.name.to_owned(),
            kind: member.kind.as_str().to_owned(),
            model: Some(member.model.to_owned()),
            serial: Some(member.serial.to_owned()),
            learning_seconds: Some(LEARNING_S),
        },
        channels: member.machine.channels().iter().map(channel).collect(),
    }
}
