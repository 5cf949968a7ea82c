//! Random numbers with a shape.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::RngCore as _;

/// A seeded source.
pub struct Random(Pcg64Mcg);

impl Random {
    pub fn new(seed: u64) -> Self {
        // Spreads neighbouring seeds over the whole state (golden ratio, Knuth 6.4).
        let state = u128::from(seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        let mut random = Self(Pcg64Mcg::new(state | 1));
        for _ in 0..8 {
            random.uniform();
        }
        random
    }

    /// From 0 to 1.
    pub fn uniform(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    pub fn sign(&mut self) -> f64 {
        if self.uniform() < 0.5 { -1.0 } else { 1.0 }
    }

    /// Mean 0, standard deviation 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}
