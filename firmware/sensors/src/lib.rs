//! Published drivers as [`board::sensor::Sensor`], one file a sensor: the driver talks to the chip,
//! the adapter says in the board's words what went wrong.
//!
//! A sensor that is missing, or was away and came back, is set up at the next reading: nobody has
//! to be there when the board starts. Which driver was chosen and why is in
//! `docs/decisions/0020-sensor-drivers.md`.
#![cfg_attr(not(test), no_std)]

mod fault;

#[cfg(feature = "ads1115")]
mod ads1115;
#[cfg(feature = "current-loop")]
mod current_loop;
#[cfg(feature = "current-transformer")]
mod current_transformer;
#[cfg(feature = "dps310")]
mod dps310;
#[cfg(feature = "ds18b20")]
mod ds18b20;
#[cfg(feature = "ina219")]
mod ina219;
#[cfg(feature = "ina226")]
mod ina226;
#[cfg(feature = "lm75")]
mod lm75;
#[cfg(feature = "max31855")]
mod max31855;
#[cfg(feature = "max31865")]
mod max31865;
#[cfg(feature = "pmbus")]
mod pmbus;
#[cfg(feature = "tmp1xx")]
mod tmp1xx;

#[cfg(feature = "ads1115")]
pub use ads1115::{Ads1115, Input};
#[cfg(feature = "current-loop")]
pub use current_loop::{CurrentLoop, Span};
#[cfg(feature = "current-transformer")]
pub use current_transformer::{CurrentTransformer, Secondary, Waveform, Window};
#[cfg(feature = "dps310")]
pub use dps310::{Dps310, Quantity};
#[cfg(feature = "ds18b20")]
pub use ds18b20::Ds18b20;
pub use fault::of_i2c;
#[cfg(feature = "ina219")]
pub use ina219::Ina219;
#[cfg(feature = "ina226")]
pub use ina226::Ina226;
#[cfg(feature = "lm75")]
pub use lm75::Lm75;
#[cfg(feature = "max31855")]
pub use max31855::Max31855;
#[cfg(feature = "max31865")]
pub use max31865::Max31865;
#[cfg(feature = "pmbus")]
pub use pmbus::PmbusInput;
#[cfg(feature = "tmp1xx")]
pub use tmp1xx::Tmp1xx;
