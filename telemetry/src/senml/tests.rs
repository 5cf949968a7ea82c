use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::pack::Series;

const NOW_US: i64 = 1_760_000_000_000_000;

fn values(series: &Series) -> Vec<f64> {
    series.samples.iter().map(|s| s.value).collect()
}

#[test]
fn base_fields_hold_until_the_next_ones() {
    // After the example of RFC 8428, section 5.1.3.
    let json = br#"[
      {"bn":"urn:dev:ow:10e2073a01080063:","bt":1.320067464e+09,"bu":"A","bver":5,
       "n":"voltage","u":"V","v":120.1},
      {"n":"current","t":-5,"v":1.2},
      {"n":"current","t":-4,"v":1.3},
      {"n":"current","v":1.7}]"#;
    let decoded = decode(json, NOW_US).unwrap();
    assert!(decoded.refused.is_empty());
    let [voltage, current] = &decoded.series[..] else { panic!("{decoded:?}") };
    assert_eq!((voltage.channel.as_str(), voltage.unit.as_str()), ("voltage", "V"));
    assert_eq!((current.channel.as_str(), current.unit.as_str()), ("current", "A"));
    assert_eq!(values(current), [1.2, 1.3, 1.7]);
    assert_eq!(current.samples[0].measured_at_us, 1_320_067_459_000_000);
}

#[test]
fn relative_times_count_from_the_time_of_receipt() {
    let decoded = decode(br#"[{"n":"p","u":"bar","v":2,"t":-1.5}]"#, NOW_US).unwrap();
    let sample = decoded.series[0].samples[0];
    assert_eq!(sample.measured_at_us, NOW_US - 1_500_000);
    assert_eq!((sample.value, decoded.series[0].unit.as_str()), (200_000.0, "Pa"));
}

#[test]
fn one_broken_record_does_not_cost_its_neighbours() {
    let json = br#"[{"n":"a","u":"Cel","v":20},{"n":"b","vs":"open"},{"n":"c d","v":1},
                    {"n":"a","u":"Cel","v":21,"t":99999999999}]"#;
    let decoded = decode(json, NOW_US).unwrap();
    assert_eq!(values(&decoded.series[0]), [20.0]);
    let codes: Vec<_> = decoded.refused.iter().map(|r| (r.error.code(), r.first_record)).collect();
    assert_eq!(codes, [("no_number", 1), ("channel_name", 2), ("time_range", 3)]);
}

#[test]
fn a_clock_in_the_future_is_refused() {
    let ahead = (NOW_US + 2 * crate::limits::MAX_AHEAD_US) / 1_000_000;
    let json = alloc::format!(r#"[{{"n":"a","v":1,"t":{ahead}}}]"#);
    let decoded = decode(json.as_bytes(), NOW_US).unwrap();
    assert_eq!(decoded.refused[0].error, RecordError::ClockAhead);
}

#[test]
fn what_is_no_pack_is_refused_with_a_reason() {
    let code = |payload: &[u8]| decode(payload, NOW_US).unwrap_err().code();
    assert_eq!(code(b""), "empty");
    assert_eq!(code(b"temperature=21"), "not_senml");
    assert_eq!(code(b"{\"n\":\"a\"}"), "not_senml");
    assert_eq!(code(b"[{\"n\":\"a\",\"v\":1}"), "incomplete");
    assert_eq!(code(b"[1]"), "malformed");
    assert_eq!(code(b"[{\"bver\":11,\"n\":\"a\",\"v\":1}]"), "senml_version");
    assert_eq!(code(b"[{\"n\":\"a\",\"v\":1,\"x_\":1}]"), "must_understand");
    assert_eq!(code(&[0x81]), "incomplete");
    assert_eq!(code(&[0x81, 0x01]), "malformed");
    assert_eq!(code(&[b'['; 300_000]), "too_large");
}

#[test]
fn json_and_cbor_say_the_same() {
    let time_s = 1_759_999_999.25;
    let m = [
        Measurement { name: "temperature", unit: "Cel", value: 61.5, time_s },
        Measurement { name: "pressure", unit: "bar", value: 7.25, time_s },
        Measurement { name: "temperature", unit: "Cel", value: 61.75, time_s: time_s + 1.0 },
    ];
    let mut cbor = Vec::new();
    encode_cbor(&mut cbor, "urn:dev:mac:0024befffe804ff1:", &m).unwrap();
    let json = encode_json("urn:dev:mac:0024befffe804ff1:", &m);
    assert_eq!(decode(&cbor, NOW_US), decode(&json, NOW_US));
    assert_eq!(decode(&cbor, NOW_US).unwrap().series[0].samples.len(), 2);
}

#[test]
fn a_decimal_fraction_is_a_number() {
    // [{0: "a", 2: 4([-2, 1234])}] is 12.34.
    let cbor = [0x81, 0xa2, 0x00, 0x61, b'a', 0x02, 0xc4, 0x82, 0x21, 0x19, 0x04, 0xd2];
    assert_eq!(values(&decode(&cbor, NOW_US).unwrap().series[0]), [12.34]);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes, NOW_US);
    }

    #[test]
    fn damaged_packs_never_panic(at in 0usize..60, byte in any::<u8>()) {
        let mut cbor = Vec::new();
        let m = Measurement { name: "temperature", unit: "Cel", value: 61.5, time_s: 1.7e9 };
        encode_cbor(&mut cbor, "b:", &[m, m]).unwrap();
        let at = at % cbor.len();
        cbor[at] = byte;
        let _ = decode(&cbor, NOW_US);
    }
}

#[test]
fn a_boards_pack_reads_back_to_the_millisecond() {
    let reading =
        |channel, unit, value, offset_ms| BoardReading { channel, unit, value, offset_ms };
    let readings = [
        reading("bearing", "Cel", 41.5, 0),
        reading("bearing", "Cel", 41.75, 1_001),
        reading("oil", "kPa", 250.0, -3_999),
    ];
    let mut bytes = Vec::new();
    let base = TimeBase::Epoch(1_760_000_000);
    encode_board_pack(&mut bytes, base, readings.into_iter()).unwrap();
    let decoded = decode(&bytes, NOW_US).unwrap();
    assert!(decoded.refused.is_empty());
    let [bearing, oil] = &decoded.series[..] else { panic!("{decoded:?}") };
    assert_eq!(values(bearing), [41.5, 41.75]);
    assert_eq!(bearing.samples[1].measured_at_us, NOW_US + 1_001_000);
    assert_eq!(values(oil), [250_000.0]);
    assert_eq!(oil.samples[0].measured_at_us, NOW_US - 3_999_000);
}

#[test]
fn a_board_without_a_clock_counts_from_now() {
    let reading = BoardReading { channel: "t", unit: "Cel", value: 1.0, offset_ms: -90_250 };
    let mut bytes = Vec::new();
    encode_board_pack(&mut bytes, TimeBase::Now, [reading].into_iter()).unwrap();
    let decoded = decode(&bytes, NOW_US).unwrap();
    assert_eq!(decoded.series[0].samples[0].measured_at_us, NOW_US - 90_250_000);
}
