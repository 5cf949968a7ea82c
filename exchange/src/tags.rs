//! Tag values as Aftercare keeps them in InfluxDB, so that a file of lines can be written straight
//! into its bucket.
//!
//! A tag value can neither be empty nor hold a line break, and tools differ in what they escape. So
//! `%` and what needs escapes becomes `%` and two hexadecimal digits, and the empty text a lone `%`.
//! `store/src/influx/names.rs` writes the same; a system test holds the two together.

use std::borrow::Cow;
use std::fmt::Write as _;

pub fn encoded(text: &str) -> Cow<'_, str> {
    if text.is_empty() {
        return "%".into();
    }
    if !text.contains(special) {
        return text.into();
    }
    let mut value = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if special(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing into a string cannot fail.
                let _ = write!(value, "%{byte:02X}");
            }
        } else {
            value.push(c);
        }
    }
    value.into()
}

fn special(c: char) -> bool {
    c.is_control() || "%,= \\\"'".contains(c)
}

/// The text of a tag value. One that [`encoded`] would not have written is taken as it stands, so
/// that a plain `%RH` of another program is what it says.
pub fn decoded(value: &str) -> Cow<'_, str> {
    if !value.contains('%') {
        return value.into();
    }
    match unescaped(value).filter(|text| encoded(text) == value) {
        Some(text) => text.into(),
        None => value.into(),
    }
}

fn unescaped(value: &str) -> Option<String> {
    if value == "%" {
        return Some(String::new());
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_value_of_ours_reads_back_and_one_of_others_stays() {
        for text in ["", "%", "%RH", "a b", "m³/s", "a=b,c", "\\", "\n", "\u{85}", "%25"] {
            assert_eq!(decoded(&encoded(text)), text);
        }
        for foreign in ["%RH", "a%", "50%41", "a,b", "x y"] {
            assert_eq!(decoded(foreign), foreign);
        }
        assert_eq!(encoded("%RH"), "%25RH");
    }
}
