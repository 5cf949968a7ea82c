//! What the maker measured of each sensor, and how it corrects a reading ("DS", "How to Calculate Compensated Values").

/// The coefficients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Coefficients {
    c0: f32,
    c1: f32,
    c00: f32,
    c10: f32,
    c01: f32,
    c11: f32,
    c20: f32,
    c21: f32,
    c30: f32,
}

/// How many bytes they take, from register 0x10 on.
pub(crate) const BYTES: usize = 18;

/// Two's complement in the lowest bits of a word.
fn signed(word: u32, bits: u32) -> f32 {
    ((word << (32 - bits)).cast_signed() >> (32 - bits)) as f32
}

impl Coefficients {
    /// Takes the registers apart (DS, "Calibration Coefficients").
    pub fn read(b: [u8; BYTES]) -> Self {
        let byte = |i: usize| u32::from(b.get(i).copied().unwrap_or_default());
        let word = |i: usize| signed(byte(i) << 8 | byte(i + 1), 16);
        Self {
            c0: signed(byte(0) << 4 | byte(1) >> 4, 12),
            c1: signed((byte(1) & 0xf) << 8 | byte(2), 12),
            c00: signed(byte(3) << 12 | byte(4) << 4 | byte(5) >> 4, 20),
            c10: signed((byte(5) & 0xf) << 16 | byte(6) << 8 | byte(7), 20),
            c01: word(8),
            c11: word(10),
            c20: word(12),
            c21: word(14),
            c30: word(16),
        }
    }

    /// Temperature, °C, from a scaled raw value.
    pub fn celsius(&self, t: f32) -> f32 {
        self.c0 * 0.5 + self.c1 * t
    }

    /// Pressure, Pa, from two scaled raw values.
    pub fn pascal(&self, p: f32, t: f32) -> f32 {
        self.c00
            + p * (self.c10 + p * (self.c20 + p * self.c30))
            + t * self.c01
            + t * p * (self.c11 + p * self.c21)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_coefficients_come_apart_with_their_signs() {
        // c0 = 0x0cf, c1 = 0xefa (−262), c00 = 0x13690 (79504), c10 = 0xf3128 (−52952), and the
        // sixteen-bit ones.
        let bytes = [
            0x0c, 0xfe, 0xfa, 0x13, 0x69, 0x0f, 0x31, 0x28, 0xf4, 0x6b, 0x04, 0xbc, 0xd4, 0x76,
            0x00, 0x30, 0xfb, 0x22,
        ];
        let c = Coefficients::read(bytes);
        assert_eq!((c.c0, c.c1, c.c00, c.c10), (207.0, -262.0, 79_504.0, -52_952.0));
        assert_eq!(
            (c.c01, c.c11, c.c20, c.c21, c.c30),
            (-2965.0, 1212.0, -11_146.0, 48.0, -1246.0)
        );
        assert_eq!(c.celsius(0.3), 103.5 - 262.0 * 0.3);
    }
}
