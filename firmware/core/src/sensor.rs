//! What a board's drivers have to offer.

use telemetry::report::Cause;

/// A sensor behind one channel.
pub trait Sensor {
    /// Measures once: the value in the channel's unit, before calibration.
    ///
    /// # Errors
    /// Why there is no value. None of them stops the board; they become the channel's health.
    fn read(&mut self) -> Result<f32, Fault>;
}

/// The sensors of a board, by the names that a configuration uses as a channel's source.
pub trait Inputs {
    /// The sensor of that name.
    fn named(&mut self, source: &str) -> Option<&mut dyn Sensor>;
}

/// Why a sensor gave no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing answers where it should be.
    #[error("the sensor does not answer")]
    Missing,
    /// It answers, but with errors: arbitration lost, checksum wrong.
    #[error("the bus reports an error")]
    Bus,
    /// The circuit is open: wire broken, below 3.6 mA (NAMUR NE 43).
    #[error("the circuit is open")]
    OpenCircuit,
    /// The circuit is short: to ground, to supply, above 21 mA (NAMUR NE 43).
    #[error("the circuit is short")]
    ShortCircuit,
    /// A value that the converter cannot express, or that is no number.
    #[error("the value is out of range")]
    OutOfRange,
    /// Still measuring: nothing is wrong, ask again at the next turn.
    #[error("no new value yet")]
    NotReady,
}

impl Fault {
    /// What the diagnosis rests on, when the fault stays. A sensor that is never ready is as good as
    /// not there.
    #[must_use]
    pub fn cause(self) -> Cause {
        match self {
            Self::Missing | Self::NotReady => Cause::Missing,
            Self::Bus => Cause::Bus,
            Self::OpenCircuit => Cause::Open,
            Self::ShortCircuit => Cause::Short,
            Self::OutOfRange => Cause::Range,
        }
    }
}
