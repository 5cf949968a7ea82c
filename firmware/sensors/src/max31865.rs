//! Temperature, °C, of a PT100 or PT1000 through a MAX31865.

use board::sensor::{Fault, Sensor};
use embedded_hal::spi::SpiDevice;
use max31865::{Circuit, Error};

/// The thermometer.
#[derive(Debug)]
pub struct Max31865<SPI> {
    driver: max31865::Max31865<SPI>,
}

impl<SPI: SpiDevice> Max31865<SPI> {
    /// The device on a bus in `max31865::MODE`.
    pub fn new(spi: SPI, circuit: Circuit) -> Self {
        Self { driver: max31865::Max31865::new(spi, circuit) }
    }
}

impl<SPI: SpiDevice> Sensor for Max31865<SPI> {
    fn read(&mut self) -> Result<f32, Fault> {
        self.driver.read().map_err(|error| match error {
            Error::Bus(_) => Fault::Bus,
            Error::Absent => Fault::Missing,
            Error::NotReady => Fault::NotReady,
            Error::Open => Fault::OpenCircuit,
            // A voltage from outside comes over a wire that touches something.
            Error::Short | Error::Voltage => Fault::ShortCircuit,
        })
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal_mock::eh1::spi::{Mock, Transaction};
    use max31865::{Mains, Wires};

    use super::*;

    #[test]
    fn a_broken_wire_is_an_open_circuit_and_a_short_one_a_short() {
        let circuit = Circuit {
            nominal_ohm: 1_000.0,
            reference_ohm: 4_300.0,
            wires: Wires::TwoOrFour,
            mains: Mains::Hz60,
        };
        for (code, bits, fault) in
            [(0xffff, 0x80, Fault::OpenCircuit), (0x0001, 0x40, Fault::ShortCircuit)]
        {
            let [high, low] = u16::to_be_bytes(code);
            let registers = vec![0xff, 0xc0, high, low, 0xee, 0x22, 0x0a, 0xb6, bits];
            let mut spi = Mock::new(&[
                Transaction::transaction_start(),
                Transaction::transfer(vec![0; 9], registers),
                Transaction::transaction_end(),
                Transaction::transaction_start(),
                Transaction::write_vec(vec![0x80, 0xc2]),
                Transaction::transaction_end(),
            ]);
            assert_eq!(Max31865::new(&mut spi, circuit).read(), Err(fault));
            spi.done();
        }
    }
}
