//! The sensors of this computer, by the names that a configuration uses as sources.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use board::sensor::{Fault, Sensor};

use crate::source::Source;

/// All inputs. One whose bus is not there is tried again whenever it is read.
pub struct Inputs(BTreeMap<String, Lazy>);

struct Lazy {
    source: Source,
    sensor: Option<Box<dyn Sensor>>,
}

impl Inputs {
    /// What needs no file: `cpu` and `load`.
    pub fn built_in() -> Self {
        Self::of([("cpu".into(), Source::Cpu), ("load".into(), Source::Load)])
    }

    /// Those of a file, and the built-in ones.
    ///
    /// # Errors
    /// The section and what is wrong with it.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let said = || path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(said)?;
        Self::parse(&text).with_context(said)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let sources: BTreeMap<String, Source> = toml::from_str(text)?;
        for (name, source) in &sources {
            source.check().map_err(|wrong| anyhow::anyhow!("[{name}]: {wrong}"))?;
        }
        let mut inputs = Self::built_in();
        inputs.0.append(&mut Self::of(sources).0);
        Ok(inputs)
    }

    fn of(sources: impl IntoIterator<Item = (String, Source)>) -> Self {
        let lazy = |(name, source)| (name, Lazy { source, sensor: None });
        Self(sources.into_iter().map(lazy).collect())
    }

    /// Whether there is an input of that name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

impl board::sensor::Inputs for Inputs {
    fn named(&mut self, source: &str) -> Option<&mut dyn Sensor> {
        Some(self.0.get_mut(source)?)
    }
}

impl Sensor for Lazy {
    fn read(&mut self) -> Result<f32, Fault> {
        if self.sensor.is_none() {
            self.sensor = self.source.open();
        }
        self.sensor.as_mut().ok_or(Fault::Missing)?.read()
    }
}

#[cfg(test)]
mod tests {
    use board::sensor::Inputs as _;

    use super::*;

    #[test]
    fn the_example_of_the_readme_is_understood() {
        let example = include_str!("../inputs.toml");
        let inputs = Inputs::parse(example).unwrap();
        let sections = example.lines().filter(|line| line.starts_with('[')).count();
        assert_eq!(inputs.0.len(), sections + 2, "with cpu and load");
    }

    #[test]
    fn what_cannot_be_is_said_with_its_section() {
        for (text, word) in [
            ("[oil]\nsensor = \"barometer\"", "barometer"),
            ("[oil]\nsensor = \"ina219\"\naddress = 0x40\nshunt_ohm = 0.0", "[oil]: shunt_ohm"),
            ("[oil]\nsensor = \"tmp1xx\"\naddress = 0x77", "0x48 to 0x4b"),
            ("[oil]\nsensor = \"file\"\npath = \"/run/oil\"\nscal = 1.0", "scal"),
        ] {
            let error = Inputs::parse(text).err().map(|e| format!("{e:#}")).unwrap_or_default();
            assert!(error.contains(word), "{text:?}: {error}");
        }
    }

    #[test]
    fn an_input_without_its_bus_is_missing_and_not_an_end() {
        let text = "[oil]\nsensor = \"lm75\"\nbus = \"/dev/no-such-bus\"\naddress = 0x48";
        let mut inputs = Inputs::parse(text).unwrap();
        assert_eq!(inputs.named("oil").unwrap().read(), Err(Fault::Missing));
        assert!(inputs.named("load").unwrap().read().is_ok(), "every Linux machine has one");
        assert!(inputs.named("water").is_none());
    }
}
