//! A DS18B20 thermometer on a 1-Wire bus (datasheet 19-7487, revision 6; "DS" below). It needs its
//! supply pin: one that lives on the data line alone cannot say when it is done.
//!
//! A conversion takes 750 ms, for which nobody waits: [`Ds18b20::read`] takes the finished one and
//! begins the next, so a value is as old as the last two calls lie apart.
#![cfg_attr(not(test), no_std)]

mod wire;

use embedded_hal::delay::DelayNs;
use embedded_hal::digital::{ErrorType, InputPin, OutputPin};
pub use wire::{Wire, WireError, checksum};

/// Commands (DS, "DS18B20 function commands").
const SKIP_ROM: u8 = 0xcc;
const MATCH_ROM: u8 = 0x55;
const READ_ROM: u8 = 0x33;
const CONVERT: u8 = 0x44;
const READ_SCRATCHPAD: u8 = 0xbe;
const WRITE_SCRATCHPAD: u8 = 0x4e;
/// First byte of a DS18B20's number.
const FAMILY: u8 = 0x28;

/// What the two bytes for the user and the configuration are set to: twelve bits, and two numbers
/// that the device forgets when it loses its supply. Without them the 85 °C that it shows after
/// power-up would be taken for a temperature.
const SET_UP: [u8; 3] = [0x69, 0x96, 0x7f];

/// A device's number, as it goes over the bus: family, six bytes, checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rom([u8; 8]);

impl Rom {
    /// The number from its bytes; `None` when they are not those of a DS18B20.
    #[must_use]
    pub fn new(bytes: [u8; 8]) -> Option<Self> {
        (bytes[0] == FAMILY && checksum(&bytes) == 0).then_some(Self(bytes))
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(self) -> [u8; 8] {
        self.0
    }
}

/// Which device of a bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The only one.
    Only,
    /// The one with this number.
    Numbered(Rom),
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error<E> {
    /// The bus.
    Wire(WireError<E>),
    /// A conversion has only begun or still runs.
    NotReady,
    /// The device with this number does not answer.
    Absent,
}

impl<E> From<WireError<E>> for Error<E> {
    fn from(error: WireError<E>) -> Self {
        Self::Wire(error)
    }
}

/// What the device is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unknown,
    Converting,
}

/// The number of the only device on a bus, to know it among others later.
///
/// # Errors
/// Those of the bus; a checksum is also wrong when there are several.
pub fn only<E, P, D>(wire: &mut Wire<P, D>) -> Result<Rom, WireError<E>>
where
    P: InputPin + OutputPin + ErrorType<Error = E>,
    D: DelayNs,
{
    let mut bytes = [0; 8];
    wire.reset()?;
    wire.write(&[READ_ROM])?;
    wire.read(&mut bytes)?;
    Rom::new(bytes).ok_or(WireError::Checksum)
}

/// One device. The bus is lent for each call, since others hang on it.
#[derive(Debug)]
pub struct Ds18b20 {
    which: Which,
    state: State,
}

impl Ds18b20 {
    /// The device.
    #[must_use]
    pub fn new(which: Which) -> Self {
        Self { which, state: State::Unknown }
    }

    /// Takes the finished conversion, °C, and begins the next one. The bus is taken for 10 ms.
    ///
    /// # Errors
    /// Those of the bus; [`Error::NotReady`] at the first call, after the device lost its supply,
    /// and when the calls lie less than 750 ms apart. Only the device that was called last can say
    /// that it is not done: among several, call each at most once in 750 ms, or the value before
    /// comes again.
    pub fn read<E, P, D>(&mut self, wire: &mut Wire<P, D>) -> Result<f32, Error<E>>
    where
        P: InputPin + OutputPin + ErrorType<Error = E>,
        D: DelayNs,
    {
        let converted = self.state == State::Converting;
        if converted && !wire.read_bit()? {
            return Err(Error::NotReady);
        }
        self.state = State::Unknown;
        let [low, high, user @ .., _, _, _, _] = self.scratchpad(wire)?;
        let kept = user == SET_UP;
        if !kept {
            self.call(wire)?;
            wire.write(&[WRITE_SCRATCHPAD])?;
            wire.write(&SET_UP)?;
        }
        self.call(wire)?;
        wire.write(&[CONVERT])?;
        self.state = State::Converting;
        if converted && kept {
            // DS, "Measuring temperature": sixteenths of a degree.
            Ok(f32::from(i16::from_le_bytes([low, high])) / 16.0)
        } else {
            Err(Error::NotReady)
        }
    }

    fn call<E, P, D>(&self, wire: &mut Wire<P, D>) -> Result<(), WireError<E>>
    where
        P: InputPin + OutputPin + ErrorType<Error = E>,
        D: DelayNs,
    {
        wire.reset()?;
        match self.which {
            Which::Only => wire.write(&[SKIP_ROM]),
            Which::Numbered(rom) => {
                wire.write(&[MATCH_ROM])?;
                wire.write(&rom.bytes())
            }
        }
    }

    /// Temperature, the two bytes for the user, configuration, three reserved, checksum (DS,
    /// figure 8).
    fn scratchpad<E, P, D>(&self, wire: &mut Wire<P, D>) -> Result<[u8; 9], Error<E>>
    where
        P: InputPin + OutputPin + ErrorType<Error = E>,
        D: DelayNs,
    {
        let mut bytes = [0; 9];
        self.call(wire)?;
        wire.write(&[READ_SCRATCHPAD])?;
        wire.read(&mut bytes)?;
        if bytes == [0xff; 9] {
            // Somebody answered the reset, nobody the number.
            return Err(Error::Absent);
        }
        if checksum(&bytes) != 0 {
            return Err(WireError::Checksum.into());
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests;
