//! Direct current, A, through a shunt that an INA226 watches.

use board::sensor::{Fault, Sensor};
use embedded_hal::i2c::I2c;
use ina226::{AVG, Config, INA226, MODE, VBUSCT, VSHCT};

use crate::of_i2c;

/// One step of the shunt's voltage, V (SBOS547, "Shunt Voltage Register").
const STEP: f32 = 2.5e-6;

/// The monitor, averaging over 70 ms.
pub struct Ina226<I2C> {
    driver: INA226<I2C>,
    shunt_ohm: f32,
    set_up: bool,
}

impl<I2C: I2c> Ina226<I2C> {
    /// The monitor at a 7-bit address (0x40 to 0x4f), with its shunt in Ω: ±81.92 mV at most.
    pub fn new(i2c: I2C, address: u8, shunt_ohm: f32) -> Self {
        Self { driver: INA226::new(i2c, address), shunt_ohm, set_up: false }
    }

    fn raw(&mut self) -> Result<i16, I2C::Error> {
        if !self.set_up {
            self.driver.set_configuration(&Config {
                avg: AVG::_64,
                vbusct: VBUSCT::_1100us,
                vshct: VSHCT::_1100us,
                mode: MODE::ShuntVoltageContinuous,
            })?;
        }
        self.set_up = true;
        self.driver.shunt_voltage_raw()
    }
}

impl<I2C: I2c> Sensor for Ina226<I2C> {
    fn read(&mut self) -> Result<f32, Fault> {
        let fresh = !self.set_up;
        let raw = self.raw().map_err(|error| {
            self.set_up = false;
            of_i2c(&error)
        })?;
        match raw {
            // What was converted before the set-up is not averaged.
            _ if fresh => Err(Fault::NotReady),
            i16::MIN | i16::MAX => Err(Fault::OutOfRange),
            raw => Ok(f32::from(raw) * STEP / self.shunt_ohm),
        }
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    use super::*;

    #[test]
    fn it_is_set_up_to_average_and_again_after_it_was_away() {
        let nobody = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
        // 64 averages, 1.1 ms each, shunt all the time.
        let set_up = Transaction::write(0x40, vec![0, 0x47, 0x25]);
        let pointer = Transaction::write(0x40, vec![1]);
        let read =
            |raw: i16| [pointer.clone(), Transaction::read(0x40, raw.to_be_bytes().to_vec())];
        let mut i2c = Mock::new(
            &[
                vec![set_up.clone()],
                [0, 8_000, -8_000, i16::MAX].map(read).concat(),
                vec![pointer.clone().with_error(nobody), set_up],
                read(8_000).to_vec(),
            ]
            .concat(),
        );
        let mut sensor = Ina226::new(&mut i2c, 0x40, 0.01);
        assert_eq!(sensor.read(), Err(Fault::NotReady));
        assert!((sensor.read().unwrap() - 2.0).abs() < 1e-6);
        assert!((sensor.read().unwrap() + 2.0).abs() < 1e-6);
        assert_eq!(sensor.read(), Err(Fault::OutOfRange));
        assert_eq!(sensor.read(), Err(Fault::Missing));
        assert_eq!(sensor.read(), Err(Fault::NotReady));
        i2c.done();
    }
}
