//! A thermocouple through a MAX31855 over SPI (datasheet 19-5793, revision 5; "DS" below).
//!
//! The device is read-only: each transfer of four bytes gives the last conversion, one every 100 ms
//! at most (DS, electrical characteristics). It takes the thermocouple as linear (DS, "Temperature
//! conversion"); what a curve adds belongs into the calibration of the channel.
//!
//! ```
//! use max31855::Max31855;
//! # use embedded_hal_mock::eh1::spi::{Mock, Transaction};
//! # let mut spi = Mock::new(&[
//! #     Transaction::transaction_start(),
//! #     Transaction::read_vec(vec![0x06, 0x4c, 0x19, 0x00]),
//! #     Transaction::transaction_end(),
//! # ]);
//! let mut thermocouple = Max31855::new(&mut spi);
//! let reading = thermocouple.read()?;
//! assert_eq!((reading.thermocouple, reading.cold_junction), (100.75, 25.0));
//! # spi.done();
//! # Ok::<(), max31855::Error<embedded_hal::spi::ErrorKind>>(())
//! ```
#![cfg_attr(not(test), no_std)]

use embedded_hal::spi::{MODE_0, Mode, SpiDevice};

/// How the bus has to be set up; 5 MHz at most (DS, "Serial interface").
pub const MODE: Mode = MODE_0;

/// Bits of the word (DS, "Memory map").
const FAULT: u32 = 1 << 16;
const SHORT_TO_SUPPLY: u32 = 1 << 2;
const SHORT_TO_GROUND: u32 = 1 << 1;
const OPEN: u32 = 1;
/// Always 0.
const RESERVED: u32 = 1 << 17 | 1 << 3;

/// Both temperatures, °C.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Of the thermocouple's hot end, in steps of 0.25 °C.
    pub thermocouple: f32,
    /// Of the device, where the thermocouple ends, in steps of 0.0625 °C.
    pub cold_junction: f32,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error<E> {
    /// The bus.
    Bus(E),
    /// No device: the line stays high or low.
    Absent,
    /// The thermocouple has no connection (bit OC).
    Open,
    /// The thermocouple touches ground (bit SCG).
    ShortToGround,
    /// The thermocouple touches the supply (bit SCV).
    ShortToSupply,
}

/// The device.
#[derive(Debug)]
pub struct Max31855<SPI> {
    spi: SPI,
}

impl<SPI: SpiDevice> Max31855<SPI> {
    /// The device on a bus in [`MODE`].
    pub fn new(spi: SPI) -> Self {
        Self { spi }
    }

    /// Reads the last conversion.
    ///
    /// # Errors
    /// Those of the bus; what the device says of the thermocouple.
    pub fn read(&mut self) -> Result<Reading, Error<SPI::Error>> {
        let mut bytes = [0; 4];
        self.spi.read(&mut bytes).map_err(Error::Bus)?;
        let word = u32::from_be_bytes(bytes);
        // A line that is held low looks like 0 °C at both ends, to the last bit: nowhere is it so
        // cold indoors, and outdoors not for long.
        if word == 0 || word & RESERVED != 0 {
            return Err(Error::Absent);
        }
        if word & FAULT != 0 {
            return Err(match word {
                _ if word & OPEN != 0 => Error::Open,
                _ if word & SHORT_TO_GROUND != 0 => Error::ShortToGround,
                _ if word & SHORT_TO_SUPPLY != 0 => Error::ShortToSupply,
                // It names none: no value is better than a doubtful one.
                _ => Error::Absent,
            });
        }
        let signed = word.cast_signed();
        // Fourteen bits from the top, and twelve from bit 15; the shifts to the right keep the sign.
        let thermocouple = (signed >> 18) as f32 * 0.25;
        let cold_junction = ((signed << 16) >> 20) as f32 * 0.0625;
        Ok(Reading { thermocouple, cold_junction })
    }

    /// Gives the bus back.
    pub fn release(self) -> SPI {
        self.spi
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal::spi::ErrorKind;
    use embedded_hal_mock::eh1::spi::{Mock, Transaction};

    use super::*;

    fn read(word: u32) -> Result<Reading, Error<ErrorKind>> {
        let mut spi = Mock::new(&[
            Transaction::transaction_start(),
            Transaction::read_vec(word.to_be_bytes().to_vec()),
            Transaction::transaction_end(),
        ]);
        let result = Max31855::new(&mut spi).read();
        spi.done();
        result
    }

    #[test]
    fn the_temperatures_of_the_datasheet_are_read_with_their_signs() {
        // DS, "Thermocouple temperature data format" and "Reference junction temperature data format".
        let thermocouple = |bits: u32| read(bits << 18 | 0x0190 << 4).unwrap().thermocouple;
        assert_eq!(thermocouple(0b01_1001_0000_0000), 1600.0);
        assert_eq!(thermocouple(0b00_0110_0100_0011), 400.75);
        assert_eq!(thermocouple(0b11_1111_1111_1111), -0.25);
        assert_eq!(thermocouple(0b11_1100_0001_1000), -250.0);
        let cold = |bits: u32| read(1 << 18 | bits << 4).unwrap().cold_junction;
        assert_eq!(cold(0b0111_1111_0000), 127.0);
        assert_eq!(cold(0b1111_1111_1111), -0.0625);
        assert_eq!(cold(0b1100_1001_0000), -55.0);
    }

    #[test]
    fn each_fault_has_its_name_and_a_dead_line_is_no_device() {
        let fault = |bits| read(FAULT | 0x0190 << 4 | bits).unwrap_err();
        assert_eq!(fault(OPEN), Error::Open);
        assert_eq!(fault(SHORT_TO_GROUND), Error::ShortToGround);
        assert_eq!(fault(SHORT_TO_SUPPLY), Error::ShortToSupply);
        assert_eq!(fault(0), Error::Absent);
        assert_eq!(read(0), Err(Error::Absent));
        assert_eq!(read(u32::MAX), Err(Error::Absent));
    }
}
