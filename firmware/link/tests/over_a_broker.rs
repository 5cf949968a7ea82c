//! The link over real TCP to a broker that does what a test tells it.

mod support;

use support::{Board, Broker, Packet, drive_until};

#[test]
fn online_is_retained_and_offline_is_the_last_will() {
    let (broker, board) = (Broker::start(), Board::default());
    drive_until(&broker, &board, |packets| {
        let connect = packets.iter().find(|p| p.kind() == Packet::CONNECT)?;
        let text = String::from_utf8_lossy(&connect.body).into_owned();
        assert!(text.contains("aftercare/pump-7/status") && text.contains("offline"), "{text}");
        // Will flag, will at QoS 1, will retained, clean start (MQTT 5, section 3.1.2.3).
        assert_eq!(connect.body[7] & 0b0011_1110, 0b0010_1110);
        let online = packets.iter().find(|p| p.kind() == Packet::PUBLISH)?;
        assert_eq!((online.topic(), online.payload()), ("aftercare/pump-7/status", &b"online"[..]));
        assert!(online.is_retained());
        Some(())
    });
}

#[test]
fn a_message_is_delivered_when_its_acknowledgement_has_come_and_not_before() {
    let (broker, board) = (Broker::start(), Board::default());
    board.wants_to_say("first");
    broker.withhold_acknowledgements("readings");
    drive_until(&broker, &board, |packets| Packet::readings(packets).first().copied().map(drop));
    assert_eq!(board.delivered(), 0, "nobody has acknowledged it");
    broker.acknowledge_all();
    drive_until(&broker, &board, |_| (board.delivered() == 1).then_some(()));
}

#[test]
fn what_was_on_its_way_when_the_connection_broke_is_sent_again() {
    let (broker, board) = (Broker::start(), Board::default());
    board.wants_to_say("first");
    broker.withhold_acknowledgements("readings");
    drive_until(&broker, &board, |packets| {
        if Packet::readings(packets).len() == 1 {
            broker.hang_up();
            broker.acknowledge_all();
        }
        let sent = Packet::readings(packets);
        (sent.len() == 2 && board.delivered() == 1).then(|| {
            assert_eq!(sent[0].payload(), sent[1].payload());
        })
    });
}

#[test]
fn a_command_is_heeded_and_a_retained_one_is_not() {
    let (broker, board) = (Broker::start(), Board::default());
    broker.sends_after_subscription("aftercare/pump-7/commands", b"old", true);
    broker.sends_after_subscription("aftercare/pump-7/commands", b"new", false);
    drive_until(&broker, &board, |_| (!board.commands().is_empty()).then_some(()));
    assert_eq!(board.commands(), [b"new"]);
}

#[test]
fn a_broker_that_refuses_the_login_is_tried_again_and_named() {
    let (broker, board) = (Broker::start(), Board::default());
    broker.refuse_logins();
    drive_until(&broker, &board, |packets| {
        let tries = packets.iter().filter(|p| p.kind() == Packet::CONNECT).count();
        (tries >= 2).then(|| {
            assert!(board.states().contains(&link::State::Down(link::Down::Refused)));
        })
    });
}
