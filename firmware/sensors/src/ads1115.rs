//! Voltage, V, of one input of an ADS1115.

use ads1x1x::ic::{Ads1115 as Chip, Resolution16Bit};
use ads1x1x::mode::OneShot;
use ads1x1x::{Ads1x1x, DataRate16Bit, Error, FullScaleRange, TargetAddr, channel};
use board::sensor::{Fault, Sensor};
use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::I2c;

use crate::of_i2c;

/// A conversion at 250 a second, with the 10 % that the chip's clock may be off (SBAS444, section
/// 6.5) and its wake-up.
const CONVERSION_US: u32 = 4_500;
/// How often a conversion is asked for: the one that the set-up began, started, not quite done, done.
const ATTEMPTS: u8 = 4;
/// Full scale, V, in 32 768 steps. A supply of 3.3 V limits the input before.
const FULL_SCALE: f32 = 4.096;

/// One of the four inputs against ground, or two against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// AIN0 against ground.
    A0,
    /// AIN1 against ground.
    A1,
    /// AIN2 against ground.
    A2,
    /// AIN3 against ground.
    A3,
    /// AIN0 against AIN1.
    A0A1,
    /// AIN2 against AIN3.
    A2A3,
}

/// One input of the converter. Several inputs of one chip are several of these on a shared bus: a
/// reading takes the chip for its conversion of 4.5 ms and waits for it.
pub struct Ads1115<I2C, D> {
    driver: Ads1x1x<I2C, Chip, Resolution16Bit, OneShot>,
    input: Input,
    delay: D,
    set_up: bool,
}

impl<I2C: I2c, D: DelayNs> Ads1115<I2C, D> {
    /// The input of the converter at an address.
    pub fn new(i2c: I2C, address: TargetAddr, input: Input, delay: D) -> Self {
        Self { driver: Ads1x1x::new_ads1115(i2c, address), input, delay, set_up: false }
    }

    fn convert(&mut self) -> nb::Result<i16, Error<I2C::Error>> {
        match self.input {
            Input::A0 => self.driver.read(channel::SingleA0),
            Input::A1 => self.driver.read(channel::SingleA1),
            Input::A2 => self.driver.read(channel::SingleA2),
            Input::A3 => self.driver.read(channel::SingleA3),
            Input::A0A1 => self.driver.read(channel::DifferentialA0A1),
            Input::A2A3 => self.driver.read(channel::DifferentialA2A3),
        }
    }

    fn value(&mut self) -> Result<i16, Fault> {
        let said = |error| match error {
            Error::I2C(error) => of_i2c(&error),
            Error::InvalidInputData => Fault::OutOfRange,
        };
        if !self.set_up {
            self.driver.set_full_scale_range(FullScaleRange::Within4_096V).map_err(said)?;
            self.driver.set_data_rate(DataRate16Bit::Sps250).map_err(said)?;
            self.set_up = true;
        }
        for attempt in 0..ATTEMPTS {
            match self.convert() {
                // Left by a reading that failed: it may be of another input.
                Ok(_) if attempt == 0 => {}
                Ok(value) => return Ok(value),
                Err(nb::Error::WouldBlock) => self.delay.delay_us(CONVERSION_US),
                Err(nb::Error::Other(error)) => return Err(said(error)),
            }
        }
        Err(Fault::NotReady)
    }
}

impl<I2C: I2c, D: DelayNs> Sensor for Ads1115<I2C, D> {
    fn read(&mut self) -> Result<f32, Fault> {
        match self.value().inspect_err(|_| self.set_up = false)? {
            i16::MIN | i16::MAX => Err(Fault::OutOfRange),
            value => Ok(f32::from(value) * FULL_SCALE / 32_768.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
    use embedded_hal_mock::eh1::delay::NoopDelay;
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    use super::*;

    fn write(config: u16) -> Transaction {
        Transaction::write(0x48, [&[1][..], &config.to_be_bytes()].concat())
    }

    fn read(register: u8, word: u16) -> Transaction {
        Transaction::write_read(0x48, vec![register], word.to_be_bytes().to_vec())
    }

    /// Start, one-shot, ±4.096 V, 250 a second, AIN1.
    const AIN1: u16 = 0xd3a3;
    const DONE: u16 = 1 << 15;

    fn conversion(value: i16) -> [Transaction; 4] {
        let value = read(0, value.cast_unsigned());
        [read(1, DONE), write(AIN1), read(1, DONE), value]
    }

    #[test]
    fn an_input_is_converted_when_asked_and_set_up_again_after_it_was_away() {
        let nobody = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
        // The range comes first, the rate after it.
        let set_up = [write(0x8383), write(0x83a3)];
        let again = [write(AIN1), write(AIN1)];
        let mut i2c = Mock::new(
            &[
                set_up.to_vec(),
                conversion(8_000).to_vec(),
                conversion(i16::MAX).to_vec(),
                vec![read(1, DONE).with_error(nobody)],
                again.to_vec(),
                conversion(-8_000).to_vec(),
            ]
            .concat(),
        );
        let mut input = Ads1115::new(&mut i2c, TargetAddr::Gnd, Input::A1, NoopDelay::new());
        assert_eq!(input.read(), Ok(1.0));
        assert_eq!(input.read(), Err(Fault::OutOfRange));
        assert_eq!(input.read(), Err(Fault::Missing));
        assert_eq!(input.read(), Ok(-1.0));
        i2c.done();
    }
}
