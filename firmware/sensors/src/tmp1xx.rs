//! Temperature, °C: TMP102, TMP112 and, in twelve bits, TMP75, TMP105 and TMP175.

use board::sensor::{Fault, Sensor};
use embedded_hal::i2c::I2c;
use tmp1x2::marker::mode::Continuous;
use tmp1x2::{ConversionRate, Error, SlaveAddr, Tmp1x2};

use crate::of_i2c;

/// The sensor, converting four times a second.
#[derive(Debug)]
pub struct Tmp1xx<I2C: I2c> {
    driver: Tmp1x2<I2C, Continuous>,
    set_up: bool,
}

impl<I2C: I2c> Tmp1xx<I2C> {
    /// The sensor at an address.
    pub fn new(i2c: I2C, address: SlaveAddr) -> Self {
        Self { driver: Tmp1x2::new(i2c, address), set_up: false }
    }

    fn value(&mut self) -> Result<f32, Error<I2C::Error>> {
        if !self.set_up {
            // Writes the whole configuration. A TMP102 has twelve bits anyway (SBOS397, table 9);
            // a TMP105 begins with nine and takes twelve from the same bits (SBOS263, table 8).
            self.driver.set_conversion_rate(ConversionRate::_4Hz)?;
            self.set_up = true;
        }
        self.driver.read_temperature()
    }
}

impl<I2C: I2c> Sensor for Tmp1xx<I2C> {
    fn read(&mut self) -> Result<f32, Fault> {
        self.value().map_err(|Error::I2C(error)| {
            // Whoever plugs it in again brings one in its first state.
            self.set_up = false;
            of_i2c(&error)
        })
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    use super::*;

    #[test]
    fn twelve_bits_are_asked_for_at_first_and_after_the_sensor_was_away() {
        let nobody = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
        let set_up = Transaction::write(0x48, vec![1, 0x60, 0xa0]);
        let read = |bytes: [u8; 2]| Transaction::write_read(0x48, vec![0], bytes.to_vec());
        let mut i2c = Mock::new(&[
            set_up.clone(),
            read([0x19, 0x10]),
            read([0xe7, 0x00]),
            read([0, 0]).with_error(nobody),
            set_up,
            read([0x19, 0x10]),
        ]);
        let mut sensor = Tmp1xx::new(&mut i2c, SlaveAddr::Default);
        assert_eq!(sensor.read(), Ok(25.0625));
        assert_eq!(sensor.read(), Ok(-25.0));
        assert_eq!(sensor.read(), Err(Fault::Missing));
        assert_eq!(sensor.read(), Ok(25.0625));
        i2c.done();
    }
}
