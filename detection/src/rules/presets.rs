//! Presets by kind of machine. There are few on purpose: what a machine does is learnt from itself,
//! and a preset differs only where a standard or the nature of the machine says so.

use super::{Limit, LimitKind, Rules, Select};
use crate::report::Class;
use crate::settings::Settings;

/// Rules for a kind of machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// Kinds of machines, as assets have them, that it is for.
    pub kinds: &'static [&'static str],
    /// Why it is as it is.
    pub why: &'static str,
    /// The rules.
    pub rules: Rules,
}

impl Preset {
    /// The preset for a kind of machine, by one of its kinds or its own name; the general one for a
    /// kind that has none.
    #[must_use]
    pub fn of_kind(kind: &str) -> Self {
        let (general, others) = {
            let mut all = presets();
            (all.remove(0), all)
        };
        let fits = |preset: &Preset| preset.name == kind || preset.kinds.contains(&kind);
        others.into_iter().find(fits).unwrap_or(general)
    }
}

/// All presets, the general one first.
#[must_use]
pub fn presets() -> Vec<Preset> {
    let half_an_hour = Settings { learning_s: 1800.0, ..Settings::default() };
    vec![
        Preset {
            name: "general",
            kinds: &[],
            why: "Learnt from the machine itself; no absolute limits.",
            rules: Rules::default(),
        },
        Preset {
            name: "pump",
            kinds: &["pump"],
            why: "Vibration velocity after ISO 10816-7, category II, up to 200 kW: alarm at the \
                  boundary of zones B and C (5.1 mm/s), urgent at that of C and D (8.5 mm/s).",
            rules: Rules { limits: vibration("ISO 10816-7", 5.1e-3, 8.5e-3), ..Rules::default() },
        },
        Preset {
            name: "fan_or_motor",
            kinds: &["fan", "motor", "blower"],
            why: "Vibration velocity after ISO 20816-3, 15 to 300 kW on a flexible foundation: \
                  alarm at the boundary of zones B and C (4.5 mm/s), urgent at that of C and D \
                  (7.1 mm/s). On a rigid foundation these are 2.8 and 4.5 mm/s.",
            rules: Rules { limits: vibration("ISO 20816-3", 4.5e-3, 7.1e-3), ..Rules::default() },
        },
        Preset {
            name: "compressor",
            kinds: &["compressor", "air_compressor"],
            why: "Loads and unloads by turns, so that half an hour is learnt. What vibration is \
                  allowed depends on its principle; no absolute limits.",
            rules: Rules { deviation: half_an_hour.clone(), ..Rules::default() },
        },
        Preset {
            name: "chiller",
            kinds: &["chiller", "refrigerator", "heat_pump"],
            why: "Rests for a part of each cycle, so that half an hour is learnt. Pressures depend \
                  on the refrigerant; no absolute limits.",
            rules: Rules { deviation: half_an_hour, ..Rules::default() },
        },
        Preset {
            name: "slow_thermal",
            kinds: &["furnace", "oven", "cold_room", "tank", "transformer"],
            why: "Judged by hours and days: six days are learnt, the mean of most of a day is \
                  judged. A second, slower level would add nothing.",
            rules: Rules {
                deviation: Settings::slow(),
                drift: super::Drift { on: false, ..super::Drift::default() },
                ..Rules::default()
            },
        },
    ]
}

/// Two limits on every velocity of vibration (r.m.s., m/s). The alarm comes after 10 s, as starting
/// passes through resonances; the deadband is a tenth.
fn vibration(standard: &str, high: f64, high_high: f64) -> Vec<Limit> {
    let limit = |kind, zone: &str, value: f64| Limit {
        name: format!("vibration {zone}, {standard}"),
        points: Select::quantity("velocity"),
        kind,
        value,
        deadband: value / 10.0,
        on_delay_s: 10.0,
        off_delay_s: 60.0,
        window_s: 60.0,
        class: Class::Machine,
        priority: None,
        latched: false,
        only_at: None,
    };
    vec![limit(LimitKind::High, "zone C", high), limit(LimitKind::HighHigh, "zone D", high_high)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_passes_its_own_check_and_reads_back() {
        for preset in presets() {
            assert_eq!(preset.rules.check(), Ok(()), "{}", preset.name);
            let text = serde_json::to_string(&preset.rules).expect("written");
            assert_eq!(serde_json::from_str::<Rules>(&text).ok(), Some(preset.rules));
        }
    }

    #[test]
    fn a_kind_without_a_preset_has_the_general_one() {
        assert_eq!(Preset::of_kind("air_compressor").name, "compressor");
        assert_eq!(Preset::of_kind("pump").name, "pump");
        assert_eq!(Preset::of_kind("slow_thermal").name, "slow_thermal");
        assert_eq!(Preset::of_kind("machine").name, "general");
    }
}
