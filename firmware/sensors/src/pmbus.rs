//! One input of a PMBus monitor: voltage, current, power or temperature.

use board::sensor::{Fault, Sensor};
use embedded_hal::i2c::I2c;
use pmbus::{Error, Format, Pmbus};

use crate::of_i2c;

/// A command of a PMBus device, on one of its pages or as the device is.
#[derive(Debug)]
pub struct PmbusInput<I2C> {
    device: Pmbus<I2C>,
    page: Option<u8>,
    command: u8,
    format: Format,
}

impl<I2C: I2c> PmbusInput<I2C> {
    /// Reads `command` (of `pmbus::command`) of the device at a 7-bit address; the page is for
    /// devices with several outputs, and set each time since others may share the device.
    pub fn new(i2c: I2C, address: u8, page: Option<u8>, command: u8, format: Format) -> Self {
        Self { device: Pmbus::new(i2c, address), page, command, format }
    }

    fn value(&mut self) -> Result<f32, Error<I2C::Error>> {
        if let Some(page) = self.page {
            self.device.page(page)?;
        }
        self.device.read(self.command, self.format)
    }
}

impl<I2C: I2c> Sensor for PmbusInput<I2C> {
    fn read(&mut self) -> Result<f32, Fault> {
        self.value().map_err(|error| match error {
            Error::Bus(error) => of_i2c(&error),
            Error::Coefficients => Fault::OutOfRange,
        })
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};
    use pmbus::{Direct, command};

    use super::*;

    #[test]
    fn an_input_is_read_on_its_page_and_a_silent_device_is_missing() {
        let nobody = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
        let mut i2c = Mock::new(&[
            Transaction::write(0x21, vec![command::PAGE, 2]),
            Transaction::write_read(0x21, vec![command::READ_VOUT], vec![0x64, 0]),
            Transaction::write(0x21, vec![command::PAGE, 2]).with_error(nobody),
        ]);
        let format = Format::Direct(Direct { m: 1, b: 0, r: 0 });
        let mut input = PmbusInput::new(&mut i2c, 0x21, Some(2), command::READ_VOUT, format);
        assert_eq!(input.read(), Ok(100.0));
        assert_eq!(input.read(), Err(Fault::Missing));
        i2c.done();
    }
}
