//! Temperature, °C, in steps of 0.5: LM75 and what is made like it.

use board::sensor::{Fault, Sensor};
use embedded_hal::i2c::I2c;
use lm75::{Address, Error, ic};

use crate::of_i2c;

/// The sensor, which needs no set-up.
pub struct Lm75<I2C> {
    driver: lm75::Lm75<I2C, ic::Lm75>,
}

impl<I2C: I2c> Lm75<I2C> {
    /// The sensor at an address.
    pub fn new(i2c: I2C, address: Address) -> Self {
        Self { driver: lm75::Lm75::new(i2c, address) }
    }
}

impl<I2C: I2c> Sensor for Lm75<I2C> {
    fn read(&mut self) -> Result<f32, Fault> {
        self.driver.read_temperature().map_err(|error| match error {
            Error::I2C(error) => of_i2c(&error),
            Error::InvalidInputData => Fault::OutOfRange,
        })
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    use super::*;

    #[test]
    fn half_degrees_are_read_with_their_sign_and_a_silent_sensor_is_missing() {
        let nobody = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
        let read = |bytes: [u8; 2]| Transaction::write_read(0x48, vec![0], bytes.to_vec());
        let mut i2c =
            Mock::new(&[read([25, 0x80]), read([0xe7, 0]), read([0, 0]).with_error(nobody)]);
        let mut sensor = Lm75::new(&mut i2c, Address::default());
        assert_eq!(sensor.read(), Ok(25.5));
        assert_eq!(sensor.read(), Ok(-25.0));
        assert_eq!(sensor.read(), Err(Fault::Missing));
        i2c.done();
    }
}
