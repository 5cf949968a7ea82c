//! A centrifugal pump. Fault: the suction clogs.

use crate::noise::{Lag, Load, Noise, quantised};
use crate::{Channel, Fault};

pub(crate) const CHANNELS: [Channel; 5] = [
    channel("flow", "flow", "discharge", "l/min", "Volume flow"),
    channel("pressure", "pressure", "discharge", "bar", "Discharge pressure"),
    channel("current", "current", "motor", "A", "Motor current"),
    channel("bearing", "temperature", "bearing", "Cel", "Bearing temperature"),
    channel("vibration", "acceleration", "bearing", "m/s2", "Bearing vibration"),
];

const fn channel(
    name: &'static str,
    quantity: &'static str,
    position: &'static str,
    unit: &'static str,
    label: &'static str,
) -> Channel {
    Channel { name, quantity, position, unit, label }
}

#[derive(Debug, Clone)]
pub(crate) struct Pump {
    load: Load,
    bearing: Lag,
}

impl Pump {
    pub fn new() -> Self {
        Self { load: Load::new(), bearing: Lag::new(58.0, 180.0) }
    }

    pub fn step(
        &mut self,
        at_s: f64,
        dt_s: f64,
        noise: &mut Noise,
        fault: Option<Fault>,
        values: &mut Vec<f64>,
    ) {
        let clogged = Fault::severity(fault, at_s);
        let demand = self.load.step(at_s, dt_s, noise);
        // Flow in shares of the best point; a clogged suction takes its share away.
        let flow = demand * (1.0 - 0.35 * clogged);
        // Head falls with the square of the flow (pump curve); cavitation takes more.
        let head = 1.25 - 0.25 * flow * flow - 0.30 * clogged;
        // Hydraulic power is head times flow; the motor has losses that do not depend on it.
        let current = 4.0 + 8.0 * head * flow;
        let bearing = self.bearing.step(35.0 + 22.0 * flow + 12.0 * clogged, dt_s);
        let vibration = 1.2 + 0.6 * demand + 2.5 * clogged;
        values.extend([
            quantised(400.0 * flow + 1.5 * noise.normal(), 0.1),
            quantised(4.0 * head + 0.01 * noise.normal(), 0.001),
            quantised(current + 0.06 * noise.normal(), 0.01),
            quantised(bearing + 0.05 * noise.normal(), 0.0625),
            quantised(vibration + 0.05 * noise.normal(), 0.001),
        ]);
    }
}
