use telemetry::command::{Calibration, Curve};

use super::*;
use crate::storage::NoStorage;

fn board() -> Board<NoStorage> {
    let mut board = Board::new(config(), NoStorage);
    board.up();
    board.drain();
    board.told.clear();
    board
}

fn answer(counter: i64, refused: bool) -> Told {
    Told::Answer { counter, refused }
}

const IDENTIFY: Command<'_> = Command::Identify { seconds: 30 };

#[test]
fn a_command_is_done_once_and_answered_each_time_it_is_heard() {
    let mut board = board();
    assert_eq!(board.send(START, &IDENTIFY), Some(Effect::Identify { seconds: 30 }));
    board.drain();
    assert_eq!(board.send(START, &IDENTIFY), None);
    assert_eq!(board.send(START, &IDENTIFY), None);
    board.drain();
    assert_eq!(board.told, [answer(START, false), answer(START, false)]);
}

#[test]
fn an_old_command_that_is_played_again_is_dropped() {
    let mut board = board();
    let interval = Command::Interval { channel: None, interval_ms: 250 };
    board.send(START + 1, &interval);
    assert_eq!(board.send(START, &IDENTIFY), None);
    board.drain();
    assert_eq!(board.told, [answer(START + 1, false)]);
}

#[test]
fn commands_that_wait_together_are_each_answered_again_until_the_answers_are_through() {
    let mut board = board();
    let unknown = Command::Interval { channel: Some("inlet"), interval_ms: 250 };
    for _ in 0..2 {
        board.send(START, &IDENTIFY);
        board.send(START + 1, &unknown);
        board.send(START + 2, &IDENTIFY);
        board.drain();
    }
    let each = [answer(START, false), answer(START + 1, true), answer(START + 2, false)];
    assert_eq!(board.told, [each.clone(), each].concat());
}

#[test]
fn a_command_for_another_board_or_with_another_key_is_dropped() {
    let mut board = board();
    for (key, name) in [([8; 32], "pump-7"), (KEY, "pump-8")] {
        let mut buffer = [0; 256];
        let message = command::seal(&key, name, START * 1_000, &IDENTIFY, &mut buffer).unwrap();
        assert_eq!(board.agent.command(message, board.now), None);
    }
    board.drain();
    assert!(board.told.is_empty());
}

#[test]
fn the_time_is_told_by_its_command_and_others_only_say_that_it_is_not_earlier() {
    let mut board = board();
    board.send(START, &IDENTIFY);
    assert_eq!(board.agent.time(board.now), None, "it may have waited for an hour");
    board.send(START + 1, &Command::Time);
    board.now = board.now + 5;
    assert_eq!(board.agent.time(board.now), Some(START + 6));
    board.send(START + 60_000, &IDENTIFY);
    assert_eq!(board.agent.time(board.now), Some(START + 60_000));
}

#[test]
fn an_interval_holds_for_one_channel_or_all_and_an_unknown_channel_is_refused() {
    let mut board = board();
    let one = Command::Interval { channel: Some("outlet"), interval_ms: 250 };
    board.obey(&one);
    board.run(2_000);
    let unknown = Command::Interval { channel: Some("inlet"), interval_ms: 250 };
    board.obey(&unknown);
    board.drain();
    assert_eq!(board.told, [answer(START, false), answer(START + 2_000, true)]);
    assert_eq!((board.times("bearing").len(), board.times("outlet").len()), (2, 8));
    board.run(1);
    board.obey(&Command::Interval { channel: None, interval_ms: 5_000 });
    assert!(board.agent.config().channels.iter().all(|c| c.sampling.interval_ms == 5_000));
}

#[test]
fn a_burst_makes_all_channels_fast_and_ends_by_itself() {
    let mut board = board();
    board.tell_time();
    board.obey(&Command::Burst { interval_ms: 100, seconds: 3 });
    for _ in 0..10 {
        board.run(1_000);
        board.drain();
    }
    let times = board.times("bearing");
    assert_eq!(times[..30], (0..30).map(|i| i * 100).collect::<Vec<_>>());
    assert_eq!(times[30..], seconds(3_000, 7));
}

#[test]
fn a_burst_ends_also_on_a_board_that_nobody_told_the_time() {
    let mut board = board();
    board.run(10_000);
    board.obey(&Command::Burst { interval_ms: 100, seconds: 3 });
    board.run(2_900);
    assert!(board.agent.bursting);
    board.run(200);
    assert!(!board.agent.bursting);
}

#[test]
fn a_burst_can_be_ended_and_does_not_slow_down_what_is_faster() {
    let mut board = board();
    board.obey(&Command::Burst { interval_ms: 60_000, seconds: 60 });
    board.run(2_000);
    board.obey(&Command::Burst { interval_ms: 100, seconds: 0 });
    board.run(2_000);
    board.drain();
    assert_eq!(board.times("bearing"), seconds(0, 4));
}

#[test]
fn what_would_be_over_by_now_is_refused() {
    let mut board = board();
    board.tell_time();
    board.run(60_000);
    assert_eq!(board.send(START, &IDENTIFY), None);
    board.send(START + 1, &Command::Burst { interval_ms: 100, seconds: 50 });
    board.drain();
    assert_eq!(board.told[..2], [answer(START, true), answer(START + 1, true)]);
    assert!(!board.agent.bursting);
}

#[test]
fn a_calibration_holds_at_once_and_is_a_function_check_until_readings_follow() {
    let mut board = board();
    board.value = Ok(10.0);
    let curve = Curve::TwoPoint { raw: [0.0, 100.0], reference: [5.0, 205.0] };
    let calibration = Calibration { channel: "bearing", serial: "DKD-1", day: 20_700, curve };
    board.obey(&Command::Calibrate(calibration));
    board.run(3_000);
    board.drain();
    let bearing = board.arrived.iter().find(|(name, ..)| name == "bearing").unwrap();
    assert_eq!(bearing.2, 25.0);
    let health = |health, cause| Told::Health { channel: "bearing".to_string(), health, cause };
    let expected =
        [health("function_check", "calibration"), answer(START, false), health("good", "none")];
    assert_eq!(board.told, expected);
}

#[test]
fn a_reboot_waits_for_its_answer_but_not_for_ever() {
    for link in [true, false] {
        let mut board = board();
        if !link {
            board.down();
        }
        assert!(!board.agent.may_reboot(board.now));
        assert_eq!(board.obey(&Command::Reboot), Some(Effect::Reboot));
        assert!(!board.agent.may_reboot(board.now));
        if link {
            board.drain();
        } else {
            board.now = board.now + crate::limits::REBOOT_GRACE_MS;
        }
        assert!(board.agent.may_reboot(board.now));
    }
}

#[test]
fn a_board_that_keeps_nothing_does_not_reboot_twice_for_one_command() {
    let boot = Boot::new("test 1", Reset::Command, None);
    let mut board = Board::boot(config(), NoStorage, boot, START);
    board.now = Uptime(2_000);
    assert_eq!(board.send(START, &Command::Reboot), None);
    board.now = Uptime(60_000);
    assert_eq!(board.send(START + 60_000, &Command::Reboot), Some(Effect::Reboot));
}
