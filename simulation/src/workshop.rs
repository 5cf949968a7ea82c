//! Machines by kind, and the workshop of the demo.

use crate::chiller::{self, Chiller};
use crate::compressor::{self, Compressor};
use crate::noise::Noise;
use crate::pump::{self, Pump};
use crate::{Channel, Fault};

/// Kind of machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Centrifugal pump; its fault is a clogged suction.
    Pump,
    /// Screw compressor; its fault is a fouled oil cooler.
    AirCompressor,
    /// Water chiller; its fault is a loss of refrigerant.
    Chiller,
}

impl Kind {
    /// As the server writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pump => "pump",
            Self::AirCompressor => "air_compressor",
            Self::Chiller => "chiller",
        }
    }
}

#[derive(Debug, Clone)]
enum Model {
    Pump(Pump),
    Compressor(Compressor),
    Chiller(Chiller),
}

/// A machine that runs when it is stepped.
#[derive(Debug, Clone)]
pub struct Machine {
    model: Model,
    noise: Noise,
    fault: Option<Fault>,
    at_s: f64,
    values: Vec<f64>,
}

impl Machine {
    /// A healthy machine.
    #[must_use]
    pub fn new(kind: Kind, seed: u64) -> Self {
        let model = match kind {
            Kind::Pump => Model::Pump(Pump::new()),
            Kind::AirCompressor => Model::Compressor(Compressor::new()),
            Kind::Chiller => Model::Chiller(Chiller::new()),
        };
        Self { model, noise: Noise::new(seed), fault: None, at_s: 0.0, values: Vec::new() }
    }

    /// The same machine, which will go wrong.
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// What its board reports.
    #[must_use]
    pub fn channels(&self) -> &'static [Channel] {
        match self.model {
            Model::Pump(_) => &pump::CHANNELS,
            Model::Compressor(_) => &compressor::CHANNELS,
            Model::Chiller(_) => &chiller::CHANNELS,
        }
    }

    /// Lets it run for some seconds and reads its sensors, in the order of the channels.
    pub fn step(&mut self, dt_s: f64) -> &[f64] {
        self.at_s += dt_s;
        self.values.clear();
        let (at, fault, noise, values) = (self.at_s, self.fault, &mut self.noise, &mut self.values);
        match &mut self.model {
            Model::Pump(m) => m.step(at, dt_s, noise, fault, values),
            Model::Compressor(m) => m.step(at, dt_s, noise, fault, values),
            Model::Chiller(m) => m.step(at, dt_s, noise, fault, values),
        }
        &self.values
    }
}

/// A machine with its name plate and board.
#[derive(Debug, Clone)]
pub struct Member {
    /// Name in the workshop.
    pub name: &'static str,
    /// Maker's model.
    pub model: &'static str,
    /// Serial number.
    pub serial: &'static str,
    /// Board id.
    pub board: &'static str,
    /// Kind of machine.
    pub kind: Kind,
    /// The machine.
    pub machine: Machine,
}

/// Three machines; the suction of the pump clogs after this many simulated seconds, the others
/// stay healthy.
#[must_use]
pub fn demo_workshop(seed: u64, fault_after_s: f64) -> Vec<Member> {
    let fault = Fault { starts_s: fault_after_s, ramp_s: 20.0 };
    vec![
        Member {
            name: "Pump P-101",
            model: "CP 50-200",
            serial: "P-2219-014",
            board: "pump-101",
            kind: Kind::Pump,
            machine: Machine::new(Kind::Pump, seed.wrapping_mul(3)).with_fault(fault),
        },
        Member {
            name: "Air compressor C-201",
            model: "SC 22",
            serial: "C-1873-207",
            board: "compressor-201",
            kind: Kind::AirCompressor,
            machine: Machine::new(Kind::AirCompressor, seed.wrapping_mul(3).wrapping_add(1)),
        },
        Member {
            name: "Chiller K-301",
            model: "WK 120",
            serial: "K-2040-033",
            board: "chiller-301",
            kind: Kind::Chiller,
            machine: Machine::new(Kind::Chiller, seed.wrapping_mul(3).wrapping_add(2)),
        },
    ]
}
