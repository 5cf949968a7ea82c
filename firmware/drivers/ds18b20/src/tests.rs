//! Against a device that is simulated by the times of its datasheet: a wrong pulse is a wrong bit.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use super::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Rom,
    Command,
    WriteScratchpad(usize),
    ReadScratchpad(usize),
    Converting,
}

/// The line and the device on it; times in µs.
#[derive(Debug)]
struct Device {
    now: u64,
    low_since: Option<u64>,
    /// While the device holds the line low.
    holds: std::ops::Range<u64>,
    mode: Mode,
    bits: Vec<bool>,
    scratchpad: [u8; 8],
    celsius: f32,
    done_at: u64,
    present: bool,
    noise: bool,
}

impl Device {
    fn power_up(&mut self) {
        self.scratchpad = [0x50, 0x05, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10];
        self.mode = Mode::Rom;
    }

    fn out(&self, bit: usize) -> bool {
        match self.mode {
            Mode::ReadScratchpad(_) => {
                let sum = checksum(&self.scratchpad) ^ u8::from(self.noise);
                let all = [&self.scratchpad[..], &[sum]].concat();
                all.get(bit / 8).is_none_or(|byte| byte >> (bit % 8) & 1 == 1)
            }
            Mode::Converting => self.now >= self.done_at,
            _ => true,
        }
    }

    fn fell(&mut self) {
        self.low_since = Some(self.now);
        let bit = if let Mode::ReadScratchpad(bit) = self.mode { bit } else { 0 };
        if !self.out(bit) {
            self.holds = self.now..self.now + 30;
        }
        if let Mode::ReadScratchpad(bit) = &mut self.mode {
            *bit += 1;
        }
    }

    fn rose(&mut self) {
        let Some(since) = self.low_since.take() else { return };
        match self.now - since {
            480.. if self.present => {
                self.holds = self.now + 30..self.now + 150;
                self.mode = Mode::Rom;
                self.bits.clear();
            }
            60..=120 => self.take(false),
            1..=15 => self.take(true),
            _ => {}
        }
    }

    fn take(&mut self, bit: bool) {
        if matches!(self.mode, Mode::ReadScratchpad(_) | Mode::Converting) {
            return;
        }
        self.bits.push(bit);
        if self.bits.len() < 8 {
            return;
        }
        let byte = self.bits.drain(..).rev().fold(0, |byte, bit| byte << 1 | u8::from(bit));
        self.mode = match (self.mode, byte) {
            (Mode::Rom, SKIP_ROM) => Mode::Command,
            (Mode::Command, READ_SCRATCHPAD) => Mode::ReadScratchpad(0),
            (Mode::Command, WRITE_SCRATCHPAD) => Mode::WriteScratchpad(0),
            (Mode::Command, CONVERT) => {
                let raw = (self.celsius * 16.0) as i16;
                self.scratchpad[..2].copy_from_slice(&raw.to_le_bytes());
                self.done_at = self.now + 750_000;
                Mode::Converting
            }
            (Mode::WriteScratchpad(at), byte) => {
                self.scratchpad[2 + at] = byte;
                Mode::WriteScratchpad(at + 1)
            }
            other => panic!("{other:?}"),
        };
    }
}

#[derive(Clone)]
struct Line(Rc<RefCell<Device>>);

impl Line {
    fn new(celsius: f32) -> Self {
        let mut device = Device {
            now: 0,
            low_since: None,
            holds: 0..0,
            mode: Mode::Rom,
            bits: Vec::new(),
            scratchpad: [0; 8],
            celsius,
            done_at: 0,
            present: true,
            noise: false,
        };
        device.power_up();
        Self(Rc::new(RefCell::new(device)))
    }

    fn passes(&self, milliseconds: u64) {
        self.0.borrow_mut().now += milliseconds * 1_000;
    }
}

impl ErrorType for Line {
    type Error = Infallible;
}

impl OutputPin for Line {
    fn set_low(&mut self) -> Result<(), Infallible> {
        self.0.borrow_mut().fell();
        Ok(())
    }

    fn set_high(&mut self) -> Result<(), Infallible> {
        self.0.borrow_mut().rose();
        Ok(())
    }
}

impl InputPin for Line {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        self.is_low().map(|low| !low)
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        let device = self.0.borrow();
        Ok(device.low_since.is_some() || device.holds.contains(&device.now))
    }
}

impl DelayNs for Line {
    fn delay_ns(&mut self, ns: u32) {
        self.0.borrow_mut().now += u64::from(ns / 1_000);
    }
}

fn sensor(celsius: f32) -> (Line, Wire<Line, Line>, Ds18b20) {
    let line = Line::new(celsius);
    (line.clone(), Wire::new(line.clone(), line), Ds18b20::new(Which::Only))
}

#[test]
fn a_conversion_is_begun_waited_for_and_read_with_its_sign() {
    let (line, mut wire, mut device) = sensor(-10.125);
    assert_eq!(device.read(&mut wire), Err(Error::NotReady), "the first call begins one");
    line.passes(500);
    assert_eq!(device.read(&mut wire), Err(Error::NotReady), "it is not done");
    line.passes(300);
    line.0.borrow_mut().celsius = 61.5;
    assert_eq!(device.read(&mut wire), Ok(-10.125));
    line.passes(1_000);
    assert_eq!(device.read(&mut wire), Ok(61.5), "the call before began the next one");
}

#[test]
fn the_85_degrees_after_a_loss_of_power_are_no_temperature() {
    let (line, mut wire, mut device) = sensor(20.0);
    let _ = device.read(&mut wire);
    line.passes(1_000);
    line.0.borrow_mut().power_up();
    assert_eq!(device.read(&mut wire), Err(Error::NotReady));
    line.passes(1_000);
    assert_eq!(device.read(&mut wire), Ok(20.0));
    // A bearing at 85 °C is one.
    line.0.borrow_mut().celsius = 85.0;
    line.passes(1_000);
    let _ = device.read(&mut wire);
    line.passes(1_000);
    assert_eq!(device.read(&mut wire), Ok(85.0));
}

#[test]
fn nobody_a_short_line_and_noise_each_have_their_name() {
    let (line, mut wire, mut device) = sensor(20.0);
    line.0.borrow_mut().noise = true;
    assert_eq!(device.read(&mut wire), Err(Error::Wire(WireError::Checksum)));
    line.0.borrow_mut().present = false;
    assert_eq!(device.read(&mut wire), Err(Error::Wire(WireError::Nobody)));
    line.0.borrow_mut().holds = 0..u64::MAX;
    assert_eq!(device.read(&mut wire), Err(Error::Wire(WireError::Stuck)));
}

#[test]
fn a_number_is_one_of_a_ds18b20_with_its_checksum() {
    let bytes = [0x28, 1, 2, 3, 4, 5, 6];
    let whole = |family: u8| {
        let mut rom = [0; 8];
        rom[..7].copy_from_slice(&bytes);
        rom[0] = family;
        rom[7] = checksum(&rom[..7]);
        rom
    };
    assert!(Rom::new(whole(0x28)).is_some());
    assert!(Rom::new(whole(0x10)).is_none(), "a DS18S20 counts otherwise");
    assert!(Rom::new([0x28, 1, 2, 3, 4, 5, 6, whole(0x28)[7] ^ 1]).is_none());
    // Application note 27 of the maker has this number and its checksum.
    assert_eq!(checksum(&[0x02, 0x1c, 0xb8, 0x01, 0x00, 0x00, 0x00]), 0xa2);
}
