//! A small chart without axes (Tufte 2006): a line that is broken where there is no figure.

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 24.0;

/// The points of an SVG path in a box of 120 × 24.
pub(super) fn of(values: impl Iterator<Item = Option<f64>>) -> String {
    let values: Vec<Option<f64>> = values.collect();
    let known = || values.iter().flatten().copied();
    let (least, most) = (known().fold(f64::MAX, f64::min), known().fold(f64::MIN, f64::max));
    let height = if most > least { most - least } else { 1.0 };
    let step = WIDTH / (values.len().max(2) - 1) as f64;
    let mut path = String::new();
    let mut pen_down = false;
    for (at, value) in values.iter().enumerate() {
        let Some(value) = value else {
            pen_down = false;
            continue;
        };
        let (x, y) = (at as f64 * step, HEIGHT - (value - least) / height * HEIGHT);
        path.push_str(if pen_down { "L" } else { "M" });
        // A point alone is a point.
        path.push_str(&format!("{x:.1} {y:.1}"));
        if !pen_down {
            path.push_str("h0");
        }
        pen_down = true;
    }
    path
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_missing_figure_breaks_the_line() {
        let path = super::of([Some(1.0), Some(3.0), None, Some(2.0)].into_iter());
        assert_eq!(path, "M0.0 24.0h0L40.0 0.0M120.0 12.0h0");
        assert_eq!(super::of([None, None].into_iter()), "");
    }
}
