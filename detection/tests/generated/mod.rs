//! Generated machines for the tests: the same seed gives the same readings.
#![allow(dead_code)]

use detection::{Detector, Finding, Slot};

/// Numerical Recipes' "Ranq1" generator (xorshift64* after Marsaglia), enough for test noise.
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        let mut noise = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..8 {
            noise.uniform();
        }
        noise
    }

    /// Uniform in 0 to 1.
    pub fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Nearly normal, standard deviation 1 (sum of twelve uniforms).
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

pub const SECOND_US: i64 = 1_000_000;

/// One reading a second of every point, from a function of the second.
pub fn watch<const N: usize>(
    detector: &mut Detector,
    seconds: std::ops::Range<i64>,
    mut value: impl FnMut(i64) -> [f64; N],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for second in seconds {
        for (slot, value) in (0u16..).zip(value(second)) {
            detector.observe(Slot(slot), second * SECOND_US, value, &mut findings);
        }
    }
    findings
}

pub fn raised(findings: &[Finding]) -> Vec<&Finding> {
    findings.iter().filter(|finding| matches!(finding, Finding::Raised { .. })).collect()
}

/// Second of the first alarm.
pub fn first_raised_s(findings: &[Finding]) -> Option<i64> {
    findings.iter().find_map(|finding| match finding {
        Finding::Raised { at_us, .. } => Some(at_us / SECOND_US),
        _ => None,
    })
}

/// Points named by the first alarm, the most unusual first.
pub fn first_raised_slots(findings: &[Finding]) -> Vec<u16> {
    let deviations = findings.iter().find_map(|finding| match finding {
        Finding::Raised { deviations, .. } => Some(deviations),
        _ => None,
    });
    deviations.into_iter().flatten().map(|deviation| deviation.slot.0).collect()
}

pub fn cleared(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| matches!(finding, Finding::Cleared { .. })).count()
}

/// A machine of the demo workshop under varying load. Points: current (A), discharge pressure
/// (bar), temperature (°C), vibration (mm/s). `fault` runs from 0 (sound) to 1 (plain to see).
pub trait Machine {
    fn second(&mut self, second: i64, fault: f64) -> [f64; 4];

    /// Whether a fault can be seen at all now: not on a machine that rests.
    fn shows(&self) -> bool {
        true
    }
}

/// Load/unload compressor: pressure saws between two switching points, current follows the
/// loaded state, demand changes slowly over the day, temperature follows the duty.
pub struct Compressor {
    noise: Noise,
    pressure: f64,
    loaded: bool,
    temperature: f64,
}

impl Compressor {
    pub fn new(seed: u64) -> Self {
        Self { noise: Noise::new(seed), pressure: 7.0, loaded: true, temperature: 80.0 }
    }
}

impl Machine for Compressor {
    fn second(&mut self, second: i64, fault: f64) -> [f64; 4] {
        let turn = |period_s: f64| (second as f64 / period_s * std::f64::consts::TAU).sin();
        let demand = 0.5 + 0.2 * turn(900.0) + 0.1 * turn(3400.0) + 0.05 * self.noise.normal();
        if self.pressure > 7.5 {
            self.loaded = false;
        } else if self.pressure < 6.5 {
            self.loaded = true;
        }
        let supply = if self.loaded { 1.0 - 0.2 * fault } else { 0.0 };
        self.pressure += 0.03 * (supply - demand.clamp(0.1, 0.9));
        let load = if self.loaded { 1.0 } else { 0.0 };
        let aim = 70.0 + 15.0 * load + 25.0 * fault;
        self.temperature += (aim - self.temperature) / 240.0;
        [
            12.0 + (22.0 + 6.0 * fault) * load + 0.4 * self.noise.normal(),
            self.pressure + 0.02 * self.noise.normal(),
            self.temperature + 0.2 * self.noise.normal(),
            1.5 + 0.8 * load + 3.0 * fault + 0.15 * self.noise.normal(),
        ]
    }
}

/// Pump whose load steps between three levels and drifts in between.
pub struct Pump {
    noise: Noise,
    load: f64,
    aim: f64,
    temperature: f64,
}

impl Pump {
    pub fn new(seed: u64) -> Self {
        Self { noise: Noise::new(seed), load: 0.7, aim: 0.7, temperature: 45.0 }
    }
}

impl Machine for Pump {
    fn second(&mut self, second: i64, fault: f64) -> [f64; 4] {
        if second % 180 == 0 {
            self.aim = [0.5, 0.7, 0.9][(self.noise.uniform() * 3.0) as usize % 3];
        }
        self.load += (self.aim - self.load) / 10.0;
        let aim = 30.0 + 20.0 * self.load + 12.0 * fault;
        self.temperature += (aim - self.temperature) / 300.0;
        [
            20.0 * self.load + 4.0 * fault + 0.2 * self.noise.normal(),
            6.0 - 2.0 * self.load - 2.5 * fault + 0.05 * self.noise.normal(),
            self.temperature + 0.15 * self.noise.normal(),
            1.0 + self.load + 4.0 * fault + 0.1 * self.noise.normal(),
        ]
    }
}

/// Chiller: off for part of each cycle, two-sided load, slow water temperature.
pub struct Chiller {
    noise: Noise,
    water: f64,
    on: bool,
}

impl Chiller {
    pub fn new(seed: u64) -> Self {
        Self { noise: Noise::new(seed), water: 10.0, on: true }
    }
}

impl Machine for Chiller {
    fn second(&mut self, second: i64, fault: f64) -> [f64; 4] {
        let turn = (second as f64 / 1500.0 * std::f64::consts::TAU).sin();
        let heat = 0.012 + 0.004 * turn;
        if self.water > 12.0 {
            self.on = true;
        } else if self.water < 8.0 {
            self.on = false;
        }
        let run = if self.on { 1.0 } else { 0.0 };
        self.water += heat - 0.03 * run * (1.0 - 0.8 * fault);
        [
            1.0 + 16.0 * run + 5.0 * fault * run + 0.2 * self.noise.normal(),
            4.0 + 8.0 * run + 4.0 * fault * run + 0.1 * self.noise.normal(),
            self.water + 0.05 * self.noise.normal(),
            0.4 + 1.4 * run + 3.0 * fault * run + 0.08 * self.noise.normal(),
        ]
    }

    fn shows(&self) -> bool {
        self.on
    }
}
