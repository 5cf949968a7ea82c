//! The body of a configuration: CBOR arrays in the order in which the fields are documented.

use minicbor::encode::write::{Cursor, EndOfSlice};
use minicbor::{Encoder, encode};

use super::{Channel, Config, Range, Reporting, Sampling, Text};
use crate::calibration::Calibration;
use crate::cbor::Reader;

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

/// Reads what [`write`] writes into a configuration without channels; `None` when the body is
/// something else. In place: on a board each copy is two kilobytes of stack.
pub(super) fn read(body: &[u8], config: &mut Config) -> Option<()> {
    let r = &mut Reader::new(body);
    r.array_of(CONFIG_ITEMS)?;
    let Config { board, broker, command_key, keep_within_ms, channels, .. } = config;
    text(r, board)?;
    text(r, &mut broker.host)?;
    broker.port = r.number()?;
    text(r, &mut broker.username)?;
    text(r, &mut broker.password)?;
    *command_key = r.bytes()?.try_into().ok()?;
    *keep_within_ms = r.number()?;
    for _ in 0..r.array()? {
        channels.push(Channel::new(Text::new(), Text::new(), Text::new())).ok()?;
        read_channel(r, channels.last_mut()?)?;
    }
    r.is_at_end().then_some(())
}

fn read_channel(r: &mut Reader<'_>, channel: &mut Channel) -> Option<()> {
    r.array_of(CHANNEL_ITEMS)?;
    let Channel { name, unit, source, sampling, calibration, health, reporting } = channel;
    text(r, name)?;
    text(r, unit)?;
    text(r, source)?;
    *sampling =
        Sampling { interval_ms: r.number()?, oversampling: r.number()?, smoothing: r.float()? };
    *calibration = r.optional(Calibration::read)?;
    for limit in [&mut health.specified, &mut health.possible] {
        *limit = Range { low: r.float()?, high: r.float()? };
    }
    (health.rate_per_s, health.stuck_after_ms) = (r.float()?, r.number()?);
    *reporting = Reporting { deadband: r.float()?, heartbeat_ms: r.number()? };
    Some(())
}

fn text<const N: usize>(r: &mut Reader<'_>, place: &mut Text<N>) -> Option<()> {
    place.push_str(r.text()?).ok()
}
