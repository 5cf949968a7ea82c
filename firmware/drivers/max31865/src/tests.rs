use embedded_hal_mock::eh1::spi::{Mock, Transaction};

use super::*;

const CIRCUIT: Circuit =
    Circuit { nominal_ohm: 100.0, reference_ohm: 430.0, wires: Wires::Three, mains: Mains::Hz50 };
/// Bias, continuous, three wires, 50 Hz.
const CONFIGURED: u8 = 0b1101_0001;
/// 400 Ω and 18 Ω of 430 Ω.
const THRESHOLDS: [u8; 4] = [0xee, 0x22, 0x0a, 0xb6];

fn within(inner: Transaction<u8>) -> [Transaction<u8>; 3] {
    [Transaction::transaction_start(), inner, Transaction::transaction_end()]
}

fn burst(configuration: u8, code: u16, thresholds: [u8; 4], faults: u8) -> [Transaction<u8>; 3] {
    let [high, low] = (code << 1 | u16::from(faults != 0)).to_be_bytes();
    let [a, b, c, d] = thresholds;
    let answer = vec![0xff, configuration, high, low, a, b, c, d, faults];
    within(Transaction::transfer(vec![0; 9], answer))
}

fn write(bytes: &[u8]) -> [Transaction<u8>; 3] {
    within(Transaction::write_vec(bytes.to_vec()))
}

fn set_up(kept: u8) -> Vec<Transaction<u8>> {
    let [a, b, c, d] = THRESHOLDS;
    let answer = within(Transaction::transfer(vec![0; 2], vec![0xff, kept]));
    let start = write(&[0x80, CONFIGURED | CLEAR_FAULT]);
    [write(&[0x83, a, b, c, d]), start, answer].concat()
}

#[test]
fn a_new_device_is_set_up_and_read_at_the_next_turn() {
    // 138.51 Ω of 430 Ω: 100 °C.
    let code = 10_555;
    let mut spi = Mock::new(
        &[
            burst(0, 0, [0xff, 0xff, 0, 0], 0).to_vec(),
            set_up(CONFIGURED),
            burst(CONFIGURED, 0, THRESHOLDS, 0).to_vec(),
            burst(CONFIGURED, code, THRESHOLDS, 0).to_vec(),
        ]
        .concat(),
    );
    let mut device = Max31865::new(&mut spi, CIRCUIT);
    assert_eq!(device.read(), Err(Error::NotReady));
    assert_eq!(device.read(), Err(Error::NotReady), "no conversion yet");
    let t = device.read().unwrap();
    assert!((t - 100.0).abs() < 0.04, "{t}");
    spi.done();
}

#[test]
fn its_fault_register_says_open_short_and_voltage_and_is_cleared() {
    let faults = [(0x80, Error::Open), (0x08, Error::Open), (0x40, Error::Short)];
    for (bits, expected) in faults.into_iter().chain([(0x04, Error::Voltage)]) {
        let clear = write(&[0x80, CONFIGURED | CLEAR_FAULT]);
        let mut spi = Mock::new(&[burst(CONFIGURED, 0x7fff, THRESHOLDS, bits), clear].concat());
        assert_eq!(Max31865::new(&mut spi, CIRCUIT).read(), Err(expected), "{bits:#x}");
        spi.done();
    }
}

#[test]
fn a_line_without_a_device_is_absent_whether_it_stays_high_or_low() {
    let mut high = Mock::new(&burst(0xff, 0x7fff, [0xff; 4], 0xff));
    assert_eq!(Max31865::new(&mut high, CIRCUIT).read(), Err(Error::Absent));
    high.done();
    let mut low = Mock::new(&[burst(0, 0, [0; 4], 0).to_vec(), set_up(0)].concat());
    assert_eq!(Max31865::new(&mut low, CIRCUIT).read(), Err(Error::Absent));
    low.done();
}
