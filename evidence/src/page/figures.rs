//! Figures, units and words as a page shows them.

/// Four significant digits, thousands apart; no decimals that the figure does not have.
pub fn figure(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = value.abs().log10().floor() as i32 + 1;
    let decimals = usize::try_from(4 - digits).unwrap_or(0).min(6);
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) && whole.len() > 4 {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{grouped}{point}{rest}")
}

/// With its sign in any case.
pub fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", figure(value)) } else { figure(value) }
}

/// A SenML unit as people write it.
pub fn unit(senml: &str) -> String {
    match senml {
        "Cel" => "°C".to_owned(),
        other => other.replace("m/s2", "m/s²").replace("m3", "m³"),
    }
}

/// A word of the document as people write it.
pub fn words(code: &str) -> String {
    code.replace('_', " ")
}

/// What a word is good for, as a class of the style sheet.
pub fn tone(word: &str) -> &'static str {
    match word {
        "fixed" | "pass" | "verified" => "good",
        "improved" | "acceptance_test" => "some",
        "worse" | "fail" | "rejected" => "bad",
        "unchanged" | "not_enough_data" | "pending" => "open",
        _ => "plain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_four_digits_that_count() {
        for (value, text) in [
            (61.5, "61.5"),
            (0.012_345_6, "0.01235"),
            (-3.0, "−3"),
            (612_345.6, "612\u{202f}346"),
            (1234.5, "1234"),
            (99.999_9, "100"),
            (0.0, "0"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(figure(value), text, "{value}");
        }
        assert_eq!(signed(2.0), "+2");
    }
}
