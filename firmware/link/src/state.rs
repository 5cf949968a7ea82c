//! The states of the link, and the way to an address.

use core::net::{IpAddr, SocketAddr};

use embassy_time::{Duration, with_timeout};
use embedded_nal_async::{AddrType, Dns};

use crate::Settings;
use crate::limits::CONNECT_MS;

/// Where the link is: down, resolving, connecting, up, and down again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Finding the broker's address.
    Resolving,
    /// Opening the connection and the session.
    Connecting(SocketAddr),
    /// Subscribed and known as online: messages go both ways.
    Up,
    /// Waiting before the next attempt.
    Down(Down),
}

/// Why the link is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Down {
    /// The broker's name has no address.
    Name,
    /// The network or the broker's machine does not answer.
    Unreachable,
    /// The broker does not let this board in: login, or its id.
    Refused,
    /// The broker refused a message or the subscription.
    NotAllowed,
    /// A topic, login or message does not fit; the configuration is wrong.
    DoesNotFit,
    /// The broker does not answer any more.
    Silent,
    /// The connection was closed or broken.
    Lost,
}

pub(crate) async fn resolve<N: Dns>(settings: &Settings<'_>, network: &N) -> State {
    let address = match settings.host.parse::<IpAddr>() {
        Ok(address) => Some(address),
        Err(_) => {
            let lookup = network.get_host_by_name(settings.host, AddrType::Either);
            with_timeout(Duration::from_millis(CONNECT_MS), lookup).await.ok().and_then(Result::ok)
        }
    };
    match address {
        Some(address) => State::Connecting(SocketAddr::new(address, settings.port)),
        None => State::Down(Down::Name),
    }
}
