//! A broker of a few packets (MQTT 5, chapters 2 and 3) that does what it is told.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A packet as it came.
#[derive(Debug, Clone)]
pub struct Packet {
    head: u8,
    /// Behind the fixed header.
    pub body: Vec<u8>,
}

impl Packet {
    pub const CONNECT: u8 = 1;
    pub const PUBLISH: u8 = 3;
    const SUBSCRIBE: u8 = 8;
    const PINGREQ: u8 = 12;

    pub fn kind(&self) -> u8 {
        self.head >> 4
    }

    pub fn is_retained(&self) -> bool {
        self.head & 1 == 1
    }

    fn topic_length(&self) -> usize {
        usize::from(u16::from_be_bytes([self.body[0], self.body[1]]))
    }

    pub fn topic(&self) -> &str {
        std::str::from_utf8(&self.body[2..2 + self.topic_length()]).unwrap()
    }

    /// Of a PUBLISH at QoS 1 without properties: behind topic, id and their length of zero.
    pub fn payload(&self) -> &[u8] {
        &self.body[2 + self.topic_length() + 3..]
    }

    fn id(&self) -> [u8; 2] {
        let at = if self.kind() == Self::PUBLISH { 2 + self.topic_length() } else { 0 };
        [self.body[at], self.body[at + 1]]
    }

    /// Those that carry readings.
    pub fn readings(packets: &[Self]) -> Vec<&Self> {
        let is = |p: &&Self| p.kind() == Self::PUBLISH && p.topic().ends_with("/readings");
        packets.iter().filter(is).collect()
    }
}

#[derive(Default)]
struct State {
    received: Vec<Packet>,
    withheld: Option<&'static str>,
    refusing: bool,
    greetings: Vec<Vec<u8>>,
    unanswered: Vec<[u8; 2]>,
    connection: Option<TcpStream>,
}

/// The broker; its thread ends with the test.
pub struct Broker {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Broker {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let serving = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                locked(&serving).connection = stream.try_clone().ok();
                // A connection that ends is nothing special.
                let _ = serve(stream, &serving);
            }
        });
        Self { port, state }
    }

    /// Everything that has come so far, over all connections.
    pub fn received(&self) -> Vec<Packet> {
        locked(&self.state).received.clone()
    }

    /// Leaves messages on topics of that ending without their PUBACK.
    pub fn withhold_acknowledgements(&self, ending: &'static str) {
        locked(&self.state).withheld = Some(ending);
    }

    /// Acknowledges what was left, and whatever comes.
    pub fn acknowledge_all(&self) {
        let mut state = locked(&self.state);
        state.withheld = None;
        let waiting = std::mem::take(&mut state.unanswered);
        if let Some(mut connection) = state.connection.as_ref() {
            for [high, low] in waiting {
                // Where the connection is gone nobody waits for it.
                let _ = connection.write_all(&[0x40, 2, high, low]);
            }
        }
    }

    /// Ends the connection.
    pub fn hang_up(&self) {
        if let Some(connection) = locked(&self.state).connection.take() {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    /// Answers each CONNECT with "bad user name or password".
    pub fn refuse_logins(&self) {
        locked(&self.state).refusing = true;
    }

    /// Publishes at QoS 0 as soon as somebody subscribes.
    pub fn sends_after_subscription(&self, topic: &str, payload: &[u8], retained: bool) {
        let length = u8::try_from(topic.len()).unwrap();
        let mut body = vec![0, length];
        body.extend(topic.as_bytes());
        body.push(0);
        body.extend(payload);
        let mut packet = vec![0x30 | u8::from(retained), u8::try_from(body.len()).unwrap()];
        packet.extend(body);
        locked(&self.state).greetings.push(packet);
    }
}

fn read_packet(stream: &mut TcpStream) -> io::Result<Packet> {
    let mut byte = [0];
    stream.read_exact(&mut byte)?;
    let head = byte[0];
    // Variable byte integer (section 1.5.5).
    let (mut length, mut shift) = (0, 0);
    loop {
        stream.read_exact(&mut byte)?;
        length |= usize::from(byte[0] & 0x7f) << shift;
        shift += 7;
        if byte[0] & 0x80 == 0 {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Packet { head, body })
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    loop {
        let packet = read_packet(&mut stream)?;
        let mut state = locked(state);
        state.received.push(packet.clone());
        match packet.kind() {
            Packet::CONNECT => {
                let reason = if state.refusing { 0x86 } else { 0 };
                stream.write_all(&[0x20, 3, 0, reason, 0])?;
            }
            Packet::SUBSCRIBE => {
                let [high, low] = packet.id();
                stream.write_all(&[0x90, 4, high, low, 0, 1])?;
                for greeting in &state.greetings {
                    stream.write_all(greeting)?;
                }
            }
            Packet::PUBLISH if state.withheld.is_some_and(|e| packet.topic().ends_with(e)) => {
                state.unanswered.push(packet.id());
            }
            Packet::PUBLISH => {
                let [high, low] = packet.id();
                stream.write_all(&[0x40, 2, high, low])?;
            }
            Packet::PINGREQ => stream.write_all(&[0xd0, 0])?,
            _ => {}
        }
    }
}
