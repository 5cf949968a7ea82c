//! A water chiller. Fault: it loses refrigerant.

use crate::noise::{Lag, Load, Noise, quantised};
use crate::{Channel, Fault};

pub(crate) const CHANNELS: [Channel; 5] = [
    Channel {
        name: "suction",
        quantity: "pressure",
        position: "suction",
        unit: "bar",
        label: "Suction pressure",
    },
    Channel {
        name: "discharge",
        quantity: "pressure",
        position: "discharge",
        unit: "bar",
        label: "Discharge pressure",
    },
    Channel {
        name: "supply",
        quantity: "temperature",
        position: "chilled water supply",
        unit: "Cel",
        label: "Chilled water supply",
    },
    Channel {
        name: "return",
        quantity: "temperature",
        position: "chilled water return",
        unit: "Cel",
        label: "Chilled water return",
    },
    Channel {
        name: "current",
        quantity: "current",
        position: "compressor",
        unit: "A",
        label: "Compressor current",
    },
];

#[derive(Debug, Clone)]
pub(crate) struct Chiller {
    load: Load,
    supply: Lag,
    warm: Lag,
}

/// Saturation pressure of R-134a in bar at a temperature in °C, fitted between -10 and 60 °C to
/// tabulated values (3.5 bar at 5 °C, 10.2 bar at 40 °C) in the form of Clausius and Clapeyron.
fn saturation_bar(celsius: f64) -> f64 {
    (10.85 - 2_670.0 / (celsius + 273.15)).exp()
}

impl Chiller {
    pub fn new() -> Self {
        Self { load: Load::new(), supply: Lag::new(7.0, 90.0), warm: Lag::new(12.0, 60.0) }
    }

    pub fn step(
        &mut self,
        at_s: f64,
        dt_s: f64,
        noise: &mut Noise,
        fault: Option<Fault>,
        values: &mut Vec<f64>,
    ) {
        let lost = Fault::severity(fault, at_s);
        let load = self.load.step(at_s, dt_s, noise);
        // Less refrigerant evaporates colder and moves less heat, so the water stays warmer.
        let evaporating = 3.0 - 2.0 * load - 9.0 * lost;
        let condensing = 30.0 + 12.0 * load - 6.0 * lost;
        let supply = self.supply.step(7.0 + 0.5 * (load - 0.85) + 4.0 * lost, dt_s);
        let warm = self.warm.step(supply + 6.0 * load * (1.0 - 0.4 * lost), dt_s);
        let current = 12.0 + 40.0 * load * (1.0 - 0.3 * lost);
        values.extend([
            quantised(saturation_bar(evaporating) + 0.01 * noise.normal(), 0.001),
            quantised(saturation_bar(condensing) + 0.02 * noise.normal(), 0.001),
            quantised(supply + 0.04 * noise.normal(), 0.0625),
            quantised(warm + 0.04 * noise.normal(), 0.0625),
            quantised(current + 0.2 * noise.normal(), 0.01),
        ]);
    }
}
