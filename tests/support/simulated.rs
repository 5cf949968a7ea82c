//! A simulated machine whose past is brought in stretch by stretch: healthy, faulty, standing still,
//! mended.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};
use simulation::{Fault, Kind, Machine};
use telemetry::quantity::conversion;

use crate::Aftercare;

/// Seconds between two readings of a channel.
const EVERY_S: u32 = 2;

/// RFC 3339 of a second since the Unix epoch.
///
/// # Panics
/// When it is no moment of this calendar.
#[must_use]
pub fn at(second: i64) -> String {
    Timestamp::from_second(second).expect("a moment").to_string()
}

/// A machine and its board. Its readings are imported, as a gateway would deliver them.
pub struct Simulated {
    kind: Kind,
    machine: Machine,
    board: String,
    folder: PathBuf,
    /// Second since the Unix epoch up to which it has reported.
    pub now_s: i64,
}

impl Simulated {
    /// A healthy machine whose readings begin so many seconds ago.
    ///
    /// # Panics
    /// Never in this century.
    #[must_use]
    pub fn healthy(kind: Kind, board: &str, folder: &Path, seconds_ago: i64) -> Self {
        Self {
            kind,
            machine: Machine::new(kind, 7),
            board: board.to_owned(),
            folder: folder.to_owned(),
            now_s: Timestamp::now().as_second() - seconds_ago,
        }
    }

    /// Makes it known: the asset's id.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn adopt(&self, up: &Aftercare, model: &str) -> anyhow::Result<String> {
        let channel = |c: &simulation::Channel| {
            let unit = conversion(c.unit).map_or(c.unit, |k| k.unit);
            json!({"channel": c.name, "unit": unit, "name": c.label, "quantity": c.quantity,
                   "position": c.position})
        };
        let channels: Vec<Value> = self.machine.channels().iter().map(channel).collect();
        let asset = json!({"name": self.board, "kind": self.kind.as_str(), "model": model,
                           "learning_seconds": 1800});
        let path = format!("/api/v1/boards/{}/adoption", self.board);
        let body = json!({"asset": asset, "channels": channels});
        let (status, adopted) = up.send("PUT", &path, &body).await?;
        anyhow::ensure!(status == 200, "not adopted: {adopted}");
        Ok(adopted["asset_id"].as_str().unwrap_or_default().to_owned())
    }

    /// From now on it has the fault of its kind.
    pub fn breaks(&mut self) {
        let fault = Fault { starts_s: 0.0, ramp_s: 1.0 };
        self.machine = self.machine.clone().with_fault(fault);
    }

    /// It is as good as new.
    pub fn is_mended(&mut self) {
        self.machine = Machine::new(self.kind, 11);
    }

    /// It runs for some seconds, and its readings are in the server.
    ///
    /// # Errors
    /// When they cannot be imported.
    pub async fn runs(&mut self, up: &Aftercare, seconds: u32) -> anyhow::Result<()> {
        self.report(up, seconds, true).await
    }

    /// It stands still for some seconds: every reading is zero.
    ///
    /// # Errors
    /// When they cannot be imported.
    pub async fn stands_still(&mut self, up: &Aftercare, seconds: u32) -> anyhow::Result<()> {
        self.report(up, seconds, false).await
    }

    async fn report(&mut self, up: &Aftercare, seconds: u32, runs: bool) -> anyhow::Result<()> {
        let mut csv = String::from("board,channel,unit,time,value\n");
        let channels = self.machine.channels();
        for _ in 0..seconds / EVERY_S {
            let time = at(self.now_s);
            let values = self.machine.step(f64::from(EVERY_S));
            for (c, value) in channels.iter().zip(values) {
                let value = if runs { *value } else { 0.0 };
                writeln!(csv, "{},{},{},{time},{value}", self.board, c.name, c.unit)?;
            }
            self.now_s += i64::from(EVERY_S);
        }
        let file = self.folder.join(format!("{}-{}.csv", self.board, self.now_s));
        std::fs::write(&file, csv)?;
        let outcome = up.import(&file).await?;
        anyhow::ensure!(outcome["refused"] == 0, "{outcome}");
        Ok(())
    }
}
