//! Calibration: how raw values become true ones, and by which certificate.

use minicbor::encode::Write;
use minicbor::{Encoder, encode};
use telemetry::command;
pub use telemetry::command::Curve;

use crate::cbor::Reader;
use crate::config::Text;
use crate::limits::MAX_SERIAL_BYTES;

/// A calibration of one channel, applied after the filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Number of the certificate or of the reference instrument.
    pub serial: Text<MAX_SERIAL_BYTES>,
    /// Day of the calibration, days since 1970-01-01.
    pub day: u32,
    /// The curve, in the channel's unit.
    pub curve: Curve,
}

impl Calibration {
    /// Takes over what a command says; `None` when the serial is too long to keep.
    #[must_use]
    pub fn from_command(command: &command::Calibration<'_>) -> Option<Self> {
        let serial = Text::try_from(command.serial).ok()?;
        Some(Self { serial, day: command.day, curve: command.curve })
    }

    /// The true value for a raw one.
    ///
    /// Two-point: the line through both pairs (JCGM 200:2012, 2.39, with two points of the
    /// calibration curve), computed from the first point so that both points are hit.
    #[must_use]
    pub fn apply(&self, x: f32) -> f32 {
        match self.curve {
            Curve::TwoPoint { raw: [x0, x1], reference: [y0, y1] } => {
                y0 + (x - x0) * (y1 - y0) / (x1 - x0)
            }
            // Horner's scheme: three multiplications, and less lost to rounding.
            Curve::Polynomial([c0, c1, c2, c3]) => c0 + x * (c1 + x * (c2 + x * c3)),
        }
    }

    /// `[serial, day, kind, a, b, c, d]`
    pub(crate) fn write<W: Write>(
        &self,
        e: &mut Encoder<W>,
    ) -> Result<(), encode::Error<W::Error>> {
        let (kind, numbers) = match self.curve {
            Curve::TwoPoint { raw: [a, b], reference: [c, d] } => (TWO_POINT, [a, b, c, d]),
            Curve::Polynomial(c) => (POLYNOMIAL, c),
        };
        e.array(7)?.str(&self.serial)?.u32(self.day)?.u8(kind)?;
        for number in numbers {
            e.f32(number)?;
        }
        Ok(())
    }

    /// Reads what [`Calibration::write`] wrote; `None` when it is something else, or unusable.
    pub(crate) fn read(r: &mut Reader<'_>) -> Option<Self> {
        r.array_of(7)?;
        let serial = Text::try_from(r.text()?).ok()?;
        let (day, kind) = (r.number()?, r.number()?);
        let mut numbers = [0.0; 4];
        for number in &mut numbers {
            *number = r.float()?;
        }
        let [a, b, c, e] = numbers;
        let curve = match kind {
            TWO_POINT => Curve::TwoPoint { raw: [a, b], reference: [c, e] },
            POLYNOMIAL => Curve::Polynomial(numbers),
            _ => return None,
        };
        curve.is_usable().then_some(Self { serial, day, curve })
    }
}

const TWO_POINT: u8 = 0;
const POLYNOMIAL: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    fn with(curve: Curve) -> Calibration {
        Calibration { serial: Text::try_from("DKD-1").unwrap(), day: 20_700, curve }
    }

    #[test]
    fn two_points_are_hit_and_the_line_goes_on_beyond_them() {
        let c = with(Curve::TwoPoint { raw: [0.1, 99.7], reference: [0.0, 100.0] });
        assert_eq!(c.apply(0.1), 0.0);
        assert_eq!(c.apply(99.7), 100.0);
        assert!((c.apply(199.3) - 200.0).abs() < 1e-3);
    }

    #[test]
    fn a_polynomial_is_its_sum() {
        let c = with(Curve::Polynomial([1.0, 2.0, 3.0, 4.0]));
        assert_eq!(c.apply(2.0), 1.0 + 4.0 + 12.0 + 32.0);
    }
}
