//! The 1-Wire bus on one pin (DS18B20 datasheet 19-7487, revision 6, "1-Wire signaling").

use embedded_hal::delay::DelayNs;
use embedded_hal::digital::{InputPin, OutputPin};

/// Slots and pulses, µs (datasheet, "AC electrical characteristics"). A bit stands for 15 µs from the
/// begin of its slot: it is read after 9, since most delays last one or two longer than asked.
const RESET_LOW: u32 = 480;
const PRESENCE_AFTER: u32 = 70;
const RESET_REST: u32 = 410;
const START_LOW: u32 = 2;
const SAMPLE_AFTER: u32 = 7;
const SLOT_REST: u32 = 55;
const ZERO_LOW: u32 = 65;
const RECOVERY: u32 = 5;

/// What can be wrong on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireError<E> {
    /// The pin of the board.
    Pin(E),
    /// Nobody answers a reset.
    Nobody,
    /// The line does not rise: it is short to ground, or has no pull-up resistor.
    Stuck,
    /// A checksum is wrong: noise, a long line, or an interrupt in the middle of a bit.
    Checksum,
}

/// The bus: an open-drain pin with a pull-up of 4.7 kΩ, and a delay that is exact to 1 or 2 µs. A bit
/// that an interrupt has stretched is found by the checksum, and the reading is taken again.
#[derive(Debug)]
pub struct Wire<P, D> {
    pin: P,
    delay: D,
}

impl<E, P: InputPin + OutputPin + embedded_hal::digital::ErrorType<Error = E>, D: DelayNs>
    Wire<P, D>
{
    /// The bus on a pin. Set high, the pin must let the line go.
    pub fn new(pin: P, delay: D) -> Self {
        Self { pin, delay }
    }

    /// Calls all devices.
    ///
    /// # Errors
    /// When none answers, or the line does not work.
    pub fn reset(&mut self) -> Result<(), WireError<E>> {
        self.release()?;
        self.delay.delay_us(RECOVERY);
        if self.is_low()? {
            return Err(WireError::Stuck);
        }
        self.pin.set_low().map_err(WireError::Pin)?;
        self.delay.delay_us(RESET_LOW);
        self.release()?;
        self.delay.delay_us(PRESENCE_AFTER);
        let present = self.is_low()?;
        self.delay.delay_us(RESET_REST);
        if present { Ok(()) } else { Err(WireError::Nobody) }
    }

    /// Writes bytes, lowest bit first.
    ///
    /// # Errors
    /// Those of the pin.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), WireError<E>> {
        for byte in bytes {
            for bit in 0..8 {
                self.write_bit(byte >> bit & 1 == 1)?;
            }
        }
        Ok(())
    }

    /// Reads bytes, lowest bit first.
    ///
    /// # Errors
    /// Those of the pin.
    pub fn read(&mut self, bytes: &mut [u8]) -> Result<(), WireError<E>> {
        for byte in bytes {
            *byte = 0;
            for bit in 0..8 {
                *byte |= u8::from(self.read_bit()?) << bit;
            }
        }
        Ok(())
    }

    /// Reads one bit.
    ///
    /// # Errors
    /// Those of the pin.
    pub fn read_bit(&mut self) -> Result<bool, WireError<E>> {
        self.pin.set_low().map_err(WireError::Pin)?;
        self.delay.delay_us(START_LOW);
        self.release()?;
        self.delay.delay_us(SAMPLE_AFTER);
        let bit = !self.is_low()?;
        self.delay.delay_us(SLOT_REST);
        Ok(bit)
    }

    fn write_bit(&mut self, bit: bool) -> Result<(), WireError<E>> {
        let (low, high) = if bit { (START_LOW, ZERO_LOW) } else { (ZERO_LOW, RECOVERY) };
        self.pin.set_low().map_err(WireError::Pin)?;
        self.delay.delay_us(low);
        self.release()?;
        self.delay.delay_us(high);
        Ok(())
    }

    fn release(&mut self) -> Result<(), WireError<E>> {
        self.pin.set_high().map_err(WireError::Pin)
    }

    fn is_low(&mut self) -> Result<bool, WireError<E>> {
        self.pin.is_low().map_err(WireError::Pin)
    }
}

/// Checksum over a ROM or a scratchpad; 0 over bytes and their checksum (datasheet, "CRC
/// generation": x⁸ + x⁵ + x⁴ + 1, reflected).
#[must_use]
pub fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ byte, |sum, _| sum >> 1 ^ if sum & 1 == 1 { 0x8c } else { 0 })
    })
}
