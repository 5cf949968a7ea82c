//! What a board says about itself: one report a message on `aftercare/<board>/reports`, a CBOR
//! array `[age_ms, kind, …]`.

use minicbor::encode::Write;
use minicbor::{Decoder, Encoder, decode, encode};

use crate::limits::MAX_REPORT_TEXT_BYTES;
use crate::name::check_channel;

/// A report and how long ago it came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report<'a> {
    /// Milliseconds before it was sent, so that one that waited for the link has its own time.
    pub age_ms: u64,
    /// What it says.
    pub word: Word<'a>,
}

/// What a board may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word<'a> {
    /// It has begun anew.
    Boot {
        /// Name and version of the firmware.
        firmware: &'a str,
        /// Why.
        reset: Reset,
        /// The last words of the run before, when it ended in a panic.
        panic: Option<&'a str>,
    },
    /// What became of a command.
    Answer {
        /// The command's counter.
        counter: i64,
        /// Why it was not obeyed; `None` when it was.
        refused: Option<&'a str>,
    },
    /// A sensor's health has changed.
    Health {
        /// Its channel.
        channel: &'a str,
        /// How it is now.
        health: Health,
        /// Why.
        cause: Cause,
    },
    /// Readings had to go because nobody took them and the memory was full.
    Lost {
        /// How many since the last such report.
        readings: u32,
    },
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $number:literal $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$of])* $variant,)*
        }

        impl $name {
            /// As it stands in texts and interfaces.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            fn number(self) -> u8 {
                match self {
                    $(Self::$variant => $number,)*
                }
            }

            fn from_number(number: u8) -> Result<Self, decode::Error> {
                match number {
                    $($number => Ok(Self::$variant),)*
                    _ => Err(decode::Error::message(concat!("unknown ", stringify!($name)))),
                }
            }
        }
    };
}

codes! {
    /// Why a board began anew.
    Reset {
        /// Power came.
        Power = 0 "power",
        /// The watchdog bit: the firmware hung.
        Watchdog = 1 "watchdog",
        /// A command said so.
        Command = 2 "command",
        /// The run before ended in a panic.
        Panic = 3 "panic",
        /// The reset button, a debugger, or a cause that the chip does not tell.
        Other = 4 "other",
    }
}

codes! {
    /// A sensor's health, the status signals of NAMUR NE 107.
    Health {
        /// No diagnosis.
        Good = 0 "good",
        /// The value cannot be used.
        Failure = 1 "failure",
        /// The value is temporarily not to be relied on: somebody is working at the sensor.
        FunctionCheck = 2 "function_check",
        /// Outside the range for which the sensor is specified.
        OutOfSpecification = 3 "out_of_specification",
        /// Still good, and soon no longer.
        MaintenanceRequired = 4 "maintenance_required",
    }
}

codes! {
    /// What a diagnosis rests on.
    Cause {
        /// Nothing; the sensor is well.
        None = 0 "none",
        /// It does not answer.
        Missing = 1 "missing",
        /// It answers with errors.
        Bus = 2 "bus",
        /// Open circuit.
        Open = 3 "open_circuit",
        /// Short circuit.
        Short = 4 "short_circuit",
        /// The value no longer moves.
        Stuck = 5 "stuck",
        /// Outside the range.
        Range = 6 "range",
        /// Changes faster than what it measures can.
        Rate = 7 "rate",
        /// The calibration is being changed.
        Calibration = 8 "calibration",
        /// Errors come and go.
        Unsteady = 9 "unsteady",
    }
}

const BOOT: u8 = 0;
const ANSWER: u8 = 1;
const HEALTH: u8 = 2;
const LOST: u8 = 3;

impl<'a> Report<'a> {
    /// Writes the report.
    ///
    /// # Errors
    /// When the writer is full.
    pub fn encode<W: Write>(&self, writer: W) -> Result<(), encode::Error<W::Error>> {
        let mut e = Encoder::new(writer);
        let items = match self.word {
            Word::Boot { .. } | Word::Health { .. } => 5,
            Word::Answer { .. } => 4,
            Word::Lost { .. } => 3,
        };
        e.array(items)?.u64(self.age_ms)?;
        match self.word {
            Word::Boot { firmware, reset, panic } => {
                e.u8(BOOT)?.str(firmware)?.u8(reset.number())?.encode(panic)?
            }
            Word::Answer { counter, refused } => e.u8(ANSWER)?.i64(counter)?.encode(refused)?,
            Word::Health { channel, health, cause } => {
                e.u8(HEALTH)?.str(channel)?.u8(health.number())?.u8(cause.number())?
            }
            Word::Lost { readings } => e.u8(LOST)?.u32(readings)?,
        };
        Ok(())
    }

    /// Reads a report.
    ///
    /// # Errors
    /// When it is not what [`Report::encode`] writes, or a text is longer than
    /// [`MAX_REPORT_TEXT_BYTES`].
    pub fn decode(bytes: &'a [u8]) -> Result<Self, decode::Error> {
        let mut d = Decoder::new(bytes);
        let items = d.array()?.ok_or_else(|| decode::Error::message("no definite array"))?;
        let age_ms = d.u64()?;
        let (word, expected) = match d.u8()? {
            BOOT => {
                let firmware = text(&mut d)?;
                let reset = Reset::from_number(d.u8()?)?;
                (Word::Boot { firmware, reset, panic: optional_text(&mut d)? }, 5)
            }
            ANSWER => (Word::Answer { counter: d.i64()?, refused: optional_text(&mut d)? }, 4),
            HEALTH => {
                let channel = d.str()?;
                check_channel(channel).map_err(|_| decode::Error::message("no channel name"))?;
                let health = Health::from_number(d.u8()?)?;
                (Word::Health { channel, health, cause: Cause::from_number(d.u8()?)? }, 5)
            }
            LOST => (Word::Lost { readings: d.u32()? }, 3),
            _ => return Err(decode::Error::message("unknown kind of report")),
        };
        if items != expected || d.position() != bytes.len() {
            return Err(decode::Error::message("too many items"));
        }
        Ok(Self { age_ms, word })
    }
}

fn text<'a>(d: &mut Decoder<'a>) -> Result<&'a str, decode::Error> {
    let text = d.str()?;
    if text.len() > MAX_REPORT_TEXT_BYTES {
        return Err(decode::Error::message("a text is too long"));
    }
    Ok(text)
}

fn optional_text<'a>(d: &mut Decoder<'a>) -> Result<Option<&'a str>, decode::Error> {
    if d.datatype()? == minicbor::data::Type::Null {
        d.null()?;
        return Ok(None);
    }
    text(d).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use minicbor::encode::write::Cursor;

    const WORDS: [Word<'_>; 6] = [
        Word::Boot { firmware: "pico 0.1.0", reset: Reset::Power, panic: None },
        Word::Boot { firmware: "pico 0.1.0", reset: Reset::Panic, panic: Some("index") },
        Word::Answer { counter: 1_790_000_000_000_000, refused: None },
        Word::Answer { counter: 1, refused: Some("interval_ms is outside its limits") },
        Word::Health { channel: "bearing", health: Health::Failure, cause: Cause::Open },
        Word::Lost { readings: 12 },
    ];

    fn encoded(word: Word<'_>) -> ([u8; 128], usize) {
        let mut bytes = [0; 128];
        let mut cursor = Cursor::new(&mut bytes[..]);
        Report { age_ms: 1_500, word }.encode(&mut cursor).unwrap();
        let length = cursor.position();
        (bytes, length)
    }

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        for word in WORDS {
            let (bytes, length) = encoded(word);
            assert_eq!(Report::decode(&bytes[..length]).unwrap(), Report { age_ms: 1_500, word });
        }
    }

    #[test]
    fn a_report_that_is_cut_or_longer_is_refused() {
        for word in WORDS {
            let (bytes, length) = encoded(word);
            assert!((0..length).all(|end| Report::decode(&bytes[..end]).is_err()));
            assert!(Report::decode(&bytes[..=length]).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: [u8; 40]) {
            let _ = Report::decode(&bytes);
        }
    }
}
