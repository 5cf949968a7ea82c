//! Who may connect, publish and subscribe.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use mqtt5::broker::auth::{AuthProvider, AuthResult};
use mqtt5::types::ReasonCode::{BadUsernameOrPassword, NotAuthorized};
use mqtt5::types::WillMessage;
use telemetry::name::BoardId;
use telemetry::topic::{self, Kind};

use super::Credentials;
use crate::intake::{Intake, Received};

/// The gateway's own name; no board's, for those begin with a letter or digit.
pub(super) const OWN_NAME: &str = "+gateway";

/// Boards over loopback need no credential until one is issued; all others always do. A board
/// publishes under its own name only.
pub(super) struct Access {
    pub credentials: Arc<dyn Credentials>,
    /// Password of the gateway itself, which may publish commands and nothing else.
    pub own_password: String,
    pub intake: Intake,
}

impl Access {
    fn admit(&self, name: Option<&str>, password: Option<&[u8]>, from: SocketAddr) -> AuthResult {
        let Some(name) = name else {
            return if from.ip().to_canonical().is_loopback() {
                AuthResult::success()
            } else {
                AuthResult::fail(NotAuthorized)
            };
        };
        if name == OWN_NAME {
            return if password == Some(self.own_password.as_bytes()) {
                AuthResult::success_with_user(name)
            } else {
                AuthResult::fail(BadUsernameOrPassword)
            };
        }
        match BoardId::parse(name) {
            Ok(board) if self.credentials.matches(&board, password.unwrap_or_default()) => {
                AuthResult::success_with_user(name)
            }
            _ => AuthResult::fail(BadUsernameOrPassword),
        }
    }

    pub fn may_publish(&self, user: Option<&str>, topic: &str) -> bool {
        match (topic::parse(topic), user) {
            (Ok(t), Some(OWN_NAME)) => t.kind == Kind::Commands,
            (Ok(t), Some(user)) => t.board.as_str() == user && t.kind != Kind::Commands,
            (Ok(t), None) => t.kind != Kind::Commands && !self.credentials.issued(&t.board),
            // A topic that is not ours is taken, refused with its reason, and listed.
            (Err(_), _) => true,
        }
    }

    /// The broker publishes a last will past the hook, so what it may be is settled at the start:
    /// the board's own status.
    fn may_leave(&self, user: Option<&str>, will: &WillMessage) -> bool {
        let status = topic::parse(&will.topic).is_ok_and(|t| t.kind == Kind::Status);
        status && self.may_publish(user, &will.topic)
    }

    fn may_subscribe(&self, user: Option<&str>, filter: &str) -> bool {
        match (topic::parse(filter), user) {
            (Ok(t), Some(user)) => t.board.as_str() == user,
            (Ok(t), None) => !self.credentials.issued(&t.board),
            (Err(_), _) => false,
        }
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl AuthProvider for Access {
    fn authenticate<'a>(
        &'a self,
        connect: &'a mqtt5::packet::connect::ConnectPacket,
        client_addr: SocketAddr,
    ) -> Answer<'a, mqtt5::error::Result<AuthResult>> {
        let name = connect.username.as_deref();
        let password = connect.password.as_deref();
        let result = self.admit(name, password, client_addr);
        Box::pin(async move {
            if let Some(will) = &connect.will
                && result.authenticated
                && !self.may_leave(name, will)
            {
                let message = Received { topic: &will.topic, payload: &will.payload };
                // The refusal stands, whether or not it can be written down.
                let _ = self.intake.refuse_will(message, Box::new(|_| {})).await;
                return Ok(AuthResult::fail(NotAuthorized));
            }
            Ok(result)
        })
    }

    /// Always yes: the hook decides, for a refusal here would be acknowledged to MQTT 3.1.1
    /// clients and leave no trace.
    fn authorize_publish<'a>(
        &'a self,
        _client_id: &str,
        _user_id: Option<&'a str>,
        _topic: &'a str,
    ) -> Answer<'a, bool> {
        Box::pin(async { true })
    }

    fn authorize_subscribe<'a>(
        &'a self,
        _client_id: &str,
        user_id: Option<&'a str>,
        topic_filter: &'a str,
    ) -> Answer<'a, bool> {
        let may = self.may_subscribe(user_id, topic_filter);
        Box::pin(async move { may })
    }
}
