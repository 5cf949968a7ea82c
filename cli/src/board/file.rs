//! The file of a board as a person writes it (TOML), and as the board reads it.

use std::path::Path;

use anyhow::Context as _;
use board::config::{Broker, Channel, Config, Health, Range, Reporting, Sampling, Text};
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default = "keep_within_ms")]
    pub keep_within_ms: u32,
    pub broker: Address,
    pub channels: Vec<Measured>,
}

fn keep_within_ms() -> u32 {
    board::limits::KEEP_WITHIN_MS
}

/// Where the board reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub host: String,
    #[serde(default = "mqtt")]
    pub port: u16,
}

fn mqtt() -> u16 {
    1883
}

/// A channel.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    pub name: String,
    pub unit: String,
    pub source: String,
    #[serde(default = "interval_ms")]
    pub interval_ms: u32,
    #[serde(default = "oversampling")]
    pub oversampling: u8,
    #[serde(default = "smoothing")]
    pub smoothing: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadband: Option<f32>,
    #[serde(default = "heartbeat_ms")]
    pub heartbeat_ms: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specified: Option<[f32; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub possible: Option<[f32; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_per_s: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stuck_after_ms: Option<u32>,
}

fn interval_ms() -> u32 {
    Sampling::default().interval_ms
}

fn oversampling() -> u8 {
    Sampling::default().oversampling
}

fn smoothing() -> f32 {
    Sampling::default().smoothing
}

fn heartbeat_ms() -> u32 {
    Reporting::default().heartbeat_ms
}

/// Reads a file.
pub fn read(path: &Path) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("cannot read {}; `aftercare board template` prints one", path.display())
    })?;
    toml::from_str(&text).with_context(|| format!("in {}", path.display()))
}

impl Measured {
    /// `NAME:UNIT:SOURCE`, the rest as by default.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let mut parts = text.splitn(3, ':');
        let (name, unit, source) = (parts.next(), parts.next(), parts.next());
        let (Some(name), Some(unit), Some(source)) = (name, unit, source) else {
            anyhow::bail!(
                "--channel {text}: has to be NAME:UNIT:SOURCE, such as bearing:Cel:tmp105"
            );
        };
        Ok(Self {
            name: name.to_owned(),
            unit: unit.to_owned(),
            source: source.to_owned(),
            interval_ms: interval_ms(),
            oversampling: oversampling(),
            smoothing: smoothing(),
            deadband: None,
            heartbeat_ms: heartbeat_ms(),
            specified: None,
            possible: None,
            rate_per_s: None,
            stuck_after_ms: None,
        })
    }

    fn channel(&self) -> anyhow::Result<Channel> {
        let range =
            |limits: Option<[f32; 2]>| limits.map_or(Range::ALL, |[low, high]| Range { low, high });
        let health = Health::default();
        Ok(Channel {
            sampling: Sampling {
                interval_ms: self.interval_ms,
                oversampling: self.oversampling,
                smoothing: self.smoothing,
            },
            health: Health {
                specified: range(self.specified),
                possible: range(self.possible),
                rate_per_s: self.rate_per_s.unwrap_or(health.rate_per_s),
                stuck_after_ms: self.stuck_after_ms.unwrap_or(health.stuck_after_ms),
            },
            reporting: Reporting {
                deadband: self.deadband.unwrap_or(Reporting::default().deadband),
                heartbeat_ms: self.heartbeat_ms,
            },
            ..Channel::new(
                fit("name", &self.name)?,
                fit("unit", &self.unit)?,
                fit("source", &self.source)?,
            )
        })
    }

    fn of(channel: &Channel) -> Self {
        let limits = |range: Range| (range != Range::ALL).then_some([range.low, range.high]);
        let Channel { name, unit, source, sampling, calibration: _, health, reporting } = channel;
        let default = Health::default();
        Self {
            name: name.to_string(),
            unit: unit.to_string(),
            source: source.to_string(),
            interval_ms: sampling.interval_ms,
            oversampling: sampling.oversampling,
            smoothing: sampling.smoothing,
            deadband: (reporting.deadband >= 0.0).then_some(reporting.deadband),
            heartbeat_ms: reporting.heartbeat_ms,
            specified: limits(health.specified),
            possible: limits(health.possible),
            rate_per_s: (health.rate_per_s != default.rate_per_s).then_some(health.rate_per_s),
            stuck_after_ms: (health.stuck_after_ms != default.stuck_after_ms)
                .then_some(health.stuck_after_ms),
        }
    }
}

/// What the server knows the board by.
#[derive(Debug, Deserialize)]
pub struct Credential {
    pub username: String,
    pub password: String,
    pub command_key: String,
}

impl File {
    /// The board's own form.
    pub fn config(&self, id: &str, credential: &Credential) -> anyhow::Result<Config> {
        let broker = Broker {
            host: fit("broker.host", &self.broker.host)?,
            port: self.broker.port,
            username: fit("the user name", &credential.username)?,
            password: fit("the password", &credential.password)?,
        };
        let key = hex::decode(&credential.command_key).ok().and_then(|k| k.try_into().ok());
        let key = key.context("the server's key for commands does not read")?;
        let mut config = Config::new(fit("the board's name", id)?, broker, key);
        config.keep_within_ms = self.keep_within_ms;
        for measured in &self.channels {
            let channel =
                measured.channel().with_context(|| format!("channel {:?}", measured.name))?;
            config.channels.push(channel).map_err(|_| {
                anyhow::anyhow!("a board has at most {} channels", board::limits::MAX_CHANNELS)
            })?;
        }
        config.check()?;
        Ok(config)
    }
}

fn fit<const N: usize>(what: &str, text: &str) -> anyhow::Result<Text<N>> {
    Text::try_from(text).map_err(|_| anyhow::anyhow!("{what} may have {N} bytes: {text:?}"))
}

/// A configuration as a person reads it, without its secrets.
pub fn of(config: &Config) -> anyhow::Result<String> {
    let broker = Address { host: config.broker.host.to_string(), port: config.broker.port };
    let channels = config.channels.iter().map(Measured::of).collect();
    let keep_within_ms = config.keep_within_ms;
    let file = toml::to_string(&File { keep_within_ms, broker, channels })?;
    Ok(format!("# Board {}, user name {}\n{file}", config.board, config.broker.username))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential() -> Credential {
        Credential {
            username: "press-3".into(),
            password: "p".repeat(64),
            command_key: "07".repeat(32),
        }
    }

    #[test]
    fn the_template_reads_and_its_figures_are_the_defaults() {
        let file: File = toml::from_str(super::super::template::TEMPLATE).unwrap();
        let parsed = Measured::parse("bearing:Cel:tmp105").unwrap();
        assert_eq!(file.channels, [parsed]);
        assert_eq!(file.keep_within_ms, keep_within_ms());
    }

    #[test]
    fn what_a_person_wrote_reads_back_out_of_the_boards_own_form() {
        let text = "keep_within_ms = 0\n[broker]\nhost = \"10.0.0.5\"\n[[channels]]\nname = \"oil\"\nunit = \"bar\"\n\
                    source = \"adc0\"\ndeadband = 0.5\nspecified = [0.0, 16.0]\n";
        let file: File = toml::from_str(text).unwrap();
        let config = file.config("press-3", &credential()).unwrap();
        let mut bytes = [0; board::limits::MAX_CONFIG_BYTES];
        let length = config.encode(&mut bytes).unwrap();
        let back = Config::decode(&bytes[..length]).unwrap();
        assert_eq!(toml::from_str::<File>(&of(&back).unwrap()).unwrap(), file);
    }

    #[test]
    fn what_no_board_can_do_is_said_before_anything_is_issued() {
        let file = |channel: &str| -> File {
            toml::from_str(&format!("[broker]\nhost = \"h\"\n[[channels]]\n{channel}")).unwrap()
        };
        let says =
            |channel: &str| format!("{:#}", file(channel).config("b", &credential()).unwrap_err());
        let long = "name = \"oil\"\nunit = \"a-unit-without-an-end\"\nsource = \"adc0\"";
        assert!(says(long).contains("unit may have 16 bytes"), "{}", says(long));
        let fast = "name = \"oil\"\nunit = \"bar\"\nsource = \"adc0\"\ninterval_ms = 1";
        assert!(says(fast).contains("interval_ms"), "{}", says(fast));
    }
}
