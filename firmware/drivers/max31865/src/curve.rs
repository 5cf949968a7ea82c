//! Resistance of a platinum thermometer to temperature (IEC 60751:2022, section 4.2).

/// Coefficients of the Callendar–Van Dusen equation for platinum with 0.00385 /K (IEC 60751).
const A: f32 = 3.908_3e-3;
const B: f32 = -5.775e-7;
/// Below 0 °C only.
const C: f32 = -4.183e-12;

/// Temperature, °C, at which the thermometer has `ratio` times its resistance at 0 °C; from −200 to
/// 850 °C, for which the equation stands.
#[must_use]
pub fn celsius(ratio: f32) -> f32 {
    // Above 0 °C: 1 + A·t + B·t² solved for t. Written so that nothing cancels near 0 °C.
    let t = 2.0 * (ratio - 1.0) / (A + libm::sqrtf(A * A - 4.0 * B * (1.0 - ratio)));
    if t >= 0.0 {
        return t;
    }
    // Below it: 1 + A·t + B·t² + C·(t − 100)·t³, by Newton from the square root's t, which is
    // within 2.5 K at −200 °C; three steps end at the last bits of an f32.
    (0..3).fold(t, |t, _| {
        let value = 1.0 + t * (A + t * (B + C * (t - 100.0) * t));
        let slope = A + t * (2.0 * B + C * t * (4.0 * t - 300.0));
        t - (value - ratio) / slope
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_agrees_with_the_table_of_the_standard() {
        // IEC 60751, table 1, for 100 Ω at 0 °C.
        let table = [
            (18.52, -200.0),
            (60.26, -100.0),
            (96.09, -10.0),
            (100.0, 0.0),
            (103.90, 10.0),
            (138.51, 100.0),
            (175.86, 200.0),
            (280.98, 500.0),
            (390.48, 850.0),
        ];
        for (ohm, expected) in table {
            let t = celsius(ohm / 100.0);
            // The table is rounded to 0.01 Ω, which is 0.034 K where the curve is flattest.
            assert!((t - expected).abs() < 0.025, "{ohm} Ω: {t} for {expected}");
        }
    }
}
