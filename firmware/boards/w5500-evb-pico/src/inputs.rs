//! What this board measures, by the names that a configuration uses as a channel's source.

use core::cell::RefCell;

use ads1x1x::TargetAddr;
use board::sensor::Sensor;
use ds18b20::{Which, Wire};
use embassy_embedded_hal::shared_bus::blocking::spi::SpiDeviceWithConfig;
use embassy_rp::adc::{Adc, Blocking as AdcBlocking, Channel};
use embassy_rp::gpio::{Output, OutputOpenDrain};
use embassy_rp::i2c::{Blocking as I2cBlocking, I2c};
use embassy_rp::peripherals::{I2C0, SPI1};
use embassy_rp::spi::{self, Blocking as SpiBlocking, Phase, Spi};
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::NoopRawMutex;
use embassy_time::Delay;
use embedded_hal_bus::i2c::RefCellDevice;
use ina219::address::{Address, Pin};
use max31865::{Circuit, Mains, Wires};
use sensors::{
    Ads1115, CurrentLoop, CurrentTransformer, Dps310, Ds18b20, Ina219, Input, Max31855, Max31865,
    Quantity, Secondary, Span, Tmp1xx, Window,
};
use tmp1x2::SlaveAddr;

use crate::waveform::{Pin26, RATE_HZ};

/// I2C0, on GP4 and GP5.
pub type Wires2 = I2c<'static, I2C0, I2cBlocking>;
/// SPI1, on GP10 to GP12.
pub type Wires4 = Spi<'static, SPI1, SpiBlocking>;
/// The same, for several devices in their own modes.
pub type SharedWires4 = Mutex<NoopRawMutex, RefCell<Wires4>>;
/// 1-Wire, on GP22.
pub type Wire1 = Wire<OutputOpenDrain<'static>, Delay>;

type OnI2c = RefCellDevice<'static, Wires2>;
type OnSpi = SpiDeviceWithConfig<'static, NoopRawMutex, Wires4, Output<'static>>;
type Loop = CurrentLoop<Ads1115<OnI2c, Delay>>;

/// Shunt of each current loop, Ω; and of the INA219 on its usual module.
const LOOP_OHM: f32 = 150.0;
const INA219_OHM: f32 = 0.1;
/// Both converters take 5 MHz; wires on a breadboard do not.
const SPI_HZ: u32 = 1_000_000;
/// Loops report mA; the channel's calibration makes the transmitter's unit of it.
const MILLIAMPERE: Span = Span { at_4_ma: 4.0, at_20_ma: 20.0 };
/// A PT100 with three wires on the usual module.
const PT100: Circuit =
    Circuit { nominal_ohm: 100.0, reference_ohm: 430.0, wires: Wires::Three, mains: Mains::Hz50 };
/// A transformer of 100 A : 50 mA with a burden of 22 Ω, its middle at half of 3.3 V.
const TRANSFORMER: Secondary = Secondary {
    ratio: 2_000.0,
    burden_ohm: 22.0,
    volts_per_count: 3.3 / 4_096.0,
    highest_count: 4_095,
};

/// The sensors.
pub struct Inputs {
    tmp1xx: Tmp1xx<OnI2c>,
    loops: [Loop; 4],
    pressure: Dps310<OnI2c>,
    current: Ina219<OnI2c>,
    pt100: Max31865<OnSpi>,
    thermocouple: Max31855<OnSpi>,
    ds18b20: Ds18b20<'static, OutputOpenDrain<'static>, Delay>,
    transformer: Option<CurrentTransformer<Pin26>>,
}

/// The board's buses and pins.
pub struct Pins {
    /// I2C.
    pub i2c: &'static RefCell<Wires2>,
    /// SPI.
    pub spi: &'static SharedWires4,
    /// Chip select of the MAX31865 and of the MAX31855.
    pub select: [Output<'static>; 2],
    /// 1-Wire.
    pub wire: &'static RefCell<Wire1>,
    /// The ADC and its pin.
    pub adc: (Adc<'static, AdcBlocking>, Channel<'static>),
}

impl Inputs {
    /// The sensors on these pins. None has to be there: one that is missing is so whenever it is
    /// read.
    pub fn new(pins: Pins) -> Self {
        let Pins { i2c, spi, select: [pt100, thermocouple], wire, adc: (adc, pin) } = pins;
        let shared = || RefCellDevice::new(i2c);
        let loops = [Input::A0, Input::A1, Input::A2, Input::A3].map(|input| {
            let volts = Ads1115::new(shared(), TargetAddr::Vdd, input, Delay);
            CurrentLoop::new(volts, LOOP_OHM, MILLIAMPERE)
        });
        let address = Address::from_pins(Pin::Gnd, Pin::Gnd);
        let window = Window::at(RATE_HZ);
        Self {
            tmp1xx: Tmp1xx::new(shared(), SlaveAddr::Default),
            loops,
            pressure: Dps310::new(shared(), 0x77, Quantity::Pressure),
            current: Ina219::new(shared(), address, INA219_OHM),
            pt100: Max31865::new(on_spi(spi, pt100, Phase::CaptureOnSecondTransition), PT100),
            thermocouple: Max31855::new(on_spi(spi, thermocouple, Phase::CaptureOnFirstTransition)),
            ds18b20: Ds18b20::new(wire, Which::Only),
            transformer: window
                .map(|window| CurrentTransformer::new(Pin26::new(adc, pin), window, TRANSFORMER)),
        }
    }
}

/// The MAX31855 wants mode 0 and the MAX31865 mode 1: each device sets the bus up for itself.
fn on_spi(spi: &'static SharedWires4, select: Output<'static>, phase: Phase) -> OnSpi {
    let mut config = spi::Config::default();
    config.frequency = SPI_HZ;
    config.phase = phase;
    SpiDeviceWithConfig::new(spi, select, config)
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
            "thermocouple" => &mut self.thermocouple,
            "ds18b20" => &mut self.ds18b20,
            "transformer" => self.transformer.as_mut()?,
            _ => return None,
        })
    }
}
