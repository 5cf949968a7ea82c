//! Published drivers as [`board::sensor::Sensor`], one file a sensor: the driver talks to the chip,
//! the adapter says in the board's words what went wrong.
#![cfg_attr(not(test), no_std)]

mod fault;
mod pmbus;
mod tmp1xx;

pub use fault::of_i2c;
pub use pmbus::PmbusInput;
pub use tmp1xx::Tmp1xx;
