//! What this board measures: the sensors on its I2C bus, by the names that a configuration uses as
//! a channel's source.

use core::cell::RefCell;

use board::sensor::Sensor;
use embedded_hal_bus::i2c::RefCellDevice;
use pmbus::{Direct, Format, command};
use sensors::{PmbusInput, Tmp1xx};
use tmp1x2::SlaveAddr;

use crate::i2c::Shield;

/// ADM1272's current, ampere: the 30 mV range, 663 times the shunt in mΩ (datasheet, table 11); the
/// emulator's board has 0.3 mΩ.
const AMPERE: Format = Format::Direct(Direct { m: 198, b: 20_480, r: -1 });
/// ADM1272's voltage, volt, in the 100 V range.
const VOLT: Format = Format::Direct(Direct { m: 4062, b: 0, r: -2 });
/// MAX34451's voltage, volt: a word counts millivolts. A pressure transmitter hangs on it, whose
/// pascal come from the channel's calibration.
const MILLIVOLT: Format = Format::Direct(Direct { m: 1, b: 0, r: 3 });

type Shared<'a> = RefCellDevice<'a, Shield>;

/// The sensors.
pub struct Inputs<'a> {
    tmp105: Tmp1xx<Shared<'a>>,
    current: PmbusInput<Shared<'a>>,
    voltage: PmbusInput<Shared<'a>>,
    transmitter: PmbusInput<Shared<'a>>,
}

impl<'a> Inputs<'a> {
    /// The sensors on a bus. None has to be there: one that is missing is so whenever it is read.
    #[must_use]
    pub fn new(bus: &'a RefCell<Shield>) -> Self {
        let shared = || RefCellDevice::new(bus);
        let monitor = |command, format| PmbusInput::new(shared(), 0x20, None, command, format);
        Self {
            tmp105: Tmp1xx::new(shared(), SlaveAddr::Default),
            current: monitor(command::READ_IOUT, AMPERE),
            voltage: monitor(command::READ_VIN, VOLT),
            transmitter: PmbusInput::new(shared(), 0x21, Some(0), command::READ_VOUT, MILLIVOLT),
        }
    }
}

impl board::sensor::Inputs for Inputs<'_> {
    fn named(&mut self, source: &str) -> Option<&mut dyn Sensor> {
        Some(match source {
            "tmp105" => &mut self.tmp105,
            "adm1272-current" => &mut self.current,
            "adm1272-voltage" => &mut self.voltage,
            "max34451-0" => &mut self.transmitter,
            _ => return None,
        })
    }
}
