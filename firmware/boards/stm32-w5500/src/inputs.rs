//! What this board measures, by the names that a configuration uses as a channel's source.

use core::cell::RefCell;

use ads1x1x::TargetAddr;
use board::sensor::Sensor;
use ds18b20::{Which, Wire};
use embassy_stm32::gpio::{Output, OutputOpenDrain};
use embassy_stm32::i2c::{self, I2c};
use embassy_stm32::mode::Blocking;
use embassy_stm32::spi::{self, Spi};
use embassy_time::Delay;
use embedded_hal_bus::i2c::RefCellDevice;
use embedded_hal_bus::spi::ExclusiveDevice;
use ina219::address::{Address, Pin};
use max31865::{Circuit, Mains, Wires};
use sensors::{
    Ads1115, CurrentLoop, Dps310, Ds18b20, Ina219, Input, Max31865, Quantity, Span, Tmp1xx,
};
use tmp1x2::SlaveAddr;

/// I2C3, on PA8 and PC9.
pub type Wires2 = I2c<'static, Blocking, i2c::Master>;
/// SPI3, on PB3 to PB5, with its one device.
pub type Wires4 =
    ExclusiveDevice<Spi<'static, Blocking, spi::mode::Master>, Output<'static>, Delay>;
/// 1-Wire, on PD2.
pub type Wire1 = Wire<OutputOpenDrain<'static>, Delay>;

type OnI2c = RefCellDevice<'static, Wires2>;
type Loop = CurrentLoop<Ads1115<OnI2c, Delay>>;

/// Shunt of each current loop, Ω; and of the INA219 on its usual module.
const LOOP_OHM: f32 = 150.0;
const INA219_OHM: f32 = 0.1;
/// Loops report mA; the channel's calibration makes the transmitter's unit of it.
const MILLIAMPERE: Span = Span { at_4_ma: 4.0, at_20_ma: 20.0 };
/// A PT100 with three wires on the usual module.
const PT100: Circuit =
    Circuit { nominal_ohm: 100.0, reference_ohm: 430.0, wires: Wires::Three, mains: Mains::Hz50 };

/// The sensors.
pub struct Inputs {
    tmp1xx: Tmp1xx<OnI2c>,
    loops: [Loop; 4],
    pressure: Dps310<OnI2c>,
    current: Ina219<OnI2c>,
    pt100: Max31865<Wires4>,
    ds18b20: Ds18b20<'static, OutputOpenDrain<'static>, Delay>,
}

impl Inputs {
    /// The sensors on these buses. None has to be there: one that is missing is so whenever it is
    /// read.
    pub fn new(i2c: &'static RefCell<Wires2>, spi: Wires4, wire: &'static RefCell<Wire1>) -> Self {
        let shared = || RefCellDevice::new(i2c);
        let loops = [Input::A0, Input::A1, Input::A2, Input::A3].map(|input| {
            let volts = Ads1115::new(shared(), TargetAddr::Vdd, input, Delay);
            CurrentLoop::new(volts, LOOP_OHM, MILLIAMPERE)
        });
        let address = Address::from_pins(Pin::Gnd, Pin::Gnd);
        Self {
            tmp1xx: Tmp1xx::new(shared(), SlaveAddr::Default),
            loops,
            pressure: Dps310::new(shared(), 0x77, Quantity::Pressure),
            current: Ina219::new(shared(), address, INA219_OHM),
            pt100: Max31865::new(spi, PT100),
            ds18b20: Ds18b20::new(wire, Which::Only),
        }
    }
}

impl board::sensor::Inputs for Inputs {
    fn named(&mut self, source: &str) -> Option<&mut dyn Sensor> {
        let [loop0, loop1, loop2, loop3] = &mut self.loops;
        Some(match source {
            "tmp1xx" => &mut self.tmp1xx,
            "loop0" => loop0,
            "loop1" => loop1,
            "loop2" => loop2,
            "loop3" => loop3,
            "dps310" => &mut self.pressure,
            "ina219" => &mut self.current,
            "pt100" => &mut self.pt100,
            "ds18b20" => &mut self.ds18b20,
            _ => return None,
        })
    }
}
