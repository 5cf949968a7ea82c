//! Models of machines: temperature, pressure and current under a load that varies, and faults that
//! develop.
//!
//! No I/O and no clock: a machine is stepped, and the same seed gives the same readings. The models
//! are thin; what they keep is which quantity follows which, and how fast.

mod chiller;
mod compressor;
mod noise;
mod pump;
mod workshop;

pub use workshop::{Kind, Machine, Member, demo_workshop};

/// What a board would call one of its channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    /// Channel name on the wire.
    pub name: &'static str,
    /// Quantity, such as `temperature`.
    pub quantity: &'static str,
    /// Where on the machine.
    pub position: &'static str,
    /// SenML or UCUM unit of the values.
    pub unit: &'static str,
    /// Name of the measurement point for people.
    pub label: &'static str,
}

/// A fault that ramps in and stays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fault {
    /// Simulated seconds after the first step.
    pub starts_s: f64,
    /// Seconds until it is fully developed.
    pub ramp_s: f64,
}

impl Fault {
    /// How far it has developed, 0 to 1.
    pub(crate) fn severity(fault: Option<Self>, at_s: f64) -> f64 {
        fault.map_or(0.0, |f| ((at_s - f.starts_s) / f.ramp_s.max(1.0)).clamp(0.0, 1.0))
    }
}
