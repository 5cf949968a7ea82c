//! Temperature, °C, of a thermocouple through a MAX31855.

use board::sensor::{Fault, Sensor};
use embedded_hal::spi::SpiDevice;
use max31855::Error;

/// The thermocouple.
#[derive(Debug)]
pub struct Max31855<SPI> {
    driver: max31855::Max31855<SPI>,
}

impl<SPI: SpiDevice> Max31855<SPI> {
    /// The device on a bus in `max31855::MODE`.
    pub fn new(spi: SPI) -> Self {
        Self { driver: max31855::Max31855::new(spi) }
    }
}

impl<SPI: SpiDevice> Sensor for Max31855<SPI> {
    fn read(&mut self) -> Result<f32, Fault> {
        let reading = self.driver.read().map_err(|error| match error {
            Error::Bus(_) => Fault::Bus,
            Error::Absent => Fault::Missing,
            Error::Open => Fault::OpenCircuit,
            Error::ShortToGround | Error::ShortToSupply => Fault::ShortCircuit,
        })?;
        Ok(reading.thermocouple)
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal_mock::eh1::spi::{Mock, Transaction};

    use super::*;

    #[test]
    fn each_fault_bit_is_a_fault_of_the_circuit() {
        let read = |word: u32| {
            let mut spi = Mock::new(&[
                Transaction::transaction_start(),
                Transaction::read_vec(word.to_be_bytes().to_vec()),
                Transaction::transaction_end(),
            ]);
            let result = Max31855::new(&mut spi).read();
            spi.done();
            result
        };
        assert_eq!(read(0xfff0_1900), Ok(-1.0));
        assert_eq!(read(0x0001_1901), Err(Fault::OpenCircuit));
        assert_eq!(read(0x0001_1902), Err(Fault::ShortCircuit));
        assert_eq!(read(0x0001_1904), Err(Fault::ShortCircuit));
        assert_eq!(read(u32::MAX), Err(Fault::Missing));
    }
}
