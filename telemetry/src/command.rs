//! What goes down to a board: one sealed command a message on `aftercare/<board>/commands`.
//!
//! The bytes are a CBOR array `[counter, kind, …]` and behind it a tag of [`TAG_BYTES`]:
//! HMAC-SHA-256 (RFC 2104, FIPS 180-4), cut as RFC 2104, section 5 allows, over the board's id, a
//! zero byte and the array. The id is under the tag, so a command for one board is none for
//! another; the counter grows, so an old one heard again is nothing new.

use hmac::{Hmac, KeyInit, Mac};
use minicbor::encode::write::{Cursor, EndOfSlice};
use minicbor::{Decoder, Encoder, decode, encode};
use sha2::Sha256;

use crate::limits::{
    BURST_SECONDS, IDENTIFY_SECONDS, INTERVAL_MS, MAX_COMMAND_BYTES, MAX_SERIAL_BYTES,
};
use crate::name::check_channel;

/// Length of the tag behind a command.
pub const TAG_BYTES: usize = 16;

/// The secret of one board and the server by which commands are sealed.
pub type Key = [u8; 32];

/// What a board may be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Command<'a> {
    /// The time, in the command's counter. Worth nothing when it is late: a board without a clock
    /// takes it as now, while the counter of any other command only says that it is not earlier.
    Time,
    /// Show which board this is, by a lamp or whatever it has.
    Identify {
        /// For how long, within [`IDENTIFY_SECONDS`].
        seconds: u16,
    },
    /// How often to measure, from now on and after a reset.
    Interval {
        /// One channel, or all.
        channel: Option<&'a str>,
        /// Milliseconds between two readings, within [`INTERVAL_MS`].
        interval_ms: u32,
    },
    /// Measure all channels fast for a while, as during a repair session; ends by itself.
    Burst {
        /// Milliseconds between two readings, within [`INTERVAL_MS`].
        interval_ms: u32,
        /// For how long, within [`BURST_SECONDS`]; 0 ends it now.
        seconds: u32,
    },
    /// Correct a channel's readings on the board from now on.
    Calibrate(Calibration<'a>),
    /// Begin anew.
    Reboot,
}

/// How raw values become true ones, and what says so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration<'a> {
    /// The channel.
    pub channel: &'a str,
    /// Number of the certificate or of the reference instrument, at most [`MAX_SERIAL_BYTES`].
    pub serial: &'a str,
    /// Day of the calibration, days since 1970-01-01.
    pub day: u32,
    /// The curve.
    pub curve: Curve,
}

/// A calibration's curve, in the channel's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Curve {
    /// The line through two pairs of raw and true value.
    TwoPoint {
        /// Two different raw values.
        raw: [f32; 2],
        /// What they should have been.
        reference: [f32; 2],
    },
    /// `c[0] + c[1]·x + c[2]·x² + c[3]·x³`.
    Polynomial([f32; 4]),
}

/// A message whose tag is right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opened<'a> {
    /// When it was issued, microseconds since the Unix epoch, UTC; grows from command to command.
    pub counter: i64,
    /// The command, or why it cannot be obeyed; that goes back as the answer.
    pub command: Result<Command<'a>, CommandError>,
}

/// Bytes that were not sealed for this board with its key. They are dropped: whoever sent them
/// should not learn anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the command is not sealed with the key of this board")]
pub struct NotAuthentic;

/// A sealed command that cannot be obeyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// Written by a newer server.
    #[error("the board does not know this command; its firmware is older than the server")]
    Unknown,
    /// Not the array that the kind needs.
    #[error("the command is malformed")]
    Malformed,
    /// A number outside its limits.
    #[error("{0} is outside its limits")]
    OutOfRange(&'static str),
    /// More bytes than [`MAX_COMMAND_BYTES`].
    #[error("the command is longer than {MAX_COMMAND_BYTES} bytes")]
    TooLong,
}

const TIME: u8 = 0;
const IDENTIFY: u8 = 1;
const INTERVAL: u8 = 2;
const BURST: u8 = 3;
const CALIBRATE: u8 = 4;
const REBOOT: u8 = 5;

impl<'a> Command<'a> {
    /// Checks what the types leave open.
    ///
    /// # Errors
    /// The first number outside its limits.
    pub fn check(&self) -> Result<(), CommandError> {
        let within = |what, good| if good { Ok(()) } else { Err(CommandError::OutOfRange(what)) };
        match self {
            Self::Time | Self::Reboot => Ok(()),
            Self::Identify { seconds } => within("seconds", IDENTIFY_SECONDS.contains(seconds)),
            Self::Interval { channel, interval_ms } => {
                within("channel", channel.is_none_or(|c| check_channel(c).is_ok()))?;
                within("interval_ms", INTERVAL_MS.contains(interval_ms))
            }
            Self::Burst { interval_ms, seconds } => {
                within("interval_ms", INTERVAL_MS.contains(interval_ms))?;
                within("seconds", BURST_SECONDS.contains(seconds))
            }
            Self::Calibrate(calibration) => calibration.check(),
        }
    }

    fn read(d: &mut Decoder<'a>) -> Result<Self, ReadError> {
        Ok(match number(d)? {
            TIME => Self::Time,
            IDENTIFY => Self::Identify { seconds: number(d)? },
            INTERVAL => Self::Interval { channel: optional_text(d)?, interval_ms: number(d)? },
            BURST => Self::Burst { interval_ms: number(d)?, seconds: number(d)? },
            CALIBRATE => Self::Calibrate(Calibration::read(d)?),
            REBOOT => Self::Reboot,
            _ => return Err(ReadError::Unknown),
        })
    }

    /// Items of the array behind the counter.
    fn items(&self) -> u64 {
        match self {
            Self::Time | Self::Reboot => 1,
            Self::Identify { .. } => 2,
            Self::Interval { .. } | Self::Burst { .. } => 3,
            Self::Calibrate(_) => 5,
        }
    }

    fn write(&self, e: &mut Encoder<Cursor<&mut [u8]>>) -> Result<(), encode::Error<EndOfSlice>> {
        match self {
            Self::Time => e.u8(TIME)?,
            Self::Identify { seconds } => e.u8(IDENTIFY)?.u16(*seconds)?,
            Self::Interval { channel, interval_ms } => {
                e.u8(INTERVAL)?.encode(channel)?.u32(*interval_ms)?
            }
            Self::Burst { interval_ms, seconds } => {
                e.u8(BURST)?.u32(*interval_ms)?.u32(*seconds)?
            }
            Self::Calibrate(c) => {
                e.u8(CALIBRATE)?.str(c.channel)?.str(c.serial)?.u32(c.day)?;
                return c.curve.write(e);
            }
            Self::Reboot => e.u8(REBOOT)?,
        };
        Ok(())
    }
}

impl<'a> Calibration<'a> {
    fn check(&self) -> Result<(), CommandError> {
        let Self { channel, serial, day: _, curve } = self;
        if check_channel(channel).is_err() {
            return Err(CommandError::OutOfRange("channel"));
        }
        if serial.len() > MAX_SERIAL_BYTES {
            return Err(CommandError::OutOfRange("serial"));
        }
        if curve.is_usable() { Ok(()) } else { Err(CommandError::OutOfRange("curve")) }
    }

    fn read(d: &mut Decoder<'a>) -> Result<Self, ReadError> {
        Ok(Self { channel: d.str()?, serial: d.str()?, day: number(d)?, curve: Curve::read(d)? })
    }
}

impl Curve {
    /// Finite numbers; two raw values that differ; a curve that is not a constant.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        match self {
            Self::TwoPoint { raw, reference } => {
                raw.iter().chain(reference).all(|v| v.is_finite())
                    && raw[0] != raw[1]
                    && reference[0] != reference[1]
            }
            Self::Polynomial(c) => {
                c.iter().all(|v| v.is_finite()) && c[1..].iter().any(|v| *v != 0.0)
            }
        }
    }

    /// `[0, raw, raw, reference, reference]` or `[1, c0, c1, c2, c3]`.
    fn write(&self, e: &mut Encoder<Cursor<&mut [u8]>>) -> Result<(), encode::Error<EndOfSlice>> {
        let (kind, [a, b, c, d]) = match self {
            Self::TwoPoint { raw, reference } => (0, [raw[0], raw[1], reference[0], reference[1]]),
            Self::Polynomial(c) => (1, *c),
        };
        e.array(5)?.u8(kind)?.f32(a)?.f32(b)?.f32(c)?.f32(d)?;
        Ok(())
    }

    fn read(d: &mut Decoder<'_>) -> Result<Self, ReadError> {
        if d.array()? != Some(5) {
            return Err(ReadError::Malformed);
        }
        let kind: u8 = number(d)?;
        let numbers = [d.f32()?, d.f32()?, d.f32()?, d.f32()?];
        let [a, b, c, e] = numbers;
        match kind {
            0 => Ok(Self::TwoPoint { raw: [a, b], reference: [c, e] }),
            1 => Ok(Self::Polynomial(numbers)),
            _ => Err(ReadError::Malformed),
        }
    }
}

/// Without minicbor's own error, whose texts a board has no room for.
enum ReadError {
    Unknown,
    Malformed,
}

impl From<decode::Error> for ReadError {
    fn from(_: decode::Error) -> Self {
        Self::Malformed
    }
}

impl From<ReadError> for CommandError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Unknown => Self::Unknown,
            ReadError::Malformed => Self::Malformed,
        }
    }
}

/// All numbers by one way of reading them: each more takes a quarter of a kilobyte on a board.
fn number<T: TryFrom<u64>>(d: &mut Decoder<'_>) -> Result<T, ReadError> {
    T::try_from(d.u64()?).map_err(|_| ReadError::Malformed)
}

/// minicbor's own reading of an option brings two kilobytes along that pass over any value.
fn optional_text<'b>(d: &mut Decoder<'b>) -> Result<Option<&'b str>, ReadError> {
    if d.datatype()? == minicbor::data::Type::Null {
        d.null()?;
        return Ok(None);
    }
    Ok(Some(d.str()?))
}

fn tag(key: &Key, board: &str, array: &[u8]) -> Hmac<Sha256> {
    // A shorter key is filled with zeros to a block (RFC 2104, section 2).
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(board.as_bytes());
    mac.update(&[0]);
    mac.update(array);
    mac
}

/// Seals a command into `buffer` and gives back the message.
///
/// # Errors
/// When a number is outside its limits, or the message longer than [`MAX_COMMAND_BYTES`] or than
/// the buffer.
pub fn seal<'b>(
    key: &Key,
    board: &str,
    counter: i64,
    command: &Command<'_>,
    buffer: &'b mut [u8],
) -> Result<&'b [u8], CommandError> {
    command.check()?;
    let mut e = Encoder::new(Cursor::new(&mut *buffer));
    let written =
        e.array(1 + command.items()).and_then(|e| e.i64(counter)).and_then(|e| command.write(e));
    written.map_err(|_| CommandError::TooLong)?;
    let length = e.writer().position();
    let end = length + TAG_BYTES;
    if end > buffer.len().min(MAX_COMMAND_BYTES) {
        return Err(CommandError::TooLong);
    }
    let (array, rest) = buffer.split_at_mut(length);
    let tag = tag(key, board, array).finalize().into_bytes();
    rest[..TAG_BYTES].copy_from_slice(&tag[..TAG_BYTES]);
    Ok(&buffer[..end])
}

/// Opens a message: first the tag, then what it says.
///
/// # Errors
/// When the tag is not that of this board's key.
pub fn open<'a>(key: &Key, board: &str, message: &'a [u8]) -> Result<Opened<'a>, NotAuthentic> {
    let length = message.len().checked_sub(TAG_BYTES).ok_or(NotAuthentic)?;
    if message.len() > MAX_COMMAND_BYTES {
        return Err(NotAuthentic);
    }
    let (array, sent) = message.split_at(length);
    tag(key, board, array).verify_truncated_left(sent).map_err(|_| NotAuthentic)?;
    let mut d = Decoder::new(array);
    let head = d.array().and_then(|items| Ok((items, d.i64()?)));
    // Without a counter there is nothing to answer to, and no server of ours seals such a thing.
    let (Some(items), counter) = head.map_err(|_| NotAuthentic)? else {
        return Err(NotAuthentic);
    };
    let read = Command::read(&mut d).map_err(CommandError::from).and_then(|command| {
        let whole = items == 1 + command.items() && d.position() == array.len();
        if !whole {
            return Err(CommandError::Malformed);
        }
        command.check().map(|()| command)
    });
    Ok(Opened { counter, command: read })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = [7; 32];

    const COMMANDS: [Command<'_>; 7] = [
        Command::Time,
        Command::Identify { seconds: 30 },
        Command::Interval { channel: Some("bearing"), interval_ms: 1_000 },
        Command::Interval { channel: None, interval_ms: 60_000 },
        Command::Burst { interval_ms: 100, seconds: 1_800 },
        Command::Calibrate(Calibration {
            channel: "bearing",
            serial: "DKD-4711",
            day: 20_700,
            curve: Curve::TwoPoint { raw: [0.1, 99.7], reference: [0.0, 100.0] },
        }),
        Command::Reboot,
    ];

    fn sealed(command: &Command<'_>) -> ([u8; MAX_COMMAND_BYTES], usize) {
        let mut buffer = [0; MAX_COMMAND_BYTES];
        let length = seal(&KEY, "pump-7", 5, command, &mut buffer).unwrap().len();
        (buffer, length)
    }

    #[test]
    fn what_is_sealed_opens_as_it_was() {
        for command in COMMANDS {
            let (bytes, length) = sealed(&command);
            let opened = open(&KEY, "pump-7", &bytes[..length]).unwrap();
            assert_eq!(opened, Opened { counter: 5, command: Ok(command) });
        }
    }

    #[test]
    fn no_changed_byte_other_board_or_other_key_opens() {
        let (mut bytes, length) = sealed(&COMMANDS[4]);
        assert_eq!(open(&KEY, "pump-8", &bytes[..length]), Err(NotAuthentic));
        assert_eq!(open(&[8; 32], "pump-7", &bytes[..length]), Err(NotAuthentic));
        for end in 0..length {
            assert_eq!(open(&KEY, "pump-7", &bytes[..end]), Err(NotAuthentic));
        }
        for at in 0..length {
            bytes[at] ^= 1;
            assert_eq!(open(&KEY, "pump-7", &bytes[..length]), Err(NotAuthentic));
            bytes[at] ^= 1;
        }
    }

    #[test]
    fn numbers_outside_their_limits_are_not_sealed() {
        let mut buffer = [0; MAX_COMMAND_BYTES];
        let mut refused = |command| seal(&KEY, "b", 1, &command, &mut buffer).unwrap_err();
        let fast = Command::Burst { interval_ms: 0, seconds: 60 };
        assert_eq!(refused(fast), CommandError::OutOfRange("interval_ms"));
        let flat = Curve::Polynomial([1.0, 0.0, 0.0, 0.0]);
        let calibration = Calibration { channel: "t", serial: "s", day: 1, curve: flat };
        assert_eq!(refused(Command::Calibrate(calibration)), CommandError::OutOfRange("curve"));
    }

    #[test]
    fn a_command_of_a_newer_server_is_authentic_and_says_that_it_is_not_known() {
        // [9, 77]
        let array = [0x82, 0x09, 0x18, 77];
        let mut message = [0; 4 + TAG_BYTES];
        message[..4].copy_from_slice(&array);
        let tag = tag(&KEY, "pump-7", &array).finalize().into_bytes();
        message[4..].copy_from_slice(&tag[..TAG_BYTES]);
        let opened = open(&KEY, "pump-7", &message).unwrap();
        assert_eq!(opened, Opened { counter: 9, command: Err(CommandError::Unknown) });
    }

    proptest::proptest! {
        #[test]
        fn an_authentic_message_of_arbitrary_bytes_never_panics(array: [u8; 24]) {
            let mut message = [0; 24 + TAG_BYTES];
            message[..24].copy_from_slice(&array);
            let tag = tag(&KEY, "pump-7", &array).finalize().into_bytes();
            message[24..].copy_from_slice(&tag[..TAG_BYTES]);
            let _ = open(&KEY, "pump-7", &message);
        }
    }
}
