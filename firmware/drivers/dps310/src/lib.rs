//! Pressure and temperature of air with a DPS310 over I2C (Infineon DPS310 datasheet, V1.1; "DS"
//! below). It measures by itself four times a second, eight samples a value, to about 0.5 Pa.
#![cfg_attr(not(test), no_std)]

mod coefficients;

use coefficients::{BYTES, Coefficients};
use embedded_hal::i2c::I2c;

/// Registers (DS, "Register Map").
const PRESSURE: u8 = 0x00;
const PRESSURE_CONFIGURATION: u8 = 0x06;
const MODE: u8 = 0x08;
const PRODUCT: u8 = 0x0d;
const COEFFICIENTS: u8 = 0x10;
const COEFFICIENT_SOURCE: u8 = 0x28;

/// Product and revision.
const DPS310: u8 = 0x10;
/// Bits of [`MODE`].
const COEFFICIENTS_READY: u8 = 1 << 7;
const SENSOR_READY: u8 = 1 << 6;
const BOTH_READY: u8 = 0b11 << 4;
const BACKGROUND: u8 = 0b111;
/// Four a second, eight samples each (DS, "Pressure Configuration", "Temperature Configuration").
const RATE: u8 = 0b010 << 4 | 0b011;
/// What a value of eight samples is divided by (DS, "Compensation Scale Factors").
const SCALE: f32 = 7_864_320.0;
/// Some devices read 60 °C until they are told this; from the maker's own library, "correct
/// temperature".
const TEMPERATURE_FIX: [[u8; 2]; 5] =
    [[0x0e, 0xa5], [0x0f, 0x96], [0x62, 0x02], [0x0e, 0x00], [0x0f, 0x00]];

/// One measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Pa, 30 000 to 120 000.
    pub pascal: f32,
    /// °C of the sensor itself.
    pub celsius: f32,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error<E> {
    /// The bus, or nothing answers.
    Bus(E),
    /// Something else answers at this address.
    Absent,
    /// The sensor starts (40 ms), or has no new value.
    NotReady,
}

/// The sensor at its address.
#[derive(Debug)]
pub struct Dps310<I2C> {
    i2c: I2C,
    address: u8,
    coefficients: Option<Coefficients>,
}

impl<I2C: I2c> Dps310<I2C> {
    /// The sensor at 0x77, or at 0x76 with SDO low.
    pub fn new(i2c: I2C, address: u8) -> Self {
        Self { i2c, address, coefficients: None }
    }

    /// Reads the last measurement; sets the sensor up when it is not, which answers
    /// [`Error::NotReady`].
    ///
    /// # Errors
    /// Those of the bus; no value yet.
    pub fn read(&mut self) -> Result<Reading, Error<I2C::Error>> {
        let result = self.measured();
        if matches!(result, Err(Error::Bus(_) | Error::Absent)) {
            // What is there next may be another one.
            self.coefficients = None;
        }
        result
    }

    fn measured(&mut self) -> Result<Reading, Error<I2C::Error>> {
        let [mode] = self.registers(MODE)?;
        let Some(coefficients) = self.coefficients else {
            return Err(self.set_up(mode)?);
        };
        if mode & BACKGROUND != BACKGROUND {
            // It lost its supply.
            self.coefficients = None;
            return Err(Error::NotReady);
        }
        if mode & BOTH_READY != BOTH_READY {
            return Err(Error::NotReady);
        }
        let [p2, p1, p0, t2, t1, t0] = self.registers(PRESSURE)?;
        let scaled = |bytes: [u8; 4]| (i32::from_be_bytes(bytes) >> 8) as f32 / SCALE;
        let (p, t) = (scaled([p2, p1, p0, 0]), scaled([t2, t1, t0, 0]));
        let (pascal, celsius) = (coefficients.pascal(p, t), coefficients.celsius(t));
        Ok(Reading { pascal, celsius })
    }

    /// Reads the coefficients and starts the measurements; says [`Error::NotReady`] when it has.
    fn set_up(&mut self, mode: u8) -> Result<Error<I2C::Error>, Error<I2C::Error>> {
        let [product] = self.registers(PRODUCT)?;
        if product != DPS310 {
            return Ok(Error::Absent);
        }
        let started = COEFFICIENTS_READY | SENSOR_READY;
        if mode & started != started {
            return Ok(Error::NotReady);
        }
        let coefficients: [u8; BYTES] = self.registers(COEFFICIENTS)?;
        // The temperature has to be measured by the sensor that its coefficients belong to.
        let [source] = self.registers(COEFFICIENT_SOURCE)?;
        for [register, value] in TEMPERATURE_FIX {
            self.write(&[register, value])?;
        }
        self.write(&[PRESSURE_CONFIGURATION, RATE, RATE | source & 0x80])?;
        self.write(&[MODE, BACKGROUND])?;
        self.coefficients = Some(Coefficients::read(coefficients));
        Ok(Error::NotReady)
    }

    fn registers<const N: usize>(&mut self, from: u8) -> Result<[u8; N], Error<I2C::Error>> {
        let mut bytes = [0; N];
        self.i2c.write_read(self.address, &[from], &mut bytes).map_err(Error::Bus)?;
        Ok(bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error<I2C::Error>> {
        self.i2c.write(self.address, bytes).map_err(Error::Bus)
    }

    /// Gives the bus back.
    pub fn release(self) -> I2C {
        self.i2c
    }
}

#[cfg(test)]
mod tests;
