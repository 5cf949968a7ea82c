//! The ADC as a recorder of mains current.

use board::sensor::Fault;
use embassy_rp::adc::{Adc, Blocking, Channel};
use embassy_time::{Duration, Instant};
use sensors::Waveform;

/// Conversions a second: harmonics up to the twentieth of 50 Hz.
pub const RATE_HZ: u32 = 2_000;
/// Between two conversions, µs.
const STEP_US: u64 = 1_000_000 / RATE_HZ as u64;
/// How late a conversion may be, µs: an interrupt. Later than a step, one was left out.
const LATE: Duration = Duration::from_micros(STEP_US);

/// GP26. A capture takes the processor for its whole window: it is done by waiting, not by DMA, so
/// that every conversion is at its time and nothing has to be set up for it.
pub struct Pin26 {
    adc: Adc<'static, Blocking>,
    pin: Channel<'static>,
}

impl Pin26 {
    /// The ADC with its pin.
    pub fn new(adc: Adc<'static, Blocking>, pin: Channel<'static>) -> Self {
        Self { adc, pin }
    }
}

impl Waveform for Pin26 {
    fn capture(&mut self, samples: u32, take: &mut dyn FnMut(u16)) -> Result<(), Fault> {
        let mut at = Instant::now();
        for _ in 0..samples {
            at += Duration::from_micros(STEP_US);
            while Instant::now() < at {}
            if Instant::now() - at >= LATE {
                return Err(Fault::NotReady);
            }
            take(self.adc.blocking_read(&mut self.pin).map_err(|_| Fault::Bus)?);
        }
        Ok(())
    }
}
