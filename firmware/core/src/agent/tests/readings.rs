use super::*;
use crate::config::Reporting;
use crate::storage::NoStorage;

#[test]
fn readings_of_a_link_that_was_cut_arrive_complete_and_in_their_own_time() {
    let mut board = Board::new(config(), NoStorage);
    board.tell_time();
    board.up();
    board.run(3_000);
    board.drain();
    board.down();
    board.run(10_000);
    board.up();
    board.drain();
    assert_eq!(board.times("bearing"), seconds(0, 13));
    assert_eq!(board.times("outlet"), seconds(0, 13));
    assert_eq!(board.agent.waiting(), 0);
}

#[test]
fn without_the_time_readings_count_from_their_receipt() {
    let mut board = Board::new(config(), NoStorage);
    board.run(5_500);
    board.up();
    board.run(2_000);
    board.drain();
    assert_eq!(board.times("bearing"), seconds(0, 8));
}

#[test]
fn readings_wait_a_moment_for_somebody_to_tell_the_time() {
    let mut board = Board::new(config(), NoStorage);
    board.run(5_000);
    board.up();
    board.drain();
    assert!(board.arrived.is_empty());
    board.tell_time();
    board.drain();
    assert_eq!(board.times("bearing"), seconds(0, 5));
}

#[test]
fn a_message_stays_until_its_acknowledgement_and_goes_again_after_the_link_was_down() {
    let mut board = Board::new(config(), NoStorage);
    board.tell_time();
    board.run(2_000);
    board.up();
    board.drain();
    board.run(3_000);
    let first = board.arrived.len();
    board.receive().unwrap();
    board.receive().unwrap();
    let (once, twice) = board.arrived[first..].split_at((board.arrived.len() - first) / 2);
    assert_eq!(once, twice);
    board.down();
    board.arrived.truncate(first);
    board.up();
    board.drain();
    assert_eq!(board.times("bearing"), seconds(0, 5));
}

#[test]
fn what_the_memory_cannot_hold_is_counted_and_reported_to_the_last_reading() {
    let mut board = Board::new(config(), NoStorage);
    board.tell_time();
    board.run(100_000);
    board.up();
    board.drain();
    assert_eq!(board.told[1], Told::Lost(200 - RING as u32));
    assert_eq!(board.arrived.len(), RING);
    assert_eq!(board.times("bearing"), seconds(84_000, 16));
}

#[test]
fn readings_that_go_while_they_are_on_their_way_are_lost_only_if_they_do_not_arrive() {
    for arrives in [true, false] {
        let mut board = Board::new(config(), NoStorage);
        board.tell_time();
        board.up();
        board.drain();
        board.run(10_000);
        board.receive().unwrap();
        let on_their_way = board.arrived.len();
        board.run(100_000);
        if arrives {
            board.agent.delivered(board.now);
        } else {
            board.arrived.clear();
            board.down();
            board.up();
        }
        board.drain();
        let lost =
            board.told.iter().find_map(|t| if let Told::Lost(n) = t { Some(*n) } else { None });
        let lost = lost.unwrap() as usize;
        assert_eq!(lost + board.arrived.len(), 220, "{arrives} {on_their_way}");
    }
}

#[test]
fn a_small_buffer_takes_more_messages_and_no_reading_less() {
    let mut board = Board::new(config(), NoStorage);
    board.buffer = crate::limits::MIN_MESSAGE_BYTES;
    board.tell_time();
    board.run(15_000);
    board.up();
    board.drain();
    assert_eq!(board.times("outlet"), seconds(0, 15));
}

#[test]
fn a_resting_value_is_sent_at_its_heartbeat_and_a_moving_one_at_once() {
    let mut config = config();
    config.channels.truncate(1);
    config.channels[0].reporting = Reporting { deadband: 0.5, heartbeat_ms: 5_000 };
    let mut board = Board::new(config, NoStorage);
    board.tell_time();
    board.up();
    for value in [20.0, 20.1, 20.2, 20.3, 20.4, 20.5, 21.5, 21.6] {
        board.value = Ok(value);
        board.run(1_000);
    }
    board.drain();
    assert_eq!(board.times("bearing"), [0, 5_000, 6_000]);
}

#[test]
fn a_sensor_that_fails_is_reported_and_its_neighbour_goes_on() {
    let mut board = Board::new(config(), NoStorage);
    board.tell_time();
    board.up();
    for _ in 0..6_000 {
        while let Some(channel) = board.agent.due(board.now) {
            let value = if channel == 0 { Err(Fault::OpenCircuit) } else { Ok(1.0) };
            board.agent.sampled(channel, board.now, value);
        }
        board.now = board.now + 1;
    }
    board.drain();
    let channel = "bearing".to_string();
    let failed = Told::Health { channel, health: "failure", cause: "open_circuit" };
    assert_eq!(board.told[1..], [failed]);
    assert!(board.times("bearing").is_empty());
    assert_eq!(board.times("outlet"), seconds(0, 6));
}
