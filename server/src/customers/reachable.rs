//! How people are reached, in one spelling, so that the same address is found again.

use crate::http::Problem;
use crate::limits::{EMAIL_CHARS, PHONE_DIGITS};

/// An e-mail address in lower case; an empty one is none. Whether it exists shows when something is
/// sent there.
pub(crate) fn email(given: Option<&str>) -> Result<Option<String>, Problem> {
    let email = given.unwrap_or_default().trim().to_lowercase();
    if email.is_empty() {
        return Ok(None);
    }
    let parts = email.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty());
    let strange = email.contains(|c: char| c.is_whitespace() || c.is_control());
    if parts.is_none() || strange || email.chars().count() > EMAIL_CHARS {
        return Err(Problem::Invalid("`email` is no e-mail address".into()));
    }
    Ok(Some(email))
}

/// A phone number as its digits, with `+` in front where it was given; an empty one is none.
pub(crate) fn phone(given: Option<&str>) -> Result<Option<String>, Problem> {
    let given = given.unwrap_or_default().trim();
    if given.is_empty() {
        return Ok(None);
    }
    let (plus, rest) = given.strip_prefix('+').map_or(("", given), |rest| ("+", rest));
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let strange = rest.contains(|c: char| !c.is_ascii_digit() && !" -./()".contains(c));
    if strange || !PHONE_DIGITS.contains(&digits.len()) {
        let text = "`phone` has to have 3 to 20 digits, and spaces or - . / ( ) between them";
        return Err(Problem::Invalid(text.into()));
    }
    Ok(Some(format!("{plus}{digits}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_written_differently_is_the_same_number() {
        let one = phone(Some("+49 (89) 123-456")).unwrap();
        assert_eq!(one, phone(Some(" +49 89/123.456 ")).unwrap());
        assert_eq!(one.as_deref(), Some("+4989123456"));
        assert!(phone(Some("call me")).is_err());
        assert_eq!(phone(Some("  ")).unwrap(), None);
    }

    #[test]
    fn an_address_is_kept_in_lower_case() {
        assert_eq!(email(Some(" Mei@Example.COM ")).unwrap().as_deref(), Some("mei@example.com"));
        for wrong in ["mei", "@example.com", "mei@", "mei @example.com"] {
            assert!(email(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
