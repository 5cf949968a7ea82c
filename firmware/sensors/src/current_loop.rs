//! A transmitter on a loop of 4 to 20 mA: the voltage over a shunt becomes what the transmitter
//! measures, and its failures are told from values (NAMUR NE 43).

use board::sensor::{Fault, Sensor};

/// Limits of NAMUR NE 43, A: values between 3.8 and 20.5 mA, failures at or below 3.6 and at or above
/// 21 mA. What lies between stands for the value, so that one at the edge is no failure.
const FAILURE_LOW: f32 = 3.6e-3;
const FAILURE_HIGH: f32 = 21.0e-3;
/// The live zero and the span above it, A (IEC 60381-1).
const ZERO: f32 = 4.0e-3;
const SPAN: f32 = 16.0e-3;

/// What the transmitter's plate says, in the channel's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Value at 4 mA.
    pub at_4_ma: f32,
    /// Value at 20 mA.
    pub at_20_ma: f32,
}

/// The transmitter, measured by any sensor that gives volts.
#[derive(Debug)]
pub struct CurrentLoop<S> {
    volts: S,
    shunt_ohm: f32,
    span: Span,
}

impl<S: Sensor> CurrentLoop<S> {
    /// The loop through a shunt in Ω. At 21 mA its voltage has to be within what the converter can
    /// express, or a failure is out of range: 150 Ω make 3.15 V.
    pub fn new(volts: S, shunt_ohm: f32, span: Span) -> Self {
        Self { volts, shunt_ohm, span }
    }
}

impl<S: Sensor> Sensor for CurrentLoop<S> {
    fn read(&mut self) -> Result<f32, Fault> {
        let ampere = match self.volts.read() {
            // More than the converter can express is more than 21 mA.
            Err(Fault::OutOfRange) => return Err(Fault::ShortCircuit),
            other => other? / self.shunt_ohm,
        };
        match ampere {
            // Nothing flows, or the transmitter says so.
            _ if ampere <= FAILURE_LOW => Err(Fault::OpenCircuit),
            _ if ampere >= FAILURE_HIGH => Err(Fault::ShortCircuit),
            _ if ampere.is_nan() => Err(Fault::OutOfRange),
            _ => {
                let Span { at_4_ma, at_20_ma } = self.span;
                Ok(at_4_ma + (ampere - ZERO) / SPAN * (at_20_ma - at_4_ma))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Volts(Result<f32, Fault>);

    impl Sensor for Volts {
        fn read(&mut self) -> Result<f32, Fault> {
            self.0
        }
    }

    /// 0 to 16 bar, in Pa, over 150 Ω.
    fn pascal(volts: Result<f32, Fault>) -> Result<f32, Fault> {
        CurrentLoop::new(Volts(volts), 150.0, Span { at_4_ma: 0.0, at_20_ma: 1.6e6 }).read()
    }

    fn at(milliampere: f32) -> Result<f32, Fault> {
        pascal(Ok(milliampere * 0.15))
    }

    #[test]
    fn four_to_twenty_milliampere_are_the_transmitters_span() {
        for (milliampere, expected) in [(4.0, 0.0), (12.0, 8e5), (20.0, 1.6e6), (20.5, 1.65e6)] {
            let value = at(milliampere).unwrap();
            assert!((value - expected).abs() < 1.0, "{milliampere} mA: {value}");
        }
        assert!((at(3.8).unwrap() + 2e4).abs() < 1.0, "a value below the live zero");
    }

    #[test]
    fn a_broken_loop_is_open_and_a_failing_or_short_one_short_after_ne_43() {
        assert_eq!(at(0.0), Err(Fault::OpenCircuit));
        assert_eq!(at(3.59), Err(Fault::OpenCircuit));
        assert!(at(3.61).is_ok() && at(20.99).is_ok());
        assert_eq!(at(21.01), Err(Fault::ShortCircuit));
        assert_eq!(pascal(Err(Fault::OutOfRange)), Err(Fault::ShortCircuit));
        assert_eq!(pascal(Err(Fault::Missing)), Err(Fault::Missing), "the converter is away");
        assert_eq!(pascal(Ok(f32::NAN)), Err(Fault::OutOfRange));
    }
}
