//! A number in a file, as the kernel's own drivers show their sensors, or as anybody writes it.

use std::path::{Path, PathBuf};

use board::sensor::{Fault, Sensor};

/// What the kernel and this board count in: thousandths.
pub const MILLI: f64 = 1e-3;

/// The first number of a file.
#[derive(Debug)]
pub struct ValueFile {
    path: PathBuf,
    scale: f64,
}

impl ValueFile {
    /// The number in this file, times `scale`.
    pub fn new(path: PathBuf, scale: f64) -> Self {
        Self { path, scale }
    }

    /// The processor's temperature, °C: a thermal zone or a monitor of the kernel, if it has one.
    pub fn of_the_processor() -> Option<Self> {
        Some(Self::new(processor(Path::new("/sys/class"))?, MILLI))
    }
}

impl Sensor for ValueFile {
    fn read(&mut self) -> Result<f32, Fault> {
        let text = std::fs::read_to_string(&self.path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Fault::Missing,
            // A driver that cannot read its sensor answers EIO; one of 1-Wire that finds nobody
            // leaves its file empty.
            _ => Fault::Bus,
        })?;
        let word = text.split_whitespace().next().ok_or(Fault::Bus)?;
        let number: f64 = word.parse().map_err(|_| Fault::OutOfRange)?;
        // Rounded once: 61500 thousandths are 61.5, which they are not as a product of two f32.
        let value = (number * self.scale) as f32;
        Some(value).filter(|value| value.is_finite()).ok_or(Fault::OutOfRange)
    }
}

/// Names under which the kernel's drivers show a processor's temperature.
const PROCESSORS: [&str; 6] =
    ["cpu-thermal", "cpu_thermal", "x86_pkg_temp", "coretemp", "k10temp", "soc-thermal"];

fn processor(class: &Path) -> Option<PathBuf> {
    let of = |class: PathBuf, label: &'static str, value: &'static str| {
        let folders = std::fs::read_dir(class).into_iter().flatten().flatten();
        folders.filter_map(move |folder| {
            let name = std::fs::read_to_string(folder.path().join(label)).ok()?;
            let value = folder.path().join(value);
            (PROCESSORS.contains(&name.trim()) && value.exists()).then_some(value)
        })
    };
    let zones = of(class.join("thermal"), "type", "temp");
    zones.chain(of(class.join("hwmon"), "name", "temp1_input")).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_scaled_and_whatever_is_none_has_its_fault() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("value");
        let mut file = ValueFile::new(path.clone(), MILLI);
        assert_eq!(file.read(), Err(Fault::Missing));
        for (text, expected) in [
            ("61500\n", Ok(61.5)),
            ("-250 and more", Ok(-0.25)),
            ("", Err(Fault::Bus)),
            ("hot", Err(Fault::OutOfRange)),
            ("inf", Err(Fault::OutOfRange)),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(file.read(), expected, "{text:?}");
        }
    }

    #[test]
    fn the_processor_is_found_among_other_zones() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(processor(dir.path()), None, "not every machine has one");
        for (zone, name) in [("thermal_zone0", "battery"), ("thermal_zone1", "cpu-thermal")] {
            let folder = dir.path().join("thermal").join(zone);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("type"), name).unwrap();
            std::fs::write(folder.join("temp"), "48000").unwrap();
        }
        let found = processor(dir.path()).unwrap();
        assert!(found.ends_with("thermal_zone1/temp"), "{found:?}");
    }
}
