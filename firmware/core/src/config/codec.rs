//! The body of a configuration: CBOR arrays in the order in which the fields are documented.

use minicbor::encode::write::{Cursor, EndOfSlice};
use minicbor::{Decoder, Encoder, decode, encode};

use super::{Broker, Channel, Config, ConfigError, Health, Range, Reporting, Sampling, Text};
use crate::calibration::Calibration;

/// `[board, host, port, username, password, key, keep_within_ms, [channel…]]`
const CONFIG_ITEMS: u64 = 8;
/// `[name, unit, source, sampling…3, calibration, health…6, reporting…2]`
const CHANNEL_ITEMS: u64 = 15;

type Written = Result<(), encode::Error<EndOfSlice>>;

pub(super) fn write(config: &Config, body: &mut Cursor<&mut [u8]>) -> Written {
    let mut e = Encoder::new(body);
    let broker = &config.broker;
    e.array(CONFIG_ITEMS)?.str(&config.board)?.str(&broker.host)?.u16(broker.port)?;
    e.str(&broker.username)?.str(&broker.password)?.bytes(&config.command_key)?;
    e.u32(config.keep_within_ms)?.array(config.channels.len() as u64)?;
    config.channels.iter().try_for_each(|channel| write_channel(channel, &mut e))
}

fn write_channel(channel: &Channel, e: &mut Encoder<&mut Cursor<&mut [u8]>>) -> Written {
    let Channel { name, unit, source, sampling, calibration, health, reporting } = channel;
    e.array(CHANNEL_ITEMS)?.str(name)?.str(unit)?.str(source)?;
    e.u32(sampling.interval_ms)?.u8(sampling.oversampling)?.f32(sampling.smoothing)?;
    match calibration {
        Some(calibration) => calibration.write(e)?,
        None => {
            e.null()?;
        }
    }
    for limit in [health.specified, health.possible] {
        e.f32(limit.low)?.f32(limit.high)?;
    }
    e.f32(health.rate_per_s)?.u32(health.stuck_after_ms)?;
    e.f32(reporting.deadband)?.u32(reporting.heartbeat_ms)?;
    Ok(())
}

/// Without minicbor's own error, whose texts a board has no room for.
impl From<decode::Error> for ConfigError {
    fn from(_: decode::Error) -> Self {
        Self::Malformed
    }
}

pub(super) fn read(body: &[u8]) -> Result<Config, ConfigError> {
    let mut d = Decoder::new(body);
    array(&mut d, CONFIG_ITEMS)?;
    let board = text(&mut d)?;
    let broker = Broker {
        host: text(&mut d)?,
        port: d.u16()?,
        username: text(&mut d)?,
        password: text(&mut d)?,
    };
    let command_key = d.bytes()?.try_into().map_err(|_| ConfigError::Malformed)?;
    let keep_within_ms = d.u32()?;
    let mut channels = heapless::Vec::new();
    for _ in 0..d.array()?.ok_or(ConfigError::Malformed)? {
        channels.push(read_channel(&mut d)?).map_err(|_| ConfigError::Malformed)?;
    }
    if d.position() != body.len() {
        return Err(ConfigError::Malformed);
    }
    let mut config = Config::new(board, broker, command_key);
    (config.keep_within_ms, config.channels) = (keep_within_ms, channels);
    Ok(config)
}

fn read_channel(d: &mut Decoder<'_>) -> Result<Channel, ConfigError> {
    array(d, CHANNEL_ITEMS)?;
    let (name, unit, source) = (text(d)?, text(d)?, text(d)?);
    let sampling = Sampling { interval_ms: d.u32()?, oversampling: d.u8()?, smoothing: d.f32()? };
    let calibration = if d.datatype()? == minicbor::data::Type::Null {
        d.null()?;
        None
    } else {
        Some(Calibration::read(d).ok_or(ConfigError::Malformed)?)
    };
    let health = Health {
        specified: range(d)?,
        possible: range(d)?,
        rate_per_s: d.f32()?,
        stuck_after_ms: d.u32()?,
    };
    let reporting = Reporting { deadband: d.f32()?, heartbeat_ms: d.u32()? };
    Ok(Channel { name, unit, source, sampling, calibration, health, reporting })
}

fn range(d: &mut Decoder<'_>) -> Result<Range, decode::Error> {
    Ok(Range { low: d.f32()?, high: d.f32()? })
}

fn array(d: &mut Decoder<'_>, items: u64) -> Result<(), ConfigError> {
    if d.array()? == Some(items) { Ok(()) } else { Err(ConfigError::Malformed) }
}

fn text<const N: usize>(d: &mut Decoder<'_>) -> Result<Text<N>, ConfigError> {
    Text::try_from(d.str()?).map_err(|_| ConfigError::Malformed)
}
