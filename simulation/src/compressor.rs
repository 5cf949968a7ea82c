//! A screw compressor that loads and unloads between two receiver pressures. Fault: the oil cooler
//! fouls.

use crate::noise::{Lag, Load, Noise, quantised};
use crate::{Channel, Fault};

pub(crate) const CHANNELS: [Channel; 4] = [
    Channel {
        name: "pressure",
        quantity: "pressure",
        position: "receiver",
        unit: "bar",
        label: "Receiver pressure",
    },
    Channel {
        name: "current",
        quantity: "current",
        position: "motor",
        unit: "A",
        label: "Motor current",
    },
    Channel {
        name: "oil",
        quantity: "temperature",
        position: "oil",
        unit: "Cel",
        label: "Oil temperature",
    },
    Channel {
        name: "discharge",
        quantity: "temperature",
        position: "discharge",
        unit: "Cel",
        label: "Discharge temperature",
    },
];

#[derive(Debug, Clone)]
pub(crate) struct Compressor {
    load: Load,
    loaded: bool,
    receiver_bar: f64,
    oil: Lag,
    discharge: Lag,
}

impl Compressor {
    const LOAD_BELOW_BAR: f64 = 6.8;
    const UNLOAD_ABOVE_BAR: f64 = 7.5;

    pub fn new() -> Self {
        Self {
            load: Load::new(),
            loaded: true,
            receiver_bar: 7.0,
            oil: Lag::new(74.0, 240.0),
            discharge: Lag::new(82.0, 60.0),
        }
    }

    pub fn step(
        &mut self,
        at_s: f64,
        dt_s: f64,
        noise: &mut Noise,
        fault: Option<Fault>,
        values: &mut Vec<f64>,
    ) {
        let fouled = Fault::severity(fault, at_s);
        let demand = self.load.step(at_s, dt_s, noise);
        // Isothermal filling of the receiver: pressure follows what goes in less what goes out.
        let supply = if self.loaded { 1.4 } else { 0.0 };
        self.receiver_bar += 0.06 * (supply - demand) * dt_s;
        if self.receiver_bar > Self::UNLOAD_ABOVE_BAR {
            self.loaded = false;
        } else if self.receiver_bar < Self::LOAD_BELOW_BAR {
            self.loaded = true;
        }
        // A loaded motor draws more against a higher pressure; unloaded it only turns.
        let current = if self.loaded { 30.0 + 2.0 * self.receiver_bar } else { 16.0 };
        let heat = if self.loaded { 1.0 } else { 0.35 };
        let oil = self.oil.step(52.0 + 30.0 * heat + 25.0 * fouled, dt_s);
        let discharge = self.discharge.step(oil + 14.0 * heat, dt_s);
        values.extend([
            quantised(self.receiver_bar + 0.01 * noise.normal(), 0.001),
            quantised(current + 0.25 * noise.normal(), 0.01),
            quantised(oil + 0.08 * noise.normal(), 0.0625),
            quantised(discharge + 0.1 * noise.normal(), 0.0625),
        ]);
    }
}
