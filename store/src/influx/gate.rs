//! After a refusal the database gets time: requests are turned away here until it has had it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::StoreError;
use crate::limits::INFLUX_BACKOFF;

/// Open, or closed until a moment.
#[derive(Default)]
pub(super) struct Gate(Mutex<Pause>);

#[derive(Default)]
struct Pause {
    until: Option<Instant>,
    failures: u32,
}

impl Gate {
    /// Whether a request may go out now.
    pub fn pass(&self) -> Result<(), StoreError> {
        let pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match pause.until.and_then(|until| until.checked_duration_since(Instant::now())) {
            Some(left) if !left.is_zero() => {
                let left = left.as_secs_f64();
                Err(StoreError::Away(format!("InfluxDB needs a rest of {left:.1} s")))
            }
            _ => Ok(()),
        }
    }

    /// The database answered.
    pub fn open(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Pause::default();
    }

    /// It is busy or away: a pause as long as it asked for, else one that doubles from failure to
    /// failure, with jitter, so that many servers do not come back at once.
    pub fn close(&self, asked: Option<Duration>) {
        let mut pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let doubled = INFLUX_BACKOFF.0 * 2_u32.pow(pause.failures.min(10));
        let wait = asked.unwrap_or(doubled.min(INFLUX_BACKOFF.1).mul_f64(jitter()));
        pause.failures += 1;
        pause.until = Some(Instant::now() + wait.min(INFLUX_BACKOFF.1 * 10));
    }
}

/// Between one half and one and a half. Differs from process to process, which is all it is for.
fn jitter() -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    0.5 + f64::from(now.subsec_nanos() % 1000) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_is_as_long_as_asked_for_and_ends_with_an_answer() {
        let gate = Gate::default();
        assert!(gate.pass().is_ok());
        gate.close(Some(Duration::from_secs(60)));
        assert!(gate.pass().unwrap_err().to_string().contains("rest of 60.0 s"));
        gate.open();
        assert!(gate.pass().is_ok());
        gate.close(Some(Duration::ZERO));
        assert!(gate.pass().is_ok());
    }
}
