//! Each channel against a receiver on loopback that checks what it gets by itself.

mod incoming;
mod letters;
mod push;
mod robots;
mod webhooks;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse as _;
use serde_json::{Value, json};

use crate::{Automatic, Message, Messenger, PushKey, Settings};

/// 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600_000_000;

fn messenger() -> anyhow::Result<Messenger> {
    let push_key = PushKey::from_bytes(&[7; 32])?;
    let contact = "mailto:service@example.com".to_owned();
    Ok(Messenger::new(Settings { smtp: None, push_key, contact })?)
}

fn message(data: &Value) -> Message<'_> {
    Message {
        id: "0198-1",
        title: "Ticket 7 is open",
        text: "The pump is hot.\nSomebody looks at it.",
        link: "http://127.0.0.1:8080/tickets/7",
        urgent: true,
        automatic: Automatic::Generated,
        in_reply_to: None,
        references: None,
        attachments: &[],
        data,
    }
}

/// A request as it came in.
#[derive(Clone)]
struct Received {
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// A server that answers every request alike and keeps them; ends when dropped.
struct Receiver {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    async fn answering(
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: Value,
    ) -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/hook", listener.local_addr()?);
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let mut answer = (StatusCode::from_u16(status)?, body.to_string()).into_response();
        for (name, value) in headers {
            answer.headers_mut().insert(*name, value.parse()?);
        }
        let (parts, _) = answer.into_parts();
        let handler = async move |State(kept): State<Arc<Mutex<Vec<Received>>>>,
                                  uri: Uri,
                                  headers: HeaderMap,
                                  got: Bytes| {
            let request = Received { uri, headers, body: got };
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            (parts.status, parts.headers.clone(), body.to_string())
        };
        let router = Router::new().fallback(handler).with_state(received.clone());
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, received, task })
    }

    async fn ok() -> anyhow::Result<Self> {
        Self::answering(200, &[], json!({})).await
    }

    fn all(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn only(&self) -> Received {
        let mut all = self.all();
        assert_eq!(all.len(), 1, "one request was expected");
        all.remove(0)
    }
}
