//! One input as a person writes it, and the sensor that it becomes.

use std::path::{Path, PathBuf};

use ads1x1x::TargetAddr;
use board::sensor::Sensor;
use linux_embedded_hal::spidev::{SpiModeFlags, SpidevOptions};
use linux_embedded_hal::{Delay, SpidevDevice};
use max31865::{Circuit, Mains, Wires};
use sensors::{
    Ads1115, CurrentLoop, Dps310, Ina219, Ina226, Input, Lm75, Max31855, Max31865, PmbusInput,
    Quantity, Span, Tmp1xx,
};
use serde::Deserialize;
use tmp1x2::SlaveAddr;

use crate::i2c::Bus;
use crate::value_file::{MILLI, ValueFile};

/// Both SPI converters take 5 MHz; a long cable does not.
const SPI_HZ: u32 = 1_000_000;

/// A section of the inputs file; `sensor` says which kind, the rest is what the kind needs.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "sensor", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// Temperature of the processor, °C.
    Cpu,
    /// Load average of the last minute: an input that every Linux machine has.
    Load,
    /// The first number of a file, times `scale`.
    File {
        path: PathBuf,
        #[serde(default = "milli")]
        scale: f64,
    },
    Tmp1xx {
        #[serde(flatten)]
        at: Wired,
    },
    Lm75 {
        #[serde(flatten)]
        at: Wired,
    },
    Dps310 {
        #[serde(flatten)]
        at: Wired,
        quantity: Air,
    },
    Ina219 {
        #[serde(flatten)]
        at: Wired,
        shunt_ohm: f32,
    },
    Ina226 {
        #[serde(flatten)]
        at: Wired,
        shunt_ohm: f32,
    },
    /// Voltage of one input.
    Ads1115 {
        #[serde(flatten)]
        at: Wired,
        input: Pin,
    },
    /// 4 to 20 mA over a shunt, on an ADS1115.
    CurrentLoop {
        #[serde(flatten)]
        at: Wired,
        input: Pin,
        shunt_ohm: f32,
        at_4_ma: f32,
        at_20_ma: f32,
    },
    /// Thermocouple, °C.
    Max31855 { device: PathBuf },
    /// PT100 or PT1000, °C.
    Max31865 {
        device: PathBuf,
        #[serde(default = "pt100")]
        nominal_ohm: f32,
        #[serde(default = "reference")]
        reference_ohm: f32,
        #[serde(default)]
        three_wires: bool,
        #[serde(default = "fifty")]
        mains_hz: u8,
    },
    /// One command of a PMBus monitor.
    Pmbus {
        #[serde(flatten)]
        at: Wired,
        page: Option<u8>,
        command: u8,
        format: Format,
    },
}

/// Where a device hangs on I2C.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Wired {
    #[serde(default = "first_bus")]
    bus: PathBuf,
    address: u8,
}

/// What a DPS310 measures.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Air {
    Pressure,
    Temperature,
}

/// Inputs of an ADS1115.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pin {
    A0,
    A1,
    A2,
    A3,
    A0A1,
    A2A3,
}

/// `pmbus::Format`, as it is written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Format {
    Linear11,
    Linear16 { exponent: i8 },
    Direct { m: i32, b: i32, r: i8 },
}

fn milli() -> f64 {
    MILLI
}

fn first_bus() -> PathBuf {
    PathBuf::from("/dev/i2c-1")
}

fn pt100() -> f32 {
    100.0
}

fn reference() -> f32 {
    430.0
}

fn fifty() -> u8 {
    50
}

impl Source {
    /// The sensor, when its bus is there; the device behind it need not be.
    pub fn open(&self) -> Option<Box<dyn Sensor>> {
        Some(match self {
            Self::Cpu => Box::new(ValueFile::of_the_processor()?),
            Self::Load => Box::new(ValueFile::new("/proc/loadavg".into(), 1.0)),
            Self::File { path, scale } => Box::new(ValueFile::new(path.clone(), *scale)),
            Self::Tmp1xx { at } => {
                let address = SlaveAddr::Alternative(at.address & 2 != 0, at.address & 1 != 0);
                Box::new(Tmp1xx::new(at.open()?, address))
            }
            Self::Lm75 { at } => Box::new(Lm75::new(at.open()?, at.address.into())),
            Self::Dps310 { at, quantity } => {
                let quantity = match quantity {
                    Air::Pressure => Quantity::Pressure,
                    Air::Temperature => Quantity::Temperature,
                };
                Box::new(Dps310::new(at.open()?, at.address, quantity))
            }
            Self::Ina219 { at, shunt_ohm } => {
                let address = ina219::address::Address::from_byte(at.address).ok()?;
                Box::new(Ina219::new(at.open()?, address, *shunt_ohm))
            }
            Self::Ina226 { at, shunt_ohm } => {
                Box::new(Ina226::new(at.open()?, at.address, *shunt_ohm))
            }
            Self::Ads1115 { at, input } => Box::new(at.converter(*input)?),
            Self::CurrentLoop { at, input, shunt_ohm, at_4_ma, at_20_ma } => {
                let span = Span { at_4_ma: *at_4_ma, at_20_ma: *at_20_ma };
                Box::new(CurrentLoop::new(at.converter(*input)?, *shunt_ohm, span))
            }
            Self::Max31855 { device } => {
                Box::new(Max31855::new(spi(device, SpiModeFlags::SPI_MODE_0)?))
            }
            Self::Max31865 { device, nominal_ohm, reference_ohm, three_wires, mains_hz } => {
                let circuit = Circuit {
                    nominal_ohm: *nominal_ohm,
                    reference_ohm: *reference_ohm,
                    wires: if *three_wires { Wires::Three } else { Wires::TwoOrFour },
                    mains: if *mains_hz == 60 { Mains::Hz60 } else { Mains::Hz50 },
                };
                Box::new(Max31865::new(spi(device, SpiModeFlags::SPI_MODE_1)?, circuit))
            }
            Self::Pmbus { at, page, command, format } => {
                let format = match *format {
                    Format::Linear11 => pmbus::Format::Linear11,
                    Format::Linear16 { exponent } => pmbus::Format::Linear16 { exponent },
                    Format::Direct { m, b, r } => pmbus::Format::Direct(pmbus::Direct { m, b, r }),
                };
                Box::new(PmbusInput::new(at.open()?, at.address, *page, *command, format))
            }
        })
    }

    /// Checks what the types leave open: the first thing that cannot be.
    pub fn check(&self) -> Result<(), &'static str> {
        let positive = |ohm: f32| ohm > 0.0 && ohm.is_finite();
        match self {
            Self::Tmp1xx { at } if !(0x48..=0x4b).contains(&at.address) => {
                Err("a TMP1xx has address 0x48 to 0x4b")
            }
            Self::Ads1115 { at, .. } | Self::CurrentLoop { at, .. }
                if !(0x48..=0x4b).contains(&at.address) =>
            {
                Err("an ADS1115 has address 0x48 to 0x4b")
            }
            Self::Ina219 { at, .. } if !(0x40..=0x4f).contains(&at.address) => {
                Err("an INA219 has address 0x40 to 0x4f")
            }
            Self::Ina219 { shunt_ohm, .. }
            | Self::Ina226 { shunt_ohm, .. }
            | Self::CurrentLoop { shunt_ohm, .. }
                if !positive(*shunt_ohm) =>
            {
                Err("shunt_ohm has to be above 0")
            }
            Self::Max31865 { nominal_ohm, reference_ohm, .. }
                if !(positive(*nominal_ohm) && positive(*reference_ohm)) =>
            {
                Err("nominal_ohm and reference_ohm have to be above 0")
            }
            Self::Max31865 { mains_hz, .. } if ![50, 60].contains(mains_hz) => {
                Err("mains_hz is 50 or 60")
            }
            _ => Ok(()),
        }
    }
}

impl Wired {
    fn open(&self) -> Option<Bus> {
        Bus::open(&self.bus)
    }

    fn converter(&self, input: Pin) -> Option<Ads1115<Bus, Delay>> {
        let address = match self.address {
            0x49 => TargetAddr::Vdd,
            0x4a => TargetAddr::Sda,
            0x4b => TargetAddr::Scl,
            _ => TargetAddr::Gnd,
        };
        let input = match input {
            Pin::A0 => Input::A0,
            Pin::A1 => Input::A1,
            Pin::A2 => Input::A2,
            Pin::A3 => Input::A3,
            Pin::A0A1 => Input::A0A1,
            Pin::A2A3 => Input::A2A3,
        };
        Some(Ads1115::new(self.open()?, address, input, Delay))
    }
}

fn spi(device: &Path, mode: SpiModeFlags) -> Option<SpidevDevice> {
    let mut spi = SpidevDevice::open(device).ok()?;
    let options = SpidevOptions::new().max_speed_hz(SPI_HZ).mode(mode).bits_per_word(8).build();
    spi.0.configure(&options).ok()?;
    Some(spi)
}
