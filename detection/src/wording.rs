//! Figures and times as people read them.

/// A value with its unit, four digits that count.
pub(crate) fn figure(value: f64, unit: &str) -> String {
    let magnitude = value.abs();
    let number = if magnitude == 0.0 {
        "0".to_owned()
    } else if (1e-3..1e6).contains(&magnitude) {
        let digits = (3 - magnitude.log10().floor() as i32).clamp(0, 6) as usize;
        let text = format!("{value:.digits$}");
        match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        }
    } else {
        format!("{value:.3e}")
    };
    match unit {
        "" | "/" => number,
        "Cel" => format!("{number} °C"),
        "%RH" => format!("{number} % RH"),
        unit => format!("{number} {unit}"),
    }
}

/// A length of time.
pub(crate) fn span(us: i64) -> String {
    let seconds = us.max(0) as f64 / 1e6;
    let (number, unit) = match seconds {
        s if s < 120.0 => (s, "s"),
        s if s < 7200.0 => (s / 60.0, "min"),
        s if s < 172_800.0 => (s / 3600.0, "h"),
        s => (s / 86_400.0, "days"),
    };
    if number >= 10.0 {
        format!("{number:.0} {unit}")
    } else {
        format!("{} {unit}", figure(number, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_four_digits_and_times_one_unit() {
        assert_eq!(figure(61.5, "Cel"), "61.5 °C");
        assert_eq!(figure(0.004_512_3, "m/s"), "0.004512 m/s");
        assert_eq!(figure(123_456.0, "Pa"), "123456 Pa");
        assert_eq!(figure(1.25e7, "Pa"), "1.250e7 Pa");
        assert_eq!(figure(-40.0, ""), "-40");
        assert_eq!(span(90_000_000), "90 s");
        assert_eq!(span(300_000_000), "5 min");
        assert_eq!(span(10 * 86_400_000_000), "10 days");
    }
}
