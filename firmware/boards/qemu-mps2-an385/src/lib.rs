//! Arm MPS2 with the AN385 image (Cortex-M3 at 25 MHz), as the emulator has it: boot, clock, sleep,
//! network, I2C, flash and the host's files. `main.rs` puts it together.
#![no_std]

pub mod clock;
pub mod ethernet;
#[cfg(feature = "figures")]
pub mod figures;
pub mod flash;
pub mod host;
pub mod i2c;
pub mod inputs;
pub mod interrupts;
pub mod lamp;
pub mod last_words;
pub mod network;
pub mod registers;
pub mod settings;
pub mod station;
pub mod watchdog;
