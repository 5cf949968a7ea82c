//! Direct current, A, through a shunt that an INA219 watches.

use board::sensor::{Fault, Sensor};
use embedded_hal::i2c::I2c;
use ina219::SyncIna219;
use ina219::address::Address;
use ina219::calibration::UnCalibrated;
use ina219::errors::ShuntVoltageReadError;

use crate::of_i2c;

/// The monitor, as it is after power-up: ±320 mV, measuring all the time (SBOS448, table 5).
pub struct Ina219<I2C> {
    driver: SyncIna219<I2C, UnCalibrated>,
    shunt_ohm: f32,
}

impl<I2C: I2c> Ina219<I2C> {
    /// The monitor at an address, with its shunt in Ω. The current is the shunt's voltage over its
    /// resistance: the chip's own calibration register would only round it.
    pub fn new(i2c: I2C, address: Address, shunt_ohm: f32) -> Self {
        Self { driver: SyncIna219::new_unchecked(i2c, address, UnCalibrated), shunt_ohm }
    }
}

impl<I2C: I2c> Sensor for Ina219<I2C> {
    fn read(&mut self) -> Result<f32, Fault> {
        let shunt = self.driver.shunt_voltage().map_err(|error| match error {
            ShuntVoltageReadError::I2cError(error) => of_i2c(&error),
            ShuntVoltageReadError::ShuntVoltageOutOfRange { .. } => Fault::OutOfRange,
        })?;
        // ±32 000 steps: the converter's end is no value.
        if shunt.shunt_voltage_10uv().unsigned_abs() >= 32_000 {
            return Err(Fault::OutOfRange);
        }
        Ok(f32::from(shunt.shunt_voltage_10uv()) * 1e-5 / self.shunt_ohm)
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    use super::*;

    #[test]
    fn a_shunts_voltage_is_a_current_with_its_sign_and_the_end_of_the_range_is_none() {
        let nobody = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
        let read = |raw: i16| Transaction::write_read(0x40, vec![1], raw.to_be_bytes().to_vec());
        let mut i2c =
            Mock::new(&[read(4_000), read(-2_000), read(32_000), read(0).with_error(nobody)]);
        let address = Address::from_byte(0x40).unwrap();
        let mut sensor = Ina219::new(&mut i2c, address, 0.1);
        assert!((sensor.read().unwrap() - 0.4).abs() < 1e-6);
        assert!((sensor.read().unwrap() + 0.2).abs() < 1e-6);
        assert_eq!(sensor.read(), Err(Fault::OutOfRange));
        assert_eq!(sensor.read(), Err(Fault::Missing));
        i2c.done();
    }
}
