//! Recordings: of real machines where they lie beside the project, generated ones everywhere.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A file of the shared recordings, or `None` (and a word on standard error) where they are absent.
#[must_use]
#[expect(clippy::print_stderr, reason = "a test that cannot run has to say so")]
pub fn shared_data(file: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let path = root.join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("NOT RUN: {file} does not lie beside the project; the generated run proves the same");
    None
}

/// Writes a generated run in the columns of the SKAB rig: normal work for 600 s, then the flow
/// falls and the current rises for 300 s, then normal again for 200 s.
///
/// # Errors
/// When the file cannot be written.
pub fn generated_run(dir: &Path) -> std::io::Result<PathBuf> {
    let path = dir.join("generated.csv");
    std::fs::write(&path, rig(1, 1100, |s| Some((600..900).contains(&s)), 8.0))?;
    Ok(path)
}

/// Writes a collection like SKAB: a folder with runs of labelled faults, the flow a little or much
/// too small, and a run of sound work of two hours.
///
/// # Errors
/// When a file cannot be written.
pub fn labelled_collection(dir: &Path) -> std::io::Result<PathBuf> {
    for (set, run, fall) in
        [("valve1", 0, 1.5), ("valve1", 1, 4.0), ("valve2", 0, 8.0), ("valve2", 1, 2.5)]
    {
        std::fs::create_dir_all(dir.join(set))?;
        let rows = rig(7 + run, 1600, |s| Some((600..1020).contains(&s)), fall);
        std::fs::write(dir.join(format!("{set}/{run}.csv")), rows)?;
    }
    std::fs::create_dir_all(dir.join("anomaly-free"))?;
    std::fs::write(dir.join("anomaly-free/anomaly-free.csv"), rig(3, 7200, |_| None, 0.0))?;
    Ok(dir.to_owned())
}

/// Rows of the rig; `faulty` says of a second whether a fault is there (the flow falls within 20 s
/// by so many litres a minute), and is its label where it says anything at all.
fn rig(seed: u32, seconds: i32, faulty: impl Fn(i32) -> Option<bool>, fall: f64) -> String {
    let labelled = faulty(0).is_some();
    let mut csv = String::from(
        "datetime;Accelerometer1RMS;Accelerometer2RMS;Current;Pressure;Temperature;Thermocouple;\
         Voltage;Volume Flow RateRMS",
    );
    csv.push_str(if labelled { ";anomaly;changepoint\n" } else { "\n" });
    let mut state = seed;
    let mut noise = || {
        // Four uniform numbers added up: bell-shaped enough, and the same on every machine.
        let mut sum = 0.0;
        for _ in 0..4 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            sum += f64::from(state >> 8) / f64::from(1 << 24) - 0.5;
        }
        sum
    };
    let mut fault: f64 = 0.0;
    for s in 0..seconds {
        let here = faulty(s) == Some(true);
        fault = (fault + if here { 0.05 } else { -0.05 }).clamp(0.0, 1.0);
        let _ = write!(
            csv,
            "2026-01-01 {:02}:{:02}:{:02};{:.5};{:.5};{:.4};{:.5};{:.4};{:.4};{:.2};{:.3}",
            s / 3600,
            s / 60 % 60,
            s % 60,
            0.03 + 0.001 * noise(),
            0.04 + 0.001 * noise(),
            1.2 + 0.05 * noise() + 0.075 * fall * fault,
            0.05 + 0.02 * noise(),
            75.0 + 0.1 * noise(),
            25.0 + 0.05 * noise(),
            230.0 + 2.0 * noise(),
            32.0 + 0.3 * noise() - fall * fault,
        );
        csv.push_str(match (labelled, here) {
            (false, _) => "\n",
            (true, false) => ";0.0;0.0\n",
            (true, true) => ";1.0;0.0\n",
        });
    }
    csv
}

/// Writes readings, in the columns of an import, of two boards that nobody has adopted: awkward names, values in all their
/// digits, times to the microsecond.
///
/// # Errors
/// When the file cannot be written.
pub fn awkward_recording(dir: &Path, readings: u64) -> std::io::Result<PathBuf> {
    let mut csv = String::from("board,channel,unit,time,value\n");
    let mut state = 1_u64;
    for i in 0..readings {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let names = [
            "pump-7,temperature,Cel",
            "pump-7,temperature,K-ish °",
            "pump-7,bearing/load,",
            "b:2,humidity,%RH",
            "b:2,count,\"per 1,000 \"\"x\"\"=\\\"",
        ];
        // Any bits but those of infinities and of what is no number.
        let value = f64::from_bits(state & !(0x400 << 52));
        let (second, us) = (i / 5, state % 1_000_000);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let _ = writeln!(
            csv,
            "{},2026-01-01T{hour:02}:{minute:02}:{second:02}.{us:06}Z,{value:?}",
            names[(i % 5) as usize]
        );
    }
    let file = dir.join("awkward.csv");
    std::fs::write(&file, csv)?;
    Ok(file)
}
