//! Pressure of air, Pa, or temperature, °C, of a DPS310.

use board::sensor::{Fault, Sensor};
use dps310::Error;
use embedded_hal::i2c::I2c;

use crate::of_i2c;

/// What of the sensor's two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Pressure, Pa.
    Pressure,
    /// Temperature of the sensor, °C.
    Temperature,
}

/// What the sensor can measure (datasheet, "Operating range").
const PASCAL: core::ops::RangeInclusive<f32> = 30_000.0..=120_000.0;

/// One quantity of the sensor.
#[derive(Debug)]
pub struct Dps310<I2C> {
    driver: dps310::Dps310<I2C>,
    quantity: Quantity,
}

impl<I2C: I2c> Dps310<I2C> {
    /// The sensor at 0x76 or 0x77.
    pub fn new(i2c: I2C, address: u8, quantity: Quantity) -> Self {
        Self { driver: dps310::Dps310::new(i2c, address), quantity }
    }
}

impl<I2C: I2c> Sensor for Dps310<I2C> {
    fn read(&mut self) -> Result<f32, Fault> {
        let reading = self.driver.read().map_err(|error| match error {
            Error::Bus(error) => of_i2c(&error),
            Error::Absent => Fault::Missing,
            Error::NotReady => Fault::NotReady,
        })?;
        match self.quantity {
            Quantity::Temperature => Ok(reading.celsius),
            Quantity::Pressure if PASCAL.contains(&reading.pascal) => Ok(reading.pascal),
            Quantity::Pressure => Err(Fault::OutOfRange),
        }
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    use super::*;

    #[test]
    fn a_silent_address_is_missing_another_chip_as_well_and_a_broken_bus_is_the_bus() {
        let nobody = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
        let mode = Transaction::write_read(0x77, vec![0x08], vec![0xc0]);
        let mut i2c = Mock::new(&[
            mode.clone().with_error(nobody),
            mode.clone(),
            Transaction::write_read(0x77, vec![0x0d], vec![0x58]),
            mode.with_error(ErrorKind::ArbitrationLoss),
        ]);
        let mut sensor = Dps310::new(&mut i2c, 0x77, Quantity::Pressure);
        let faults = [(); 3].map(|()| sensor.read());
        assert_eq!(faults, [Fault::Missing, Fault::Missing, Fault::Bus].map(Err));
        i2c.done();
    }
}
