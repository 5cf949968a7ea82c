//! Lower-case hexadecimal digits; upper case is refused, since two spellings of one value would let
//! a changed byte pass.

use std::fmt::Write as _;

pub fn write(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    })
}

pub fn read<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_spelling_of_a_value_is_read() {
        assert_eq!(read::<2>(write(&[0x0a, 0xff]).as_bytes()), Some([0x0a, 0xff]));
        for other in ["0AFF", "0aff0", "0af", "0ag0", " aff"] {
            assert_eq!(read::<2>(other.as_bytes()), None, "{other}");
        }
    }
}
