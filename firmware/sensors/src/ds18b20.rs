//! Temperature, °C, of a DS18B20 on a 1-Wire bus.

use core::cell::RefCell;

use board::sensor::{Fault, Sensor};
use ds18b20::{Error, Which, Wire, WireError};
use embedded_hal::delay::DelayNs;
use embedded_hal::digital::{InputPin, OutputPin};

/// The thermometer, on a bus that it may share with others.
#[derive(Debug)]
pub struct Ds18b20<'a, P, D> {
    driver: ds18b20::Ds18b20,
    wire: &'a RefCell<Wire<P, D>>,
}

impl<'a, P, D> Ds18b20<'a, P, D> {
    /// The only thermometer of a bus, or one by its number.
    pub fn new(wire: &'a RefCell<Wire<P, D>>, which: Which) -> Self {
        Self { driver: ds18b20::Ds18b20::new(which), wire }
    }
}

impl<P: InputPin + OutputPin, D: DelayNs> Sensor for Ds18b20<'_, P, D> {
    fn read(&mut self) -> Result<f32, Fault> {
        // Lent out means that another reading is under way.
        let mut wire = self.wire.try_borrow_mut().map_err(|_| Fault::NotReady)?;
        self.driver.read(&mut wire).map_err(|error| match error {
            Error::NotReady => Fault::NotReady,
            Error::Absent | Error::Wire(WireError::Nobody) => Fault::Missing,
            Error::Wire(WireError::Stuck) => Fault::ShortCircuit,
            Error::Wire(WireError::Pin(_) | WireError::Checksum) => Fault::Bus,
        })
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal_mock::eh1::delay::NoopDelay;
    use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};

    use super::*;

    #[test]
    fn a_silent_bus_is_a_missing_sensor_and_one_that_stays_low_a_short_circuit() {
        let nobody = [
            Transaction::set(State::High),
            Transaction::get(State::High),
            Transaction::set(State::Low),
            Transaction::set(State::High),
            Transaction::get(State::High),
        ];
        let short = [Transaction::set(State::High), Transaction::get(State::Low)];
        for (line, fault) in [(&nobody[..], Fault::Missing), (&short[..], Fault::ShortCircuit)] {
            let mut pin = Mock::new(line);
            let wire = RefCell::new(Wire::new(&mut pin, NoopDelay::new()));
            assert_eq!(Ds18b20::new(&wire, Which::Only).read(), Err(fault));
            pin.done();
        }
    }
}
