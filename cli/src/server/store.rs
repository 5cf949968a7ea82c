//! Options that say where readings are kept, and for how long.

use std::path::PathBuf;

use server::readings_store::{InfluxChoice, ReadingsStore};

/// Options of the telemetry store.
#[derive(clap::Args, Clone)]
#[command(next_help_heading = "Where readings are kept")]
pub struct StoreArgs {
    /// In the data folder, or in InfluxDB 2
    #[arg(long, value_enum, default_value = "embedded")]
    store: Kind,
    #[command(flatten)]
    influx: InfluxArgs,
    /// Keep readings for so many days; without it for ever
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    keep_readings: Option<u32>,
    /// Keep rollups of a minute for so many days; without it for ever
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    keep_minutes: Option<u32>,
    /// Keep rollups of an hour for so many days; without it for ever
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    keep_hours: Option<u32>,
}

/// Options that name an InfluxDB.
#[derive(clap::Args, Clone)]
pub struct InfluxArgs {
    /// Address of InfluxDB
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8086")]
    influx_url: String,
    /// Organisation in InfluxDB
    #[arg(long, value_name = "NAME", default_value = "aftercare")]
    influx_org: String,
    /// Bucket of the readings; rollups go into NAME_1m and NAME_1h
    #[arg(long, value_name = "NAME", default_value = "aftercare")]
    influx_bucket: String,
    /// File with a token for InfluxDB. Without it an InfluxDB that nobody has set up yet is set up,
    /// and its token is kept in the data folder
    #[arg(long, value_name = "FILE")]
    influx_token_file: Option<PathBuf>,
}

/// The two kinds of store.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    Embedded,
    Influx,
}

impl InfluxArgs {
    /// The store of a kind.
    pub fn choice(&self, kind: Kind) -> ReadingsStore {
        match kind {
            Kind::Embedded => ReadingsStore::Embedded,
            Kind::Influx => ReadingsStore::Influx(InfluxChoice {
                url: self.influx_url.clone(),
                org: self.influx_org.clone(),
                bucket: self.influx_bucket.clone(),
                token_file: self.influx_token_file.clone(),
            }),
        }
    }
}

impl StoreArgs {
    pub fn choice(&self) -> ReadingsStore {
        self.influx.choice(self.store)
    }

    pub fn retention(&self) -> store::Retention {
        let us = |days: Option<u32>| days.map(|days| i64::from(days) * 86_400_000_000);
        store::Retention {
            raw_us: us(self.keep_readings),
            minute_us: us(self.keep_minutes),
            hour_us: us(self.keep_hours),
        }
    }
}
