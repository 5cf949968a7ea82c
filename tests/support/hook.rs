//! A receiver of webhooks on loopback.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Hooked {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, as it was signed.
    pub body: String,
}

impl Hooked {
    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

#[derive(Default)]
struct Kept {
    received: Mutex<Vec<Hooked>>,
    answers: Mutex<VecDeque<u16>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The receiver; ends when dropped.
pub struct Hook {
    /// Its address.
    pub url: String,
    kept: Arc<Kept>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Hook {
    /// Starts one on a free port; it answers 200.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/hook", listener.local_addr()?);
        let kept: Arc<Kept> = Arc::default();
        let router = Router::new().fallback(receive).with_state(kept.clone());
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, kept, task })
    }

    /// The next request is answered with this status.
    pub fn answer(&self, status: u16) {
        lock(&self.kept.answers).push_back(status);
    }

    /// What came in, whatever was answered.
    #[must_use]
    pub fn received(&self) -> Vec<Hooked> {
        lock(&self.kept.received).clone()
    }
}

async fn receive(State(kept): State<Arc<Kept>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let body = String::from_utf8_lossy(&body).into_owned();
    lock(&kept.received).push(Hooked { headers, body });
    let status = lock(&kept.answers).pop_front().unwrap_or(200);
    StatusCode::from_u16(status).unwrap_or(StatusCode::OK)
}
