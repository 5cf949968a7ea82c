//! Which column of a CSV is which channel.

use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    #[serde(default = "comma")]
    pub delimiter: char,
    pub time: String,
    pub time_format: String,
    pub channel: Vec<Channel>,
}

fn comma() -> char {
    ','
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    pub column: String,
    pub channel: String,
    pub unit: String,
    pub name: String,
    #[serde(default)]
    pub position: String,
}

/// Columns of the SKAB test rig (water circulation): column, channel, unit, name, position.
const SKAB: [[&str; 5]; 8] = [
    ["Accelerometer1RMS", "vibration-1", "[g]", "Vibration, motor end", "motor end"],
    ["Accelerometer2RMS", "vibration-2", "[g]", "Vibration, pump end", "pump end"],
    ["Current", "current", "A", "Motor current", "motor"],
    ["Pressure", "pressure", "bar", "Loop pressure", "after the pump"],
    ["Temperature", "temperature", "Cel", "Motor temperature", "motor"],
    ["Thermocouple", "thermocouple", "Cel", "Fluid temperature", "loop"],
    ["Voltage", "voltage", "V", "Motor voltage", "motor"],
    ["Volume Flow RateRMS", "flow", "l/min", "Volume flow", "loop"],
];

/// Columns of the NAB machine temperature file.
const NAB: [[&str; 5]; 1] =
    [["value", "temperature", "[degF]", "Machine temperature", "component"]];

impl Map {
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the mapping file {}", path.display()))?;
        let map: Self = toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
        for c in &map.channel {
            telemetry::name::ChannelName::check(&c.channel)
                .with_context(|| format!("in {}: channel {:?}", path.display(), c.channel))?;
        }
        Ok(map)
    }

    /// The map of a collection that is recognised by its first line.
    pub fn recognise(header: &str) -> Option<Self> {
        let built_in = |delimiter, time: &str, columns: &[[&str; 5]]| Self {
            delimiter,
            time: time.to_owned(),
            time_format: "%Y-%m-%d %H:%M:%S".to_owned(),
            channel: columns
                .iter()
                .map(|[column, channel, unit, name, position]| Channel {
                    column: (*column).to_owned(),
                    channel: (*channel).to_owned(),
                    unit: (*unit).to_owned(),
                    name: (*name).to_owned(),
                    position: (*position).to_owned(),
                })
                .collect(),
        };
        if header.starts_with("datetime;") && header.contains("Volume Flow RateRMS") {
            Some(built_in(';', "datetime", &SKAB))
        } else if header.trim() == "timestamp,value" {
            Some(built_in(',', "timestamp", &NAB))
        } else {
            None
        }
    }
}
