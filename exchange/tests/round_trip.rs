//! Whatever is written in a format reads back, bit for bit.

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;

use exchange::{Format, Reading, Rows, Series, Writer};
use proptest::prelude::*;

const FORMATS: [Format; 3] = [Format::Csv, Format::Parquet, Format::Lines];

fn written(format: Format, readings: &[Reading]) -> File {
    let mut writer = Writer::new(format, tempfile::tempfile().unwrap()).unwrap();
    for reading in readings {
        writer.write(reading).unwrap();
    }
    let mut file = writer.finish().unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    file
}

fn read(format: Format, file: File) -> Vec<Reading> {
    Rows::open(format, file).unwrap().map(|row| row.unwrap().reading.unwrap()).collect()
}

/// Names and units as awkward as they come; measured times that every store can hold.
fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let name = prop_oneof![
        "[a-z][a-z0-9:._/-]{0,10}",
        "[ ,=\"'%\\\\\\n\\ra²°µ]{1,6}",
        "\\PC{1,12}",
        Just("%RH".to_owned()),
    ];
    let unit = prop_oneof![Just(String::new()), name.clone()];
    let series = (name.clone(), name, unit)
        .prop_map(|(board, channel, unit)| Arc::new(Series { board, channel, unit }));
    let time = prop_oneof![
        -9_000_000_000_000_000_i64..9_000_000_000_000_000,
        1_767_225_600_000_000_i64..1_767_225_600_001_000,
    ];
    let value = any::<f64>().prop_filter("stores hold finite values", |v| v.is_finite());
    prop::collection::vec((series, prop::collection::vec((time, value), 1..20)), 1..6).prop_map(
        |series| {
            let of = |(series, samples): (Arc<Series>, Vec<(i64, f64)>)| {
                samples.into_iter().map(move |(measured_at_us, value)| Reading {
                    series: Arc::clone(&series),
                    measured_at_us,
                    value,
                })
            };
            series.into_iter().flat_map(of).collect()
        },
    )
}

fn bits(readings: &[Reading]) -> Vec<(&Series, i64, u64)> {
    readings.iter().map(|r| (&*r.series, r.measured_at_us, r.value.to_bits())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn readings_come_back_bit_for_bit_in_every_format(readings in readings()) {
        for format in FORMATS {
            let back = read(format, written(format, &readings));
            prop_assert_eq!(bits(&back), bits(&readings), "{:?}", format);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in FORMATS {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&bytes).unwrap();
            std::io::Seek::rewind(&mut file).unwrap();
            if let Ok(rows) = Rows::open(format, file) {
                rows.for_each(drop);
            }
        }
    }

    #[test]
    fn a_damaged_parquet_file_is_an_error_or_read_but_no_panic(
        readings in readings(),
        at in any::<prop::sample::Index>(),
        mask in 1_u8..,
        cut in any::<bool>(),
    ) {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut written(Format::Parquet, &readings), &mut bytes).unwrap();
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] ^= mask;
        }
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        if let Ok(rows) = Rows::open(Format::Parquet, file) {
            prop_assert!(!cut, "a file without its end was opened");
            rows.for_each(drop);
        }
    }
}

#[test]
fn a_long_file_is_cut_into_row_groups_and_comes_back_whole() {
    let series = ["a", "b", "c"].map(|board| {
        Arc::new(Series { board: board.into(), channel: "temperature".into(), unit: "Cel".into() })
    });
    let reading = |i: i64| Reading {
        series: Arc::clone(&series[(i / 100_000) as usize]),
        measured_at_us: 1_767_225_600_000_000 + i,
        value: i as f64 / 7.0,
    };
    let readings: Vec<_> = (0..300_000).map(reading).collect();
    let file = written(Format::Parquet, &readings);
    let meta = parquet::file::metadata::ParquetMetaDataReader::new();
    let meta = meta.parse_and_finish(&file).unwrap();
    assert_eq!(meta.num_row_groups(), 3);
    assert_eq!(meta.file_metadata().num_rows(), 300_000);
    assert_eq!(bits(&read(Format::Parquet, file)), bits(&readings));
}
