//! Random numbers with a shape.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::RngCore as _;

/// A seeded source of normally distributed numbers.
#[derive(Debug, Clone)]
pub(crate) struct Noise(Pcg64Mcg);

impl Noise {
    pub fn new(seed: u64) -> Self {
        // Spread neighbouring seeds over the whole state (golden ratio, Knuth 6.4).
        let state = u128::from(seed.wrapping_add(1))
            .wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        Self(Pcg64Mcg::new(state | 1))
    }

    fn uniform(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// Mean 0, standard deviation 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// A load that wanders around its mean (Ornstein and Uhlenbeck 1930) on top of a slow swing, as a
/// plant's demand does. Stationary: half an hour shows what later hours show.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    wander: f64,
}

impl Load {
    const CORRELATION_S: f64 = 30.0;
    const SWING_PERIOD_S: f64 = 600.0;

    pub fn new() -> Self {
        Self { wander: 0.0 }
    }

    /// Share of the rated load, about 0.75 to 0.95.
    pub fn step(&mut self, at_s: f64, dt_s: f64, noise: &mut Noise) -> f64 {
        let keep = (-dt_s / Self::CORRELATION_S).exp();
        let spread = 0.02;
        self.wander = self.wander * keep + spread * (1.0 - keep * keep).sqrt() * noise.normal();
        let swing = 0.05 * (std::f64::consts::TAU * at_s / Self::SWING_PERIOD_S).sin();
        (0.85 + swing + self.wander.clamp(-0.06, 0.06)).clamp(0.5, 1.0)
    }
}

/// First-order lag: a mass that warms towards a temperature (Newton's law of cooling).
#[derive(Debug, Clone)]
pub(crate) struct Lag {
    value: f64,
    constant_s: f64,
}

impl Lag {
    pub fn new(start: f64, constant_s: f64) -> Self {
        Self { value: start, constant_s }
    }

    pub fn step(&mut self, towards: f64, dt_s: f64) -> f64 {
        self.value += (towards - self.value) * (1.0 - (-dt_s / self.constant_s).exp());
        self.value
    }
}

/// What a sensor with this resolution shows.
pub(crate) fn quantised(value: f64, resolution: f64) -> f64 {
    (value / resolution).round() * resolution
}
