//! Quantities and their canonical units.
//!
//! Readings are kept in one unit per quantity, named as in the SenML units registry (RFC 8428,
//! section 12.1). What boards send in other SenML (RFC 8798) or UCUM units is converted on the way
//! in, so nobody downstream can mix up bar and pascal. A unit that is not in the table is kept as
//! it came, under [`Quantity::Other`]: refusing it would lose readings, guessing would falsify them.

use serde::{Deserialize, Serialize};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Canonical unit `Cel`.
    Temperature,
    /// Canonical unit `Pa`.
    Pressure,
    /// Electric current, `A`.
    Current,
    /// Electric potential, `V`.
    Voltage,
    /// Active power, `W`.
    Power,
    /// Energy, `J`.
    Energy,
    /// Volume flow, `m3/s`.
    Flow,
    /// Acceleration (vibration), `m/s2`.
    Acceleration,
    /// Velocity (vibration), `m/s`.
    Velocity,
    /// Frequency and rotational speed, `Hz`.
    Frequency,
    /// Relative humidity, `%RH`.
    Humidity,
    /// A ratio between 0 and 1, `/`.
    Ratio,
    /// Length or level, `m`.
    Length,
    /// Volume, `m3`.
    Volume,
    /// Mass, `kg`.
    Mass,
    /// Duration, `s`.
    Duration,
    /// Resistance, `Ohm`.
    Resistance,
    /// Anything else: the unit stays as the board named it.
    Other,
}

/// How a unit becomes its canonical unit: `canonical = value * scale + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conversion {
    /// What is measured.
    pub quantity: Quantity,
    /// The canonical unit's name.
    pub unit: &'static str,
    /// Factor.
    pub scale: f64,
    /// Summand, in the canonical unit.
    pub offset: f64,
}

impl Conversion {
    /// Converts one value.
    #[must_use]
    pub fn apply(&self, value: f64) -> f64 {
        value * self.scale + self.offset
    }

    /// Whether the value stays as it is.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.scale == 1.0 && self.offset == 0.0
    }
}

impl Quantity {
    /// The unit in which readings of this quantity are kept; empty for [`Quantity::Other`].
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Temperature => "Cel",
            Self::Pressure => "Pa",
            Self::Current => "A",
            Self::Voltage => "V",
            Self::Power => "W",
            Self::Energy => "J",
            Self::Flow => "m3/s",
            Self::Acceleration => "m/s2",
            Self::Velocity => "m/s",
            Self::Frequency => "Hz",
            Self::Humidity => "%RH",
            Self::Ratio => "/",
            Self::Length => "m",
            Self::Volume => "m3",
            Self::Mass => "kg",
            Self::Duration => "s",
            Self::Resistance => "Ohm",
            Self::Other => "",
        }
    }
}

/// Standard gravity, m/s², exact (ISO 80000-3).
const G: f64 = 9.806_65;
/// Pound-force per square inch in pascal (NIST SP 811).
const PSI: f64 = 6_894.757_293_168;

/// Looks a unit up: SenML (RFC 8428, RFC 8798) and UCUM names of the quantities above.
#[must_use]
pub fn conversion(unit: &str) -> Option<Conversion> {
    use Quantity as Q;
    let (quantity, scale, offset) = match unit {
        "Cel" => (Q::Temperature, 1.0, 0.0),
        "K" => (Q::Temperature, 1.0, -273.15),
        "[degF]" | "degF" => (Q::Temperature, 5.0 / 9.0, -160.0 / 9.0),
        "Pa" => (Q::Pressure, 1.0, 0.0),
        "hPa" | "mbar" => (Q::Pressure, 100.0, 0.0),
        "kPa" => (Q::Pressure, 1e3, 0.0),
        "MPa" => (Q::Pressure, 1e6, 0.0),
        "bar" => (Q::Pressure, 1e5, 0.0),
        "[psi]" | "psi" => (Q::Pressure, PSI, 0.0),
        "A" => (Q::Current, 1.0, 0.0),
        "mA" => (Q::Current, 1e-3, 0.0),
        "uA" => (Q::Current, 1e-6, 0.0),
        "V" => (Q::Voltage, 1.0, 0.0),
        "mV" => (Q::Voltage, 1e-3, 0.0),
        "kV" => (Q::Voltage, 1e3, 0.0),
        "W" => (Q::Power, 1.0, 0.0),
        "mW" => (Q::Power, 1e-3, 0.0),
        "kW" => (Q::Power, 1e3, 0.0),
        "J" => (Q::Energy, 1.0, 0.0),
        "Wh" => (Q::Energy, 3.6e3, 0.0),
        "kWh" => (Q::Energy, 3.6e6, 0.0),
        "m3/s" => (Q::Flow, 1.0, 0.0),
        "l/s" => (Q::Flow, 1e-3, 0.0),
        "l/min" => (Q::Flow, 1e-3 / 60.0, 0.0),
        "l/h" => (Q::Flow, 1e-3 / 3600.0, 0.0),
        "m3/h" => (Q::Flow, 1.0 / 3600.0, 0.0),
        "m/s2" => (Q::Acceleration, 1.0, 0.0),
        "[g]" => (Q::Acceleration, G, 0.0),
        "m/s" => (Q::Velocity, 1.0, 0.0),
        "mm/s" => (Q::Velocity, 1e-3, 0.0),
        "Hz" | "1/s" => (Q::Frequency, 1.0, 0.0),
        "kHz" => (Q::Frequency, 1e3, 0.0),
        "1/min" => (Q::Frequency, 1.0 / 60.0, 0.0),
        "%RH" => (Q::Humidity, 1.0, 0.0),
        "/" => (Q::Ratio, 1.0, 0.0),
        "/100" | "%" => (Q::Ratio, 1e-2, 0.0),
        "m" => (Q::Length, 1.0, 0.0),
        "mm" => (Q::Length, 1e-3, 0.0),
        "cm" => (Q::Length, 1e-2, 0.0),
        "km" => (Q::Length, 1e3, 0.0),
        "m3" => (Q::Volume, 1.0, 0.0),
        "l" => (Q::Volume, 1e-3, 0.0),
        "kg" => (Q::Mass, 1.0, 0.0),
        "g" => (Q::Mass, 1e-3, 0.0),
        "s" => (Q::Duration, 1.0, 0.0),
        "ms" => (Q::Duration, 1e-3, 0.0),
        "min" => (Q::Duration, 60.0, 0.0),
        "h" => (Q::Duration, 3600.0, 0.0),
        "Ohm" => (Q::Resistance, 1.0, 0.0),
        _ => return None,
    };
    Some(Conversion { quantity, unit: quantity.unit(), scale, offset })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_units_arrive_in_the_canonical_unit() {
        let near = |unit: &str, value: f64, expected: f64| {
            let got = conversion(unit).unwrap().apply(value);
            assert!((got - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{unit}: {got}");
        };
        near("[degF]", 212.0, 100.0);
        near("K", 273.15, 0.0);
        near("bar", 7.5, 750_000.0);
        near("l/min", 60.0, 0.001);
        near("1/min", 1500.0, 25.0);
    }

    #[test]
    fn a_canonical_unit_converts_to_itself() {
        for unit in ["Cel", "Pa", "A", "V", "W", "m3/s", "m/s2", "Hz", "/"] {
            let c = conversion(unit).unwrap();
            assert!(c.is_identity() && c.unit == unit && c.quantity.unit() == unit, "{unit}");
        }
    }

    #[test]
    fn an_unknown_unit_is_not_guessed() {
        assert_eq!(conversion("furlong"), None);
        assert_eq!(conversion(""), None);
    }
}
