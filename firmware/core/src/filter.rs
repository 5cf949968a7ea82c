//! One reading from several raw samples: their median, then exponential smoothing.

use heapless::Vec;

use crate::config::Sampling;
use crate::limits::MAX_OVERSAMPLING;
use crate::sensor::Fault;

/// The filter of one channel.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    samples: Vec<f32, MAX_OVERSAMPLING, u8>,
    faults: u8,
    last_fault: Option<Fault>,
    smoothed: Option<f32>,
}

impl Filter {
    /// Takes one raw sample. With `complete` it was the last of its reading, which is given back.
    ///
    /// A reading needs more good samples than bad ones; otherwise it is the last fault.
    pub fn take(
        &mut self,
        sample: Result<f32, Fault>,
        complete: bool,
        sampling: &Sampling,
    ) -> Option<Result<f32, Fault>> {
        match sample {
            Ok(value) if value.is_finite() => {
                if self.samples.push(value).is_err() {
                    self.samples.clear();
                }
            }
            Ok(_) => self.fail(Fault::OutOfRange),
            Err(fault) => self.fail(fault),
        }
        complete.then(|| self.reading(sampling.smoothing))
    }

    /// Forgets the past, as after a change of calibration or an outage.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    fn fail(&mut self, fault: Fault) {
        self.faults = self.faults.saturating_add(1);
        self.last_fault = Some(fault);
    }

    fn reading(&mut self, smoothing: f32) -> Result<f32, Fault> {
        let enough = self.samples.len() > usize::from(self.faults);
        let median = if enough { median(&mut self.samples) } else { None };
        let fault = self.last_fault.take().unwrap_or(Fault::NotReady);
        self.samples.clear();
        self.faults = 0;
        let Some(median) = median else {
            // What comes after an outage has nothing to do with what was before.
            self.smoothed = None;
            return Err(fault);
        };
        let before = self.smoothed.unwrap_or(median);
        let smoothed = before + smoothing * (median - before);
        self.smoothed = Some(smoothed);
        Ok(smoothed)
    }
}

/// The middle value, or the mean of the two in the middle; `None` of none.
fn median(samples: &mut [f32]) -> Option<f32> {
    // Insertion sort: at most nine values, and a tenth of the code of the library's.
    for end in 1..samples.len() {
        for i in (1..=end).rev() {
            if samples.get(i - 1)? > samples.get(i)? {
                samples.swap(i - 1, i);
            }
        }
    }
    let upper = *samples.get(samples.len() / 2)?;
    if samples.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *samples.get(samples.len() / 2 - 1)?;
    Some(lower + (upper - lower) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(filter: &mut Filter, samples: &[Result<f32, Fault>], a: f32) -> Result<f32, Fault> {
        let sampling = Sampling { smoothing: a, ..Sampling::default() };
        let (last, rest) = samples.split_last().unwrap();
        for sample in rest {
            assert_eq!(filter.take(*sample, false, &sampling), None);
        }
        filter.take(*last, true, &sampling).unwrap()
    }

    #[test]
    fn one_wild_sample_does_not_move_the_reading() {
        let filter = &mut Filter::default();
        assert_eq!(reading(filter, &[Ok(20.0), Ok(850.0), Ok(20.5)], 1.0), Ok(20.5));
        assert_eq!(reading(filter, &[Ok(4.0), Ok(1.0), Ok(3.0), Ok(2.0)], 1.0), Ok(2.5));
    }

    #[test]
    fn one_bus_error_does_not_cost_the_reading_and_most_being_errors_does() {
        let filter = &mut Filter::default();
        assert_eq!(reading(filter, &[Ok(1.0), Err(Fault::Bus), Ok(3.0)], 1.0), Ok(2.0));
        let bad = [Err(Fault::Bus), Ok(1.0), Err(Fault::Missing)];
        assert_eq!(reading(filter, &bad, 1.0), Err(Fault::Missing));
        assert_eq!(reading(filter, &[Ok(f32::NAN)], 1.0), Err(Fault::OutOfRange));
    }

    #[test]
    fn smoothing_weighs_the_new_reading_and_begins_anew_after_an_outage() {
        let filter = &mut Filter::default();
        assert_eq!(reading(filter, &[Ok(10.0)], 0.25), Ok(10.0));
        assert_eq!(reading(filter, &[Ok(20.0)], 0.25), Ok(12.5));
        assert_eq!(reading(filter, &[Err(Fault::Missing)], 0.25), Err(Fault::Missing));
        assert_eq!(reading(filter, &[Ok(90.0)], 0.25), Ok(90.0));
    }
}
