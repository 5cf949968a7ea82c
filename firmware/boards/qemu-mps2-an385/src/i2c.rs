//! I2C by hand: the shield's bus hangs on two lines that only the processor moves (Arm SBCon,
//! AN385, section 4.8). About 100 kHz, one master, seven-bit addresses.

use core::convert::Infallible;

use embedded_hal::i2c::{Error, ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation};

use crate::registers::Device;

/// Shield 1's bus; the emulator's sensors with `bus=i2c` are on it.
const LINES: Device<0x4002_a000> = Device::new();
/// Read both lines here, set lines here, clear lines there.
const SET: usize = 0x00;
const CLEAR: usize = 0x04;
const CLOCK: u32 = 1 << 0;
const DATA: u32 = 1 << 1;
/// Processor cycles of half a clock.
const HALF: u32 = 125;

/// The bus.
#[derive(Debug)]
pub struct Shield(());

/// Nobody acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoAcknowledge(NoAcknowledgeSource);

impl Error for NoAcknowledge {
    fn kind(&self) -> ErrorKind {
        ErrorKind::NoAcknowledge(self.0)
    }
}

impl From<Infallible> for NoAcknowledge {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

fn rise(line: u32) {
    LINES.write::<SET>(line);
    cortex_m::asm::delay(HALF);
}

fn fall(line: u32) {
    LINES.write::<CLEAR>(line);
    cortex_m::asm::delay(HALF);
}

fn start() {
    // Also a repeated start: data rises while the clock is low.
    rise(DATA);
    rise(CLOCK);
    fall(DATA);
    fall(CLOCK);
}

fn stop() {
    fall(DATA);
    rise(CLOCK);
    rise(DATA);
}

fn write_bit(high: bool) {
    if high {
        rise(DATA)
    } else {
        fall(DATA)
    }
    rise(CLOCK);
    fall(CLOCK);
}

fn read_bit() -> bool {
    rise(CLOCK);
    let high = LINES.read::<SET>() & DATA != 0;
    fall(CLOCK);
    high
}

/// Sends a byte and says whether it was acknowledged.
fn send(byte: u8) -> bool {
    for bit in (0..8).rev() {
        write_bit(byte >> bit & 1 == 1);
    }
    rise(DATA);
    !read_bit()
}

fn receive(last: bool) -> u8 {
    rise(DATA);
    let byte = (0..8).fold(0, |byte, _| byte << 1 | u8::from(read_bit()));
    write_bit(last);
    byte
}

impl Shield {
    /// Takes the lines, both high, and frees a device that a reset left in the middle of a byte
    /// (UM10204, section 3.1.16: nine clocks).
    #[must_use]
    pub fn start() -> Self {
        rise(DATA);
        for _ in 0..9 {
            read_bit();
        }
        start();
        stop();
        Self(())
    }

    fn run(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), NoAcknowledge> {
        let mut before = None;
        let mut rest = operations.iter_mut().peekable();
        while let Some(operation) = rest.next() {
            let reading = matches!(operation, Operation::Read(_));
            // Operations of one kind follow each other without a new start.
            if before != Some(reading) {
                start();
                if !send(address << 1 | u8::from(reading)) {
                    return Err(NoAcknowledge(NoAcknowledgeSource::Address));
                }
            }
            before = Some(reading);
            match operation {
                Operation::Write(bytes) => {
                    if !bytes.iter().all(|byte| send(*byte)) {
                        return Err(NoAcknowledge(NoAcknowledgeSource::Data));
                    }
                }
                Operation::Read(bytes) => {
                    let more = matches!(rest.peek(), Some(Operation::Read(_)));
                    let end = bytes.len().saturating_sub(1);
                    for (at, byte) in bytes.iter_mut().enumerate() {
                        *byte = receive(at == end && !more);
                    }
                }
            }
        }
        Ok(())
    }
}

impl ErrorType for Shield {
    type Error = NoAcknowledge;
}

impl I2c for Shield {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), NoAcknowledge> {
        let done = self.run(address, operations);
        stop();
        done
    }
}
