//! A platinum resistance thermometer through a MAX31865 over SPI (datasheet 19-6478, revision 3;
//! "DS" below).
//!
//! The device converts all the time and compares each conversion with two thresholds, which are set
//! to what no thermometer can have: so an open or a short one is known by the device's own fault
//! register. One burst reads all registers, and shows by the configuration whether the device is
//! there and has not lost its supply.
#![cfg_attr(not(test), no_std)]

mod curve;

pub use curve::celsius;
use embedded_hal::spi::{MODE_1, Mode, SpiDevice};

/// How the bus has to be set up; 5 MHz at most (DS, "Serial interface").
pub const MODE: Mode = MODE_1;

/// Registers (DS, "Register addresses"); written to with the highest bit set.
const WRITE: u8 = 0x80;
const CONFIGURATION: u8 = 0x00;
const HIGH_THRESHOLD: u8 = 0x03;

/// Bits of the configuration (DS, "Configuration Register (00h)").
const BIAS: u8 = 1 << 7;
const CONTINUOUS: u8 = 1 << 6;
const THREE_WIRES: u8 = 1 << 4;
const CLEAR_FAULT: u8 = 1 << 1;
const REJECT_50_HZ: u8 = 1;

/// Bits of the fault register (DS, "Fault Status Register (07h)").
const ABOVE_THRESHOLD: u8 = 1 << 7;
const BELOW_THRESHOLD: u8 = 1 << 6;
/// The three voltages that a broken wire of the excitation shows in.
const WIRE: u8 = 0b11_1000;
const VOLTAGE: u8 = 1 << 2;

/// How the thermometer is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wires {
    /// Two or four: the device does not compensate, or need not.
    TwoOrFour,
    /// Three, of equal resistance.
    Three,
}

/// Mains frequency whose hum is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mains {
    /// 50 Hz.
    Hz50,
    /// 60 Hz.
    Hz60,
}

/// The circuit around the device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circuit {
    /// Resistance of the thermometer at 0 °C, Ω: 100 for a PT100, 1000 for a PT1000.
    pub nominal_ohm: f32,
    /// The reference resistor, Ω: about four times the nominal resistance (DS, "Rref").
    pub reference_ohm: f32,
    /// How the thermometer is connected.
    pub wires: Wires,
    /// Which hum is rejected.
    pub mains: Mains,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error<E> {
    /// The bus.
    Bus(E),
    /// No device, or none that keeps its configuration.
    Absent,
    /// The first conversion is not done, 66 ms at most (DS, electrical characteristics).
    NotReady,
    /// The thermometer or one of its wires has no connection.
    Open,
    /// The thermometer is short.
    Short,
    /// An input lies above the supply or below ground (DS, "Over-/undervoltage fault").
    Voltage,
}

/// The device.
#[derive(Debug)]
pub struct Max31865<SPI> {
    spi: SPI,
    circuit: Circuit,
}

impl<SPI: SpiDevice> Max31865<SPI> {
    /// The device on a bus in [`MODE`].
    pub fn new(spi: SPI, circuit: Circuit) -> Self {
        Self { spi, circuit }
    }

    /// Reads the last conversion, °C. Sets the device up when it is not, which answers
    /// [`Error::NotReady`].
    ///
    /// # Errors
    /// Those of the bus; what the device says of the thermometer.
    pub fn read(&mut self) -> Result<f32, Error<SPI::Error>> {
        let mut burst = [0; 9];
        let address = [CONFIGURATION; 9];
        self.spi.transfer(&mut burst, &address).map_err(Error::Bus)?;
        // The first byte comes while the address goes out.
        let [_, configuration, high, low, limits @ .., faults] = burst;
        if configuration != self.configuration() || limits != self.thresholds() {
            return self.set_up(configuration);
        }
        if faults != 0 || low & 1 == 1 {
            let clear = [WRITE | CONFIGURATION, configuration | CLEAR_FAULT];
            self.spi.write(&clear).map_err(Error::Bus)?;
            return Err(match faults {
                _ if faults & (ABOVE_THRESHOLD | WIRE) != 0 => Error::Open,
                _ if faults & BELOW_THRESHOLD != 0 => Error::Short,
                _ if faults & VOLTAGE != 0 => Error::Voltage,
                _ => Error::NotReady,
            });
        }
        let code = u16::from_be_bytes([high, low]) >> 1;
        if code == 0 {
            return Err(Error::NotReady);
        }
        // DS, "Converting RTD data register values to temperature".
        let ohm = f32::from(code) * self.circuit.reference_ohm / 32_768.0;
        Ok(celsius(ohm / self.circuit.nominal_ohm))
    }

    /// Gives the bus back.
    pub fn release(self) -> SPI {
        self.spi
    }

    fn set_up(&mut self, found: u8) -> Result<f32, Error<SPI::Error>> {
        // A line without a device stays high or low; a device after power-up says 0.
        if found == u8::MAX {
            return Err(Error::Absent);
        }
        let [a, b, c, d] = self.thresholds();
        let thresholds = [WRITE | HIGH_THRESHOLD, a, b, c, d];
        self.spi.write(&thresholds).map_err(Error::Bus)?;
        let expected = self.configuration();
        let start = [WRITE | CONFIGURATION, expected | CLEAR_FAULT];
        self.spi.write(&start).map_err(Error::Bus)?;
        let mut kept = [0; 2];
        self.spi.transfer(&mut kept, &[CONFIGURATION; 2]).map_err(Error::Bus)?;
        Err(if kept[1] == expected { Error::NotReady } else { Error::Absent })
    }

    fn configuration(&self) -> u8 {
        let wires = if self.circuit.wires == Wires::Three { THREE_WIRES } else { 0 };
        let mains = if self.circuit.mains == Mains::Hz50 { REJECT_50_HZ } else { 0 };
        BIAS | CONTINUOUS | wires | mains
    }

    /// Above 850 °C and below −200 °C: 3.9048 and 0.1852 times the nominal resistance (IEC 60751,
    /// table 1). An open thermometer reads full scale, a short one 0.
    fn thresholds(&self) -> [u8; 4] {
        let code = |ratio: f32| {
            let code = ratio * self.circuit.nominal_ohm / self.circuit.reference_ohm * 32_768.0;
            // The cast saturates. The lowest bit of the register is not used.
            (code.min(32_767.0) as u16) << 1
        };
        let [a, b] = code(4.0).to_be_bytes();
        let [c, d] = code(0.18).to_be_bytes();
        [a, b, c, d]
    }
}

#[cfg(test)]
mod tests;
