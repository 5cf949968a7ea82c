//! Errors of a bus as faults of a sensor.

use board::sensor::Fault;
use embedded_hal::i2c::{Error, ErrorKind};

/// Nobody answering is a missing sensor; all else is the bus.
pub fn of_i2c(error: &impl Error) -> Fault {
    match error.kind() {
        ErrorKind::NoAcknowledge(_) => Fault::Missing,
        _ => Fault::Bus,
    }
}
