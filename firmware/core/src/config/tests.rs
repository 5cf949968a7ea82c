use std::format;
use std::vec::Vec;

use super::*;
use crate::calibration::{Calibration, Curve};
use crate::limits::MAX_CONFIG_BYTES;

fn text<const N: usize>(s: &str) -> Text<N> {
    Text::try_from(s).unwrap()
}

pub(crate) fn full() -> Config {
    let broker = Broker {
        host: text(&"h".repeat(64)),
        port: 1883,
        username: text(&"u".repeat(64)),
        password: text(&"p".repeat(64)),
    };
    let mut config = Config::new(text("pump-7"), broker, [7; 32]);
    for i in 0..MAX_CHANNELS {
        let name = format!("channel-{i}-{}", "n".repeat(22));
        let mut channel = Channel::new(text(&name), text("[in_i'H2O]"), text("a.very.long.one"));
        channel.calibration = Some(Calibration {
            serial: text(&"s".repeat(32)),
            day: 20_700,
            curve: Curve::Polynomial([0.1, 1.01, 0.0, 1e-6]),
        });
        channel.health.specified = Range { low: -40.0, high: 125.0 };
        config.channels.push(channel).unwrap();
    }
    config
}

fn encoded(config: &Config) -> Vec<u8> {
    let mut buffer = [0; MAX_CONFIG_BYTES];
    let length = config.encode(&mut buffer).unwrap();
    buffer[..length].to_vec()
}

#[test]
fn the_largest_configuration_reads_back_as_it_was_written() {
    let bytes = encoded(&full());
    let config = Config::decode(&bytes).unwrap();
    assert_eq!((&config.channels, &config.board), (&full().channels, &full().board));
    assert_eq!(encoded(&config), bytes);
    let mut in_a_page = bytes;
    in_a_page.resize(4096, 0xFF);
    assert_eq!(Config::decode(&in_a_page), Ok(config));
}

#[test]
fn no_bit_of_a_configuration_falls_over_unseen() {
    let mut bytes = encoded(&full());
    for bit in 0..bytes.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(Config::decode(&bytes).is_err(), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn a_cut_configuration_and_erased_flash_are_refused() {
    let bytes = encoded(&full());
    for end in 0..bytes.len() {
        assert!(Config::decode(&bytes[..end]).is_err());
    }
    assert_eq!(Config::decode(&[0xFF; 64]), Err(ConfigError::NotAConfiguration));
}

#[test]
fn values_that_no_board_can_work_with_are_named() {
    let refused = |change: fn(&mut Config)| {
        let mut config = full();
        change(&mut config);
        config.encode(&mut [0; MAX_CONFIG_BYTES]).unwrap_err()
    };
    let invalid = ConfigError::Invalid;
    assert_eq!(refused(|c| c.board = text("a/b")), invalid("board"));
    assert_eq!(refused(|c| c.channels.clear()), invalid("channels"));
    assert_eq!(refused(|c| c.channels[1] = c.channels[0].clone()), invalid("channel name"));
    assert_eq!(refused(|c| c.channels[0].sampling.interval_ms = 0), invalid("interval_ms"));
    assert_eq!(refused(|c| c.channels[0].sampling.oversampling = 10), invalid("oversampling"));
    assert_eq!(refused(|c| c.channels[0].sampling.smoothing = f32::NAN), invalid("smoothing"));
    assert_eq!(refused(|c| c.channels[0].health.rate_per_s = f32::NAN), invalid("rate_per_s"));
    assert_eq!(refused(|c| c.channels[0].reporting.deadband = f32::NAN), invalid("deadband"));
}

#[test]
fn the_secrets_of_a_configuration_are_not_printed() {
    let printed = format!("{:?}", full());
    assert!(!printed.contains("ppp") && !printed.contains("7, 7, 7"), "{printed}");
}
