use telemetry::command::{Calibration, Curve};

use super::*;

#[test]
fn a_reset_in_the_middle_loses_nothing_that_was_stored() {
    let mut board = Board::new(installed(&config()), flash(16));
    board.tell_time();
    board.run(20_001);
    let stored = board.agent.log.waiting;
    let mut board = board.reset(500);
    assert_eq!(board.agent.waiting(), stored as usize);
    board.tell_time();
    board.run(5_000);
    board.up();
    board.drain();
    let times = board.times("bearing");
    // Of what came after the last write, at most the span that the configuration allows is gone.
    let kept = stored as usize / 2;
    assert!(kept >= 15, "{kept}");
    assert_eq!(times[..kept], seconds(0, kept as i64));
    assert_eq!(times[kept..], seconds(20_501, 5));
}

#[test]
fn with_nothing_allowed_in_memory_alone_a_reset_costs_nothing() {
    let mut config = config();
    config.keep_within_ms = 0;
    let mut board = Board::new(installed(&config), flash(32));
    board.tell_time();
    board.run(20_001);
    let mut board = board.reset(499);
    board.tell_time();
    board.run(2_000);
    board.up();
    board.drain();
    let expected: Vec<_> = seconds(0, 21).into_iter().chain(seconds(20_500, 2)).collect();
    assert_eq!(board.times("outlet"), expected);
}

#[test]
fn more_waits_in_flash_than_memory_holds_and_arrives_in_order() {
    let mut board = Board::new(installed(&config()), flash(64));
    board.tell_time();
    board.run(300_000);
    assert_eq!(board.agent.waiting(), 600);
    board.up();
    board.drain();
    assert_eq!(board.times("bearing"), seconds(0, 300));
    assert!(board.told.iter().all(|t| !matches!(t, Told::Lost(_))));
    let first_run = board.arrived.len();
    let mut board = board.reset(0);
    board.up();
    board.drain();
    assert_eq!(board.arrived.len(), first_run, "what is acknowledged does not come again");
}

#[test]
fn on_a_link_that_answers_the_flash_is_not_worn() {
    let mut board = Board::new(installed(&config()), flash(16));
    board.tell_time();
    board.up();
    let mut worn = None;
    for _ in 0..600 {
        board.run(1_000);
        board.drain();
        worn.get_or_insert(board.agent.log.waiting);
    }
    assert_eq!(board.arrived.len(), 1_200);
    let flash = board.agent.into_storage().into_flash().0;
    // Pages of readings were never touched; only this run's begin was saved.
    assert!(flash.bytes[4 * PAGE..].iter().all(|b| *b == 0xFF));
}

#[test]
fn a_full_flash_loses_the_oldest_and_says_how_many() {
    let mut board = Board::new(installed(&config()), flash(4));
    board.tell_time();
    board.run(600_000);
    board.up();
    board.drain();
    let lost = board.told.iter().map(|t| if let Told::Lost(n) = t { *n } else { 0 }).sum::<u32>();
    assert_eq!(lost as usize + board.arrived.len(), 1_200);
    let times = board.times("bearing");
    assert_eq!(times, seconds(600_000 - 1_000 * times.len() as i64, times.len() as i64));
}

#[test]
fn readings_stored_before_the_time_was_known_are_dated_when_it_is_even_after_a_reset() {
    let mut board = Board::new(installed(&config()), flash(16));
    board.run(12_000);
    board.tell_time();
    let kept = i64::from(board.agent.log.waiting / 2);
    let mut board = board.reset(3_600_000);
    board.up();
    board.drain();
    assert_eq!(board.times("bearing"), seconds(0, kept));
}

#[test]
fn readings_of_a_run_that_never_knew_the_time_are_counted_as_lost() {
    let mut board = Board::new(installed(&config()), flash(16));
    board.run(12_000);
    let kept = board.agent.log.waiting;
    let mut board = board.reset(1_000);
    board.tell_time();
    board.up();
    board.drain();
    assert!(board.arrived.is_empty());
    assert!(board.told.contains(&Told::Lost(kept)));
}

#[test]
fn an_index_is_not_taken_for_another_channel_after_a_new_configuration() {
    let mut board = Board::new(installed(&config()), flash(16));
    board.tell_time();
    board.run(12_000);
    let kept = board.agent.log.waiting;
    let mut other = config();
    other.channels.swap(0, 1);
    let boot = Boot::new("test 1", Reset::Power, None);
    let mut board = Board::boot(installed(&other), board.agent.into_storage(), boot, START);
    board.tell_time();
    board.up();
    board.drain();
    assert!(board.arrived.is_empty());
    assert!(board.told.contains(&Told::Lost(kept)));
}

#[test]
fn what_commands_changed_holds_after_a_reset_and_the_command_is_not_done_again() {
    let mut board = Board::new(installed(&config()), flash(8));
    let curve = Curve::Polynomial([1.0, 2.0, 0.0, 0.0]);
    let calibration = Calibration { channel: "outlet", serial: "DKD-2", day: 20_701, curve };
    board.send(START, &Command::Calibrate(calibration));
    board.send(START + 1, &Command::Interval { channel: Some("bearing"), interval_ms: 250 });
    let mut board = board.reset(0);
    let channels = &board.agent.config().channels;
    assert_eq!(channels[0].sampling.interval_ms, 250);
    assert_eq!(channels[1].calibration.as_ref().unwrap().serial, "DKD-2");
    board.send(START + 1, &Command::Interval { channel: Some("bearing"), interval_ms: 60_000 });
    assert_eq!(board.agent.config().channels[0].sampling.interval_ms, 250);
    board.up();
    board.drain();
    assert!(board.told.contains(&Told::Answer { counter: START + 1, refused: false }));
}

#[test]
fn a_burst_goes_on_after_a_reset_once_the_time_is_known_and_still_ends() {
    let mut board = Board::new(installed(&config()), flash(8));
    board.tell_time();
    board.obey(&Command::Burst { interval_ms: 100, seconds: 20 });
    board.run(5_000);
    let mut board = board.reset(5_000);
    board.run(1_000);
    assert!(!board.agent.bursting);
    board.tell_time();
    board.run(1_000);
    assert!(board.agent.bursting);
    board.run(9_000);
    assert!(!board.agent.bursting);
    board.run(500);
    let board = board.reset(0);
    assert_eq!(board.agent.settings.burst, None);
}

#[test]
fn last_words_are_reported_by_the_first_run_that_can() {
    let boot = Boot::new("test 1", Reset::Panic, Some("index out of bounds"));
    let storage = Board::new(installed(&config()), flash(8)).agent.into_storage();
    let board = Board::boot(installed(&config()), storage, boot, START);
    let mut board = board.reset(0);
    board.up();
    board.drain();
    let panic = Some("index out of bounds".to_string());
    assert_eq!(board.told, [Told::Boot { reset: Reset::Power, panic }]);
    let mut board = board.reset(0);
    board.told.clear();
    board.up();
    board.drain();
    assert_eq!(board.told, [Told::Boot { reset: Reset::Power, panic: None }]);
}

#[test]
fn a_flash_that_held_something_else_is_made_ready() {
    let mut foreign = MockFlash::new(20);
    foreign.bytes.iter_mut().enumerate().for_each(|(i, b)| *b = (i * 37 % 251) as u8);
    let mut board = Board::new(installed(&config()), storage(foreign, 16));
    board.tell_time();
    board.run(20_000);
    board.up();
    board.drain();
    assert_eq!(board.times("bearing"), seconds(0, 20));
    assert_eq!(board.told.len(), 1);
}

#[test]
fn a_dead_flash_does_not_stop_the_board() {
    let mut dead = MockFlash::new(20);
    dead.power = Some(0);
    let mut board = Board::new(installed(&config()), storage(dead, 16));
    board.tell_time();
    board.up();
    board.run(12_000);
    board.drain();
    assert_eq!(board.times("bearing"), seconds(0, 12));
}

#[test]
fn readings_that_the_flash_has_spoilt_are_counted_as_lost() {
    let mut board = Board::new(installed(&config()), flash(16));
    board.tell_time();
    board.run(40_000);
    let other = storage(MockFlash::new(20), 16);
    let mut spoilt = core::mem::replace(&mut board.agent.storage, other).into_flash().0;
    spoilt.bytes[4 * PAGE + 100] ^= 0x4C;
    board.agent.storage = storage(spoilt, 16);
    board.up();
    board.drain();
    let lost = board.told.iter().map(|t| if let Told::Lost(n) = t { *n } else { 0 }).sum::<u32>();
    assert!(lost > 0);
    assert_eq!(lost as usize + board.arrived.len(), 80);
    assert_eq!(board.agent.waiting(), 0);
}

#[test]
fn an_agent_that_begins_in_its_place_is_the_same() {
    let mut bytes = [0; MAX_CONFIG_BYTES];
    let length = config().encode(&mut bytes).unwrap();
    let boot = || Boot::new("test 1", Reset::Power, None);
    let mut place = core::mem::MaybeUninit::uninit();
    let placed = Agent::<_, RING>::place(&mut place, &bytes[..length], flash(8), boot(), Uptime(0));
    let placed = placed.unwrap();
    let new = Agent::<_, RING>::new(installed(&config()), flash(8), boot(), Uptime(0));
    assert_eq!(std::format!("{placed:?}"), std::format!("{new:?}"));
    let mut place = core::mem::MaybeUninit::uninit();
    let refused = Agent::<_, RING>::place(&mut place, &bytes[1..], flash(8), boot(), Uptime(0));
    assert_eq!(refused.err(), Some(crate::config::ConfigError::NotAConfiguration));
}
