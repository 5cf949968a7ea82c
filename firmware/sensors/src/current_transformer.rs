//! Alternating current, A, true RMS: a current transformer with a burden on an ADC.

use board::sensor::{Fault, Sensor};

/// An ADC that converts at a constant rate.
pub trait Waveform {
    /// Gives `samples` conversions in a row, none left out.
    ///
    /// # Errors
    /// When it could not keep its rate.
    fn capture(&mut self, samples: u32, take: &mut dyn FnMut(u16)) -> Result<(), Fault>;
}

/// How long the RMS is taken over: 100 ms, which are five periods of 50 Hz and six of 60 Hz. Over a
/// part of a period it would swing with where the part begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    samples: u32,
}

impl Window {
    /// Fewest conversions in a period of 60 Hz: with twenty, harmonics up to the ninth are counted.
    const LOWEST_HZ: u32 = 1_200;
    /// The sums are exact up to here, and no current transformer passes more.
    const HIGHEST_HZ: u32 = 100_000;

    /// The window at a rate of conversions, Hz: a multiple of 10 from 1200 to 100 000, or `None`.
    #[must_use]
    pub fn at(rate_hz: u32) -> Option<Self> {
        let usable = (Self::LOWEST_HZ..=Self::HIGHEST_HZ).contains(&rate_hz);
        (usable && rate_hz.is_multiple_of(10)).then_some(Self { samples: rate_hz / 10 })
    }
}

/// From counts back to the current in the conductor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Secondary {
    /// Current in the conductor over current in the burden: 2000 for 100 A : 50 mA.
    pub ratio: f32,
    /// Burden, Ω. One that is built into the transformer is what its plate says in V per A, with
    /// `ratio` 1.
    pub burden_ohm: f32,
    /// Volts a count of the ADC.
    pub volts_per_count: f32,
    /// Highest count of the ADC: 4095 for twelve bits.
    pub highest_count: u16,
}

/// The conductor's current. The burden's middle may lie anywhere between the ADC's ends, since the
/// mean is taken out.
#[derive(Debug)]
pub struct CurrentTransformer<W> {
    adc: W,
    window: Window,
    secondary: Secondary,
}

impl<W: Waveform> CurrentTransformer<W> {
    /// The transformer on an ADC.
    pub fn new(adc: W, window: Window, secondary: Secondary) -> Self {
        Self { adc, window, secondary }
    }
}

impl<W: Waveform> Sensor for CurrentTransformer<W> {
    fn read(&mut self) -> Result<f32, Fault> {
        let (mut count, mut sum, mut squares) = (0u64, 0u64, 0u64);
        let mut clipped = false;
        let highest = self.secondary.highest_count;
        self.adc.capture(self.window.samples, &mut |counts| {
            let x = u64::from(counts);
            clipped |= counts == 0 || counts >= highest;
            count += 1;
            sum += x;
            squares += x * x;
        })?;
        if count != u64::from(self.window.samples) {
            return Err(Fault::NotReady);
        }
        // The peaks are cut off: the RMS would be too small, which is worse than none.
        if clipped {
            return Err(Fault::OutOfRange);
        }
        // n²·variance, in whole numbers below 2^60: nothing is lost by taking the mean out of a
        // small wave around half of the supply.
        let spread = count * squares - sum * sum;
        let counts = libm::sqrtf(spread as f32) / count as f32;
        let Secondary { ratio, burden_ohm, volts_per_count, .. } = self.secondary;
        Ok(counts * volts_per_count / burden_ohm * ratio)
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    const RATE: u32 = 4_000;
    /// 100 A : 50 mA with 22 Ω on twelve bits of 3.3 V.
    const SECONDARY: Secondary = Secondary {
        ratio: 2_000.0,
        burden_ohm: 22.0,
        volts_per_count: 3.3 / 4_096.0,
        highest_count: 4_095,
    };

    /// Counts by time in seconds; `lost` conversions are left out.
    struct Wave<F> {
        counts: F,
        lost: u32,
    }

    impl<F: Fn(f64) -> f64> Waveform for Wave<F> {
        fn capture(&mut self, samples: u32, take: &mut dyn FnMut(u16)) -> Result<(), Fault> {
            for n in 0..samples - self.lost {
                take((self.counts)(f64::from(n) / f64::from(RATE)).round() as u16);
            }
            Ok(())
        }
    }

    fn read(counts: impl Fn(f64) -> f64) -> Result<f32, Fault> {
        let window = Window::at(RATE).unwrap();
        CurrentTransformer::new(Wave { counts, lost: 0 }, window, SECONDARY).read()
    }

    fn ampere(counts: f64) -> f64 {
        counts * 3.3 / 4_096.0 / 22.0 * 2_000.0
    }

    #[test]
    fn a_sine_of_either_mains_has_its_rms_wherever_it_begins_and_whatever_its_middle_is() {
        for hertz in [50.0, 60.0] {
            for phase in [0.0, 0.7, 2.0] {
                for middle in [1_500.0, 2_048.0] {
                    let wave = |t: f64| middle + 1_000.0 * (TAU * hertz * t + phase).sin();
                    let exact = ampere(1_000.0 / 2f64.sqrt());
                    let value = f64::from(read(wave).unwrap());
                    assert!((value / exact - 1.0).abs() < 1e-3, "{hertz} Hz: {value} for {exact}");
                }
            }
        }
    }

    #[test]
    fn what_a_rectifier_draws_has_its_true_rms_and_not_that_of_a_sine() {
        // Current flows in a fifth of each half period.
        let pulses = |t: f64| {
            let place = (t * 100.0).fract();
            let sign = if (t * 50.0).fract() < 0.5 { 1.0 } else { -1.0 };
            2_048.0 + if (0.4..0.6).contains(&place) { sign * 1_000.0 } else { 0.0 }
        };
        let exact = ampere(1_000.0 * 0.2f64.sqrt());
        let value = f64::from(read(pulses).unwrap());
        assert!((value / exact - 1.0).abs() < 0.02, "{value} for {exact}");
    }

    #[test]
    fn a_small_current_around_a_large_middle_is_not_lost() {
        let exact = ampere(3.0 / 2f64.sqrt());
        let value = f64::from(read(|t| 2_048.0 + 3.0 * (TAU * 50.0 * t).sin()).unwrap());
        // Whole counts are what limits it.
        assert!((value / exact - 1.0).abs() < 0.05, "{value} for {exact}");
        assert_eq!(read(|_| 2_048.0), Ok(0.0));
    }

    #[test]
    fn cut_peaks_and_lost_conversions_are_no_value() {
        let loud = |t: f64| (2_048.0 + 3_000.0 * (TAU * 50.0 * t).sin()).clamp(0.0, 4_095.0);
        assert_eq!(read(loud), Err(Fault::OutOfRange));
        let adc = Wave { counts: |_| 2_048.0, lost: 1 };
        let window = Window::at(RATE).unwrap();
        let mut sensor = CurrentTransformer::new(adc, window, SECONDARY);
        assert_eq!(sensor.read(), Err(Fault::NotReady));
    }

    #[test]
    fn a_rate_that_cannot_hold_whole_periods_is_no_window() {
        assert_eq!([1_190, 1_205, 100_010].map(Window::at), [None; 3]);
        assert!(Window::at(1_200).is_some() && Window::at(100_000).is_some());
    }
}
