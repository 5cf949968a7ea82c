//! Whatever comes: no panic, and every reading is accounted for.

use std::vec;

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Step {
    Run(u64),
    Up,
    Down,
    Receive,
    Drain,
    Time,
    Burst(u32, u32),
    Interval(u32),
    Reset,
    Cut(usize),
    Fault(Option<Fault>),
    Bytes(Vec<u8>),
}

fn fault() -> impl Strategy<Value = Option<Fault>> {
    let faults = [Fault::Missing, Fault::Bus, Fault::OutOfRange, Fault::NotReady];
    prop_oneof![Just(None), prop::sample::select(faults.to_vec()).prop_map(Some)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..8_000u64).prop_map(Step::Run),
        2 => Just(Step::Up),
        2 => Just(Step::Down),
        3 => Just(Step::Receive),
        2 => Just(Step::Drain),
        1 => Just(Step::Time),
        1 => (100..2_000u32, 0..10u32).prop_map(|(i, s)| Step::Burst(i, s)),
        1 => (100..4_000u32).prop_map(Step::Interval),
        1 => Just(Step::Reset),
        1 => (0..3_000usize).prop_map(Step::Cut),
        1 => fault().prop_map(Step::Fault),
        1 => prop::collection::vec(any::<u8>(), 0..64).prop_map(Step::Bytes),
    ]
}

fn take(board: &mut Board<Flash>, step: Step) {
    match step {
        Step::Run(ms) => board.run(ms),
        Step::Up => board.up(),
        Step::Down => board.down(),
        Step::Receive => {
            board.receive();
        }
        Step::Drain => board.drain(),
        Step::Time => board.tell_time(),
        Step::Burst(interval_ms, seconds) => {
            board.obey(&Command::Burst { interval_ms, seconds });
        }
        Step::Interval(interval_ms) => {
            board.obey(&Command::Interval { channel: None, interval_ms });
        }
        Step::Fault(fault) => board.value = fault.map_or(Ok(1.0), Err),
        Step::Bytes(bytes) => {
            board.agent.command(&bytes, board.now);
        }
        Step::Reset | Step::Cut(_) => {}
    }
}

proptest! {
    /// Resets and power cuts at any moment of any life, and the board goes on afterwards.
    #[test]
    fn no_order_of_events_and_no_power_cut_panics(steps in prop::collection::vec(step(), 1..60)) {
        let mut board = Board::new(installed(&config()), flash(6));
        for step in steps {
            match step {
                Step::Reset => board = board.reset(700),
                Step::Cut(power) => {
                    let began_ms = board.unix_ms();
                    let mut flash = board.agent.into_storage().into_flash().0;
                    flash.power = Some(power);
                    let boot = Boot::new("test 1", Reset::Power, None);
                    board = Board::boot(installed(&config()), storage(flash, 6), boot, began_ms);
                    board.run(30_000);
                    let mut flash = board.agent.into_storage().into_flash().0;
                    flash.power = None;
                    let boot = Boot::new("test 1", Reset::Power, None);
                    let began_ms = board.began_ms + 30_000;
                    board = Board::boot(installed(&config()), storage(flash, 6), boot, began_ms);
                }
                step => take(&mut board, step),
            }
        }
        // And it still works.
        let mut board = board.reset(0);
        board.tell_time();
        board.arrived.clear();
        board.run(5_000);
        board.up();
        board.drain();
        let began = board.began_ms;
        prop_assert!(board.arrived.iter().any(|(_, at, _)| *at >= began));
        prop_assert_eq!(board.agent.waiting(), 0);
    }

    /// What was measured has arrived once, or is counted as lost.
    #[test]
    fn every_reading_arrives_once_or_is_reported_lost(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut board = Board::new(installed(&config()), flash(6));
        board.tell_time();
        // A message that is taken and not acknowledged may arrive and still be counted as lost.
        let exact = |s: &Step| !matches!(s, Step::Fault(_) | Step::Receive);
        for step in steps.into_iter().filter(exact) {
            take(&mut board, step);
        }
        let measured = board.value.unwrap() as usize;
        board.up();
        board.drain();
        let told = board.told.iter();
        let lost: u32 = told.map(|t| if let Told::Lost(n) = t { *n } else { 0 }).sum();
        let mut values: Vec<_> = board.arrived.iter().map(|(_, _, value)| *value as usize).collect();
        values.sort_unstable();
        values.dedup();
        prop_assert_eq!(values.len(), board.arrived.len());
        prop_assert_eq!(values.len() + lost as usize, measured);
        prop_assert_eq!(board.agent.waiting(), 0);
    }

    #[test]
    fn no_bytes_make_a_configuration_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Config::decode(&bytes);
        let mut sealed = b"ACFG\x01\x00".to_vec();
        sealed.extend_from_slice(&(bytes.len() as u16).to_le_bytes());
        sealed.extend_from_slice(&bytes);
        let checksum = crate::checksum::crc32(sealed.iter().copied());
        sealed.extend_from_slice(&checksum.to_le_bytes());
        let _ = Config::decode(&sealed);
    }

    #[test]
    fn no_bytes_in_flash_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut config = config();
        crate::settings::Settings::default().read(&bytes, &mut config);
        // As far as the head of settings of this configuration.
        let mut settings = [0x89, 1, 7, 0, 0xF6, 0x80, 0x80, 0].to_vec();
        settings.extend_from_slice(&bytes);
        crate::settings::Settings::default().read(&settings, &mut config);
        if let Some(block) = crate::storage::block::Block::read(&bytes) {
            prop_assert_eq!(block.readings().count(), block.sequences().count());
        }
    }

    #[test]
    fn no_value_of_a_sensor_panics(values in prop::collection::vec(any::<f32>(), 1..50)) {
        let mut config = config();
        config.channels[0].sampling.smoothing = 0.1;
        config.channels[0].sampling.oversampling = 4;
        config.channels[0].reporting.deadband = 0.5;
        let mut board = Board::new(config, flash(6));
        board.up();
        for value in values {
            board.value = Ok(value);
            board.run(250);
            board.drain();
        }
        prop_assert!(board.arrived.iter().all(|(_, _, value)| value.is_finite()));
    }
}
