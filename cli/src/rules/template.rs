//! The template of rules: the values come from the code, so that the two cannot part.

use std::fmt::Write as _;

use detection::Preset;

/// What the fields mean, in the order of the documentation; those without a word are figures that
/// seldom need another value (docs/detection.md).
const COMMENTS: &[(&str, &str)] = &[
    (
        "deviation",
        "When a point, a change or a combination counts as unusual against what was learnt.",
    ),
    (
        "deviation.learning_s",
        "How long the machine's normal work is learnt, seconds of measured time. It should show every mode.",
    ),
    ("deviation.slow_learning_s", "At least so long for temperatures."),
    ("deviation.smoothing_s", "Time constant of the smoothing of every point, seconds."),
    ("deviation.limit", "A point deviates from so many robust standard deviations on."),
    (
        "deviation.combination_limit",
        "The points together deviate from so many times the largest usual distance on.",
    ),
    (
        "deviation.change_limit",
        "A point has changed from so many robust standard deviations on; 0: not looked for.",
    ),
    ("deviation.on_delay_s", "Raised after this long."),
    ("deviation.off_delay_s", "Over after this long."),
    ("drift", "Slow drift: means of some minutes against a baseline that is days old."),
    ("drift.on", "Whether it is looked for."),
    ("drift.learning_s", "How long the baseline is learnt, seconds (six days)."),
    ("drift.smoothing_s", "Time constant of the mean that is judged, seconds."),
    ("drift.limit", "Robust standard deviations."),
    ("sensors", "The health of sensors: never a fault of the machine, never a ticket."),
    ("sensors.off_delay_s", "Over after this long without it, seconds."),
    ("sensors.stuck", "Exactly one value for much longer than it ever was."),
    ("sensors.stuck.times_usual", "Times the longest usual run of equal readings."),
    (
        "sensors.stuck.least_movement",
        "Only points of which this part of the readings differs from the one before.",
    ),
    ("sensors.spikes", "Single readings that jump out and come back, too often."),
    ("sensors.spikes.count", "So many within window_s."),
    ("sensors.dropout", "Silence while other points go on."),
    ("sensors.dropout.times_usual", "Times the longest usual silence."),
    ("sensors.range", "Outside what physics or the data sheet allow."),
    (
        "sensors.range.sensors",
        "Data sheets, such as { points = { name = \"Discharge pressure\" }, low = 0, high = 1000000 }.",
    ),
    ("sensors.redundancy", "Two points that measure the same drift apart."),
    (
        "sensors.redundancy.pairs",
        "Pairs by the names of their points, beside those of one quantity at one position.",
    ),
];

const LIMITS: &str = "
# Limits and rates of change, each in the unit that the point is kept in.
# [[limits]]
# name = \"bearing hot\"                     # part of the alarm's tag
# points = { quantity = \"temperature\", position = \"bearing\" }    # or { name = \"…\" }
# kind = \"high\"                            # high_high, high, low, low_low; rise, fall: per minute
# value = 80.0
# deadband = 2.0                           # back at 78
# on_delay_s = 10.0
# off_delay_s = 30.0
# window_s = 60.0                          # of a rate
# class = \"machine\"                        # or safety
# priority = \"high\"                        # low, medium, high, critical; otherwise by kind and class
# latched = false                          # true: stays until a person resets it
# only_at = { points = { quantity = \"current\" }, at_least = 5.0 }
";

pub fn of(preset: &Preset) -> anyhow::Result<String> {
    let values = toml::to_string(&preset.rules)?;
    let mut text = format!("# Rules of the preset {:?}. {}\n", preset.name, preset.why);
    text.push_str(
        "# A field that is left out has the value that it has here in the general preset.\n",
    );
    let mut section = String::new();
    for line in values.lines().filter(|line| *line != "limits = []") {
        let header = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let field = match header {
            Some(name) => {
                name.clone_into(&mut section);
                Some(section.clone())
            }
            None => line.split_once(" = ").map(|(name, _)| format!("{section}.{name}")),
        };
        let comment = field.and_then(|field| COMMENTS.iter().find(|(name, _)| *name == field));
        if let Some((_, comment)) = comment {
            writeln!(text, "# {comment}")?;
        }
        writeln!(text, "{line}")?;
    }
    text.push_str(LIMITS);
    Ok(text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use detection::{Limit, Rules, presets};

    use super::*;

    #[test]
    fn the_printed_template_reads_back_as_its_preset() {
        for preset in presets() {
            let text = of(&preset).unwrap();
            let read: Rules = toml::from_str(&text).unwrap();
            assert_eq!(read, preset.rules, "{text}");
        }
    }

    #[test]
    fn every_comment_belongs_to_a_field_and_the_example_is_a_limit() {
        let text = of(&Preset::of_kind("general")).unwrap();
        for (field, comment) in COMMENTS {
            assert!(text.contains(comment), "there is no {field}");
        }
        #[derive(serde::Deserialize)]
        struct Example {
            limits: Vec<Limit>,
        }
        let example = LIMITS.lines().skip(2).map(|line| line.trim_start_matches("# "));
        let example: Example = toml::from_str(&example.collect::<Vec<_>>().join("\n")).unwrap();
        assert_eq!(example.limits.len(), 1);
    }
}
