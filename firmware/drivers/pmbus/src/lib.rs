//! Readings of a PMBus device over I2C (PMBus Power System Management Protocol Specification, part
//! II, revision 1.3.1; "PMBus" below).
//!
//! ```
//! use pmbus::{Direct, Format, Pmbus, command};
//! # use embedded_hal_mock::eh1::i2c::{Mock, Transaction};
//! # let mut i2c = Mock::new(&[Transaction::write_read(0x20, vec![0x8c], vec![0x97, 0x0a])]);
//! let current = Format::Direct(Direct { m: 663, b: 20_480, r: -1 });
//! let mut monitor = Pmbus::new(&mut i2c, 0x20);
//! let amperes = monitor.read(command::READ_IOUT, current)?;
//! assert_eq!(amperes, 10.0);
//! # i2c.done();
//! # Ok::<(), pmbus::Error<embedded_hal::i2c::ErrorKind>>(())
//! ```
#![cfg_attr(not(test), no_std)]

mod format;

use embedded_hal::i2c::I2c;
pub use format::{Direct, Format};

/// Commands that read a value (PMBus, table 31).
pub mod command {
    /// Which of several outputs the other commands mean.
    pub const PAGE: u8 = 0x00;
    /// Exponent and mode of the output voltage's format.
    pub const VOUT_MODE: u8 = 0x20;
    /// Input voltage.
    pub const READ_VIN: u8 = 0x88;
    /// Input current.
    pub const READ_IIN: u8 = 0x89;
    /// Output voltage.
    pub const READ_VOUT: u8 = 0x8b;
    /// Output current.
    pub const READ_IOUT: u8 = 0x8c;
    /// First temperature.
    pub const READ_TEMPERATURE_1: u8 = 0x8d;
    /// Input power.
    pub const READ_PIN: u8 = 0x97;
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error<E> {
    /// The bus, or nothing answers.
    Bus(E),
    /// The coefficients do not describe a value: `m` is zero.
    Coefficients,
}

/// One device at its address.
#[derive(Debug)]
pub struct Pmbus<I2C> {
    i2c: I2C,
    address: u8,
}

impl<I2C: I2c> Pmbus<I2C> {
    /// The device at a 7-bit address.
    pub fn new(i2c: I2C, address: u8) -> Self {
        Self { i2c, address }
    }

    /// Chooses the output that the next commands mean (PMBus, section 11.10).
    ///
    /// # Errors
    /// Those of the bus.
    pub fn page(&mut self, page: u8) -> Result<(), Error<I2C::Error>> {
        self.i2c.write(self.address, &[command::PAGE, page]).map_err(Error::Bus)
    }

    /// Reads the word behind a command (SMBus 3.2, section 6.5.5: low byte first).
    ///
    /// # Errors
    /// Those of the bus.
    pub fn word(&mut self, command: u8) -> Result<u16, Error<I2C::Error>> {
        let mut bytes = [0; 2];
        self.i2c.write_read(self.address, &[command], &mut bytes).map_err(Error::Bus)?;
        Ok(u16::from_le_bytes(bytes))
    }

    /// Reads a value in its unit: volt, ampere, watt or degree Celsius, by the command.
    ///
    /// # Errors
    /// Those of the bus; coefficients that describe no value.
    pub fn read(&mut self, command: u8, format: Format) -> Result<f32, Error<I2C::Error>> {
        let word = self.word(command)?;
        format.value(word).ok_or(Error::Coefficients)
    }

    /// Gives the bus back.
    pub fn release(self) -> I2C {
        self.i2c
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    use super::*;

    #[test]
    fn a_value_of_a_chosen_output_is_read_low_byte_first() {
        let mut i2c = Mock::new(&[
            Transaction::write(0x21, vec![0x00, 3]),
            Transaction::write_read(0x21, vec![0x8b], vec![0xe8, 0x03]),
        ]);
        let mut device = Pmbus::new(&mut i2c, 0x21);
        device.page(3).unwrap();
        let millivolts = Format::Direct(Direct { m: 1, b: 0, r: 3 });
        assert_eq!(device.read(command::READ_VOUT, millivolts), Ok(1.0));
        i2c.done();
    }

    #[test]
    fn a_device_that_is_not_there_is_an_error_of_the_bus() {
        let nobody = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
        let mut i2c =
            Mock::new(&[Transaction::write_read(0x21, vec![0x8b], vec![0, 0]).with_error(nobody)]);
        assert_eq!(Pmbus::new(&mut i2c, 0x21).word(command::READ_VOUT), Err(Error::Bus(nobody)));
        i2c.done();
    }
}
