//! I2C of the kernel, with one more of its answers understood.

use std::path::Path;

use embedded_hal::i2c::{
    Error, ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation, SevenBitAddress,
};
use linux_embedded_hal::i2cdev::linux::LinuxI2CError;
use linux_embedded_hal::{I2CError, I2cdev};

/// A bus, /dev/i2c-1 on a Raspberry Pi. Each sensor has its own: the kernel takes turns.
pub struct Bus(I2cdev);

impl Bus {
    /// Opens the bus; `None` when it is not there or not allowed.
    pub fn open(path: &Path) -> Option<Self> {
        I2cdev::new(path).ok().map(Self)
    }
}

/// What went wrong on it.
#[derive(Debug)]
pub struct BusError(ErrorKind);

impl From<I2CError> for BusError {
    fn from(error: I2CError) -> Self {
        // What many adapters, the Raspberry Pi's among them, say of an address that is silent;
        // linux-embedded-hal knows ENXIO only (kernel, i2c/fault-codes).
        let silent = match error.inner() {
            LinuxI2CError::Errno(code) => *code == libc::EREMOTEIO,
            LinuxI2CError::Io(error) => error.raw_os_error() == Some(libc::EREMOTEIO),
        };
        Self(if silent {
            ErrorKind::NoAcknowledge(NoAcknowledgeSource::Unknown)
        } else {
            error.kind()
        })
    }
}

impl Error for BusError {
    fn kind(&self) -> ErrorKind {
        self.0
    }
}

impl ErrorType for Bus {
    type Error = BusError;
}

impl I2c for Bus {
    fn transaction(&mut self, to: u8, what: &mut [Operation<'_>]) -> Result<(), BusError> {
        Ok(I2c::<SevenBitAddress>::transaction(&mut self.0, to, what)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_address_is_known_by_either_name_that_the_kernel_has_for_it() {
        let kind = |code| BusError::from(I2CError::from(LinuxI2CError::Errno(code))).kind();
        assert!(matches!(kind(libc::EREMOTEIO), ErrorKind::NoAcknowledge(_)));
        assert!(matches!(kind(libc::ENXIO), ErrorKind::NoAcknowledge(_)));
        assert_eq!(kind(libc::EIO), ErrorKind::Bus);
    }
}
