//! Random numbers, and ids made of them.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::RngCore as _;

pub(super) struct Random(Pcg64Mcg);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::new((u128::from(seed) << 1) | 1))
    }

    /// From 0 up to, but not, 1.
    pub fn uniform(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    pub fn chance(&mut self, of: f64) -> bool {
        self.uniform() < of
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.uniform() * n as f64) as usize
    }

    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Around a median, with a long tail to the right (log-normal).
    pub fn around(&mut self, median: i64, spread: f64) -> i64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let normal = radius * (std::f64::consts::TAU * self.uniform()).cos();
        (median as f64 * (normal * spread).exp()) as i64
    }

    /// An id that sorts by time (UUIDv7, RFC 9562).
    pub fn id(&mut self, at_us: i64) -> String {
        let (a, b) = (self.0.next_u32(), self.0.next_u64());
        let ms = u64::try_from(at_us / 1_000).unwrap_or(0);
        format!(
            "{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}",
            ms >> 16,
            ms & 0xffff,
            a & 0xfff,
            0x8000 | (a >> 16) & 0x3fff,
            b & 0xffff_ffff_ffff
        )
    }
}
