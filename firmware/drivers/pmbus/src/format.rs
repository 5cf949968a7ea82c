//! How a word is a number (PMBus, chapters 7 and 8).

/// Coefficients of the direct format: word `Y = (m·X + b)·10^r` for a value `X`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Direct {
    /// Slope; not zero.
    pub m: i32,
    /// Offset.
    pub b: i32,
    /// Exponent of ten.
    pub r: i8,
}

/// The format of a command's word, from the device's datasheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Two's complement with coefficients (section 7.4).
    Direct(Direct),
    /// Five bits of exponent of two, eleven bits of two's complement mantissa (section 7.3).
    Linear11,
    /// Sixteen bits of mantissa; the exponent of two stands in `VOUT_MODE` (section 8.4.1).
    Linear16 {
        /// −16 to 15.
        exponent: i8,
    },
}

impl Format {
    /// The value of a word; `None` when the coefficients describe none.
    #[must_use]
    pub fn value(self, word: u16) -> Option<f32> {
        let signed = f32::from(word.cast_signed());
        match self {
            Self::Direct(Direct { m: 0, .. }) => None,
            Self::Direct(Direct { m, b, r }) => {
                Some((scaled(signed, 10.0, -r) - b as f32) / m as f32)
            }
            Self::Linear11 => {
                let exponent = (word.cast_signed() >> 11) as i8;
                let mantissa = (word << 5).cast_signed() >> 5;
                Some(scaled(f32::from(mantissa), 2.0, exponent))
            }
            Self::Linear16 { exponent } => Some(scaled(f32::from(word), 2.0, exponent)),
        }
    }
}

/// `value · base^exponent`, by repeated steps: the exponents are small and `powi` is not in core.
fn scaled(value: f32, base: f32, exponent: i8) -> f32 {
    (0..exponent.unsigned_abs()).fold(
        value,
        |value, _| {
            if exponent < 0 { value / base } else { value * base }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_direct_format_is_solved_for_the_value() {
        // ADM1272 datasheet, table 11: voltage, 0 V to 100 V range.
        let voltage = Format::Direct(Direct { m: 4062, b: 0, r: -2 });
        let volts = voltage.value(1950).unwrap();
        assert!((volts - 48.006).abs() < 0.001, "{volts}");
        assert_eq!(Format::Direct(Direct { m: 0, b: 1, r: 0 }).value(1), None);
    }

    #[test]
    fn linear11_has_a_signed_exponent_and_a_signed_mantissa() {
        // 0x1f << 11 is an exponent of −1; mantissa 25.
        assert_eq!(Format::Linear11.value(0xf800 | 25), Some(12.5));
        // Exponent 1, mantissa −3.
        assert_eq!(Format::Linear11.value(0x0800 | 0x7fd), Some(-6.0));
    }

    #[test]
    fn linear16_is_unsigned_with_an_exponent_from_elsewhere() {
        assert_eq!(Format::Linear16 { exponent: -9 }.value(0x8200), Some(65.0));
    }
}
