//! CPU time of taking 300,000 readings from mosquitto, at 1, 10 and 100 readings a message:
//! `aftercare up --broker` (gateway, server, embedded store, detection), a bare subscriber that only
//! acknowledges, and Telegraf writing to InfluxDB.
//!
//! `make bench`, or `cargo bench -p system-tests --bench intake -- --rounds 1`. With `--alone N` only
//! Aftercare, at N readings a message: something to look at with a profiler.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

mod load;
mod subjects;

use load::{Load, READINGS};
use subjects::{Cost, Subject};

const SIZES: [usize; 3] = [1, 10, 100];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(url) = value_after(&arguments, "--bare") {
        return subjects::bare::subscribe(url);
    }
    let runtime = tokio::runtime::Runtime::new()?;
    if let Some(size) = value_after(&arguments, "--alone") {
        let load = Load { readings_a_message: size.parse()? };
        let cost = runtime.block_on(Subject::Aftercare.measure(load))?;
        println!("{:.2} CPU seconds", cost.taker);
        return Ok(());
    }
    let rounds = value_after(&arguments, "--rounds").map_or(Ok(3), str::parse)?;
    runtime.block_on(measure(rounds))
}

fn value_after<'a>(arguments: &'a [String], name: &str) -> Option<&'a str> {
    let at = arguments.iter().position(|a| a == name)?;
    arguments.get(at + 1).map(String::as_str)
}

async fn measure(rounds: usize) -> anyhow::Result<()> {
    println!("CPU seconds for {READINGS} readings, medians of {rounds} rounds (least, most)");
    println!(
        "| readings a message | bare subscriber | Aftercare | Telegraf | InfluxDB behind it | \
              Aftercare / bare | Telegraf + InfluxDB / Aftercare |"
    );
    println!("|---|---|---|---|---|---|---|");
    for size in SIZES {
        let load = Load { readings_a_message: size };
        let mut costs: [Vec<Cost>; 3] = Default::default();
        for _ in 0..rounds {
            for (subject, costs) in Subject::ALL.into_iter().zip(&mut costs) {
                costs.push(subject.measure(load).await?);
            }
        }
        let [bare, ours, telegraf] = costs;
        let of = |costs: &[Cost], part: fn(&Cost) -> f64| Spread::of(costs.iter().map(part));
        let (bare, ours) = (of(&bare, |c| c.taker), of(&ours, |c| c.taker));
        let (taker, behind) = (of(&telegraf, |c| c.taker), of(&telegraf, |c| c.behind));
        println!(
            "| {size} | {bare} | {ours} | {taker} | {behind} | {:.2} | {:.1} |",
            ours.median / bare.median,
            (taker.median + behind.median) / ours.median
        );
    }
    Ok(())
}

/// Median, least and most.
struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let median = values[values.len() / 2];
        Self { median, least: values[0], most: values[values.len() - 1] }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} ({:.2}–{:.2})", self.median, self.least, self.most)
    }
}
