//! One connection, from CONNECT to its end.

use core::net::SocketAddr;

use embassy_futures::select::{Either, select};
use embassy_time::{Duration, Instant, with_deadline, with_timeout};
use embedded_nal_async::TcpConnect;
use heapless::String;
use minimq::{
    Buffers, ConfigBuilder, Connection, Error, Io, Op, PeerError, Publication, QoS, Session,
    SubscriptionOptions, TopicFilter, Will,
};
use telemetry::topic::{Kind, ROOT};

use crate::limits::{ACKNOWLEDGE_MS, CONNECT_MS, KEEP_ALIVE_SECONDS, MAX_TOPIC_BYTES};
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
        let online = Publication::bytes(&status, ONLINE).retain();
        publish(&mut connection, online, &commands, traffic).await?;
        traffic.entered(State::Up);

        loop {
            if let Some((kind, length)) = traffic.next_message(&mut memory.message) {
                let topic = topic(settings, kind)?;
                let payload = memory.message.get(..length).ok_or(Down::DoesNotFit)?;
                publish(&mut connection, Publication::bytes(&topic, payload), &commands, traffic)
                    .await?;
                traffic.delivered();
                pauses.succeeded();
                continue;
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

/// Publishes at QoS 1 and waits for the PUBACK.
async fn publish<IO: Io, T: Traffic>(
    connection: &mut Connection<'_, '_, IO>,
    publication: Publication<'_, &[u8]>,
    commands: &str,
    traffic: &T,
) -> Result<(), Down> {
    let sent = connection.publish(publication.qos(QoS::AtLeastOnce));
    let op = within(ACKNOWLEDGE_MS, sent).await?.map_err(|e| match e {
        minimq::PubError::Session(e) => down(e),
        minimq::PubError::Payload(()) => Down::DoesNotFit,
    })?;
    // QoS 1 always has one.
    let op = op.ok_or(Down::DoesNotFit)?;
    acknowledged(connection, &op, commands, traffic).await
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
