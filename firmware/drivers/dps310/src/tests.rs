use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource};
use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

use super::*;

const ADDRESS: u8 = 0x77;
const PACKED: [u8; BYTES] = [
    0x0c, 0xfe, 0xfa, 0x13, 0x69, 0x0f, 0x31, 0x28, 0xf4, 0x6b, 0x04, 0xbc, 0xd4, 0x76, 0x00, 0x30,
    0xfb, 0x22,
];

fn read(register: u8, answer: &[u8]) -> Transaction {
    Transaction::write_read(ADDRESS, vec![register], answer.to_vec())
}

fn write(bytes: &[u8]) -> Transaction {
    Transaction::write(ADDRESS, bytes.to_vec())
}

fn set_up() -> Vec<Transaction> {
    let mut all = vec![
        read(MODE, &[0xc0]),
        read(PRODUCT, &[DPS310]),
        read(COEFFICIENTS, &PACKED),
        read(COEFFICIENT_SOURCE, &[0x80]),
    ];
    all.extend(TEMPERATURE_FIX.map(|pair| write(&pair)));
    all.extend([write(&[0x06, 0x23, 0xa3]), write(&[MODE, 0x07])]);
    all
}

#[test]
fn a_sensor_is_set_up_and_its_values_are_corrected_by_its_own_coefficients() {
    let values = [0xf5, 0x00, 0x00, 0x24, 0x00, 0x00];
    let rest = [read(MODE, &[0xc7]), read(MODE, &[0xf7]), read(PRESSURE, &values)];
    let mut i2c = Mock::new(&[set_up(), rest.to_vec()].concat());
    let mut sensor = Dps310::new(&mut i2c, ADDRESS);
    assert_eq!(sensor.read(), Err(Error::NotReady));
    assert_eq!(sensor.read(), Err(Error::NotReady), "nothing measured yet");
    let Reading { pascal, celsius } = sensor.read().unwrap();
    // The formula of the datasheet in twice the digits.
    let (p, t) = (f64::from(-0x0b_0000) / 7_864_320.0, f64::from(0x24_0000) / 7_864_320.0);
    let exact = 79_504.0
        + p * (-52_952.0 + p * (-11_146.0 + p * -1_246.0))
        + t * -2_965.0
        + t * p * (1_212.0 + p * 48.0);
    assert!((f64::from(pascal) - exact).abs() < 0.02, "{pascal} for {exact}");
    assert!((f64::from(celsius) - (103.5 - 262.0 * t)).abs() < 1e-4, "{celsius}");
    i2c.done();
}

#[test]
fn a_sensor_that_was_away_is_set_up_again() {
    let nobody = ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address);
    let away = [read(MODE, &[0]).with_error(nobody)];
    let no_supply = [read(MODE, &[0xc0])];
    let all = [set_up(), away.to_vec(), set_up(), no_supply.to_vec(), set_up()].concat();
    let mut i2c = Mock::new(&all);
    let mut sensor = Dps310::new(&mut i2c, ADDRESS);
    assert_eq!(sensor.read(), Err(Error::NotReady));
    assert_eq!(sensor.read(), Err(Error::Bus(nobody)));
    for _ in 0..3 {
        assert_eq!(sensor.read(), Err(Error::NotReady));
    }
    i2c.done();
}

#[test]
fn another_device_at_the_address_is_not_taken_for_one() {
    let mut i2c = Mock::new(&[read(MODE, &[0xc0]), read(PRODUCT, &[0x58])]);
    assert_eq!(Dps310::new(&mut i2c, ADDRESS).read(), Err(Error::Absent));
    i2c.done();
}
