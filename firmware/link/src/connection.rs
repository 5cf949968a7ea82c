//! One connection, from CONNECT to its end.

use core::net::SocketAddr;

use embassy_futures::select::{Either, select};
use embassy_time::{Duration, Instant, with_deadline, with_timeout};
use embedded_nal_async::TcpConnect;
use heapless::String;
use minimq::{
    Buffers, ConfigBuilder, Connection, Error, Io, Op, PeerError, PubError, Publication, QoS,
    Session, SubscriptionOptions, TopicFilter, Will,
};
use telemetry::topic::{Kind, ROOT};

use crate::limits::{
    ACKNOWLEDGE_MS, CONNECT_MS, KEEP_ALIVE_SECONDS, MAX_PAYLOAD_BYTES, MAX_TOPIC_BYTES,
};
use crate::{Down, Memory, Pauses, Settings, State, Traffic};

const ONLINE: &[u8] = b"online";
const OFFLINE: &[u8] = b"offline";

type Topic = String<MAX_TOPIC_BYTES>;

pub(crate) struct Link<'a, N, T> {
    pub settings: &'a Settings<'a>,
    pub network: &'a N,
    pub traffic: &'a T,
    pub memory: &'a mut Memory,
}

impl<N: TcpConnect, T: Traffic> Link<'_, N, T> {
    /// Connects and exchanges messages until the connection ends, and says why it did.
    pub async fn serve(self, broker: SocketAddr, pauses: &mut Pauses) -> Down {
        match self.exchange(broker, pauses).await {
            Ok(never) => match never {},
            Err(down) => down,
        }
    }

    async fn exchange(
        self,
        broker: SocketAddr,
        pauses: &mut Pauses,
    ) -> Result<core::convert::Infallible, Down> {
        let Self { settings, network, traffic, memory } = self;
        let status = topic(settings, Kind::Status)?;
        let commands = topic(settings, Kind::Commands)?;
        let mut session = session(settings, &status, &mut memory.receive, &mut memory.send)?;
        let stream = within(CONNECT_MS, network.connect(broker)).await?;
        let stream = stream.map_err(|_| Down::Unreachable)?;
        let mut connection =
            within(CONNECT_MS, session.connect(stream)).await?.map_err(|e| match e {
                Error::Peer(PeerError::Rejected(_)) => Down::Refused,
                other => down(other),
            })?;

        let at_least_once = SubscriptionOptions::default().maximum_qos(QoS::AtLeastOnce);
        let filter = TopicFilter::new(&commands).options(at_least_once);
        let op = within(ACKNOWLEDGE_MS, connection.subscribe(&[filter], &[])).await?;
        acknowledged(&mut connection, &op.map_err(down)?, &commands, traffic).await?;
        let write = |buffer: &mut [u8]| {
            buffer.get_mut(..ONLINE.len())?.copy_from_slice(ONLINE);
            Some(ONLINE.len())
        };
        let online = Message { topic: &status, retained: true, write: &write };
        publish(&mut connection, online, &commands, traffic).await?;
        traffic.entered(State::Up);

        loop {
            if let Some(kind) = traffic.next_kind() {
                let topic = topic(settings, kind)?;
                // Written straight into the client's memory.
                let write = |buffer: &mut [u8]| {
                    let room = buffer.len().min(MAX_PAYLOAD_BYTES);
                    traffic.next_message(buffer.get_mut(..room)?)
                };
                let message = Message { topic: &topic, retained: false, write: &write };
                if publish(&mut connection, message, &commands, traffic).await? {
                    traffic.delivered();
                    pauses.succeeded();
                    continue;
                }
            }
            match select(connection.poll(), traffic.message_waits()).await {
                Either::First(Ok(Some(message))) => heed(&message, &commands, traffic),
                Either::First(Ok(None)) | Either::Second(()) => {}
                Either::First(Err(e)) => return Err(down(e)),
            }
        }
    }
}

fn topic(settings: &Settings<'_>, kind: Kind) -> Result<Topic, Down> {
    let mut topic = Topic::new();
    for part in [ROOT, "/", settings.board, "/", kind.level()] {
        topic.push_str(part).map_err(|_| Down::DoesNotFit)?;
    }
    Ok(topic)
}

#[inline(never)]
fn session<'a>(
    settings: &Settings<'a>,
    status: &str,
    receive: &'a mut [u8],
    send: &'a mut [u8],
) -> Result<Session<'a>, Down> {
    let will = Will::new(status, OFFLINE, &[]).map_err(|_| Down::DoesNotFit)?;
    let mut config = ConfigBuilder::new(Buffers::new(receive, send))
        .keepalive_interval(KEEP_ALIVE_SECONDS)
        .client_id(settings.board)
        .and_then(|c| c.will(will.retained().qos(QoS::AtLeastOnce)))
        .map_err(|_| Down::DoesNotFit)?;
    if !settings.username.is_empty() {
        let password = settings.password.as_bytes();
        config = config.auth(settings.username, password).map_err(|_| Down::DoesNotFit)?;
    }
    Ok(Session::new(config))
}

/// A message to publish. Not generic over what writes it: the code would be there twice.
struct Message<'a> {
    topic: &'a str,
    retained: bool,
    /// Writes the payload and says its length; `None` when there is nothing to say after all.
    write: &'a dyn Fn(&mut [u8]) -> Option<usize>,
}

/// Publishes at QoS 1 and waits for the PUBACK. Says whether there was anything to publish.
async fn publish<IO: Io, T: Traffic>(
    connection: &mut Connection<'_, '_, IO>,
    message: Message<'_>,
    commands: &str,
    traffic: &T,
) -> Result<bool, Down> {
    let write = |buffer: &mut [u8]| (message.write)(buffer).ok_or(());
    let publication = Publication::new(message.topic, write).qos(QoS::AtLeastOnce);
    let sent =
        connection.publish(if message.retained { publication.retain() } else { publication });
    let op = match within(ACKNOWLEDGE_MS, sent).await? {
        // QoS 1 always has one.
        Ok(op) => op.ok_or(Down::DoesNotFit)?,
        Err(PubError::Payload(())) => return Ok(false),
        Err(PubError::Session(e)) => return Err(down(e)),
    };
    acknowledged(connection, &op, commands, traffic).await?;
    Ok(true)
}

/// Waits for the acknowledgement of an operation; commands that come meanwhile are heeded.
async fn acknowledged<IO: Io, T: Traffic>(
    connection: &mut Connection<'_, '_, IO>,
    op: &Op,
    commands: &str,
    traffic: &T,
) -> Result<(), Down> {
    let deadline = Instant::now() + Duration::from_millis(ACKNOWLEDGE_MS);
    while connection.is_pending(op) {
        let progress = with_deadline(deadline, connection.poll()).await;
        if let Some(message) = progress.map_err(|_| Down::Silent)?.map_err(down)? {
            heed(&message, commands, traffic);
        }
    }
    Ok(())
}

fn heed<T: Traffic>(message: &minimq::InboundPublish<'_>, commands: &str, traffic: &T) {
    // A retained command is not for now; the board would answer it at each connection.
    if message.topic() == commands && !message.retained() {
        traffic.command(message.payload());
    }
}

async fn within<F: Future>(milliseconds: u64, future: F) -> Result<F::Output, Down> {
    let limit = Duration::from_millis(milliseconds);
    with_timeout(limit, future).await.map_err(|_| Down::Silent)
}

fn down<E>(error: Error<E>) -> Down {
    match error {
        Error::Peer(PeerError::Rejected(_)) => Down::NotAllowed,
        Error::Resource(_) | Error::InvalidRequest | Error::NotReady => Down::DoesNotFit,
        _ => Down::Lost,
    }
}
