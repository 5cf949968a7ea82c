//! A proxy in front of a real server that can be told to refuse.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

/// What to answer to a request on a path, in place of the real server.
pub struct Refusal {
    /// The request has to hold this in its path.
    pub path: &'static str,
    /// Only requests with a body of so many bytes or more are refused.
    pub at_least: usize,
    /// The status of the answer.
    pub status: u16,
    /// `Retry-After`, seconds.
    pub retry_after: Option<u32>,
    /// So many times.
    pub times: usize,
}

/// The proxy; ends when dropped.
pub struct Unreliable {
    /// Its address.
    pub url: String,
    state: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

struct Shared {
    behind: String,
    client: reqwest::Client,
    refusals: Mutex<VecDeque<Refusal>>,
    /// Bodies' lengths of the writes that came, refused or not.
    writes: Mutex<Vec<usize>>,
}

impl Drop for Unreliable {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Unreliable {
    /// Starts one in front of a server.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn in_front_of(url: &str) -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let own = format!("http://{}", listener.local_addr()?);
        let state = Arc::new(Shared {
            behind: url.to_owned(),
            client: reqwest::Client::new(),
            refusals: Mutex::default(),
            writes: Mutex::default(),
        });
        let router = Router::new().fallback(pass).with_state(state.clone());
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url: own, state, task })
    }

    /// The next requests of this kind are refused.
    pub fn refuse(&self, refusal: Refusal) {
        self.state.refusals.lock().unwrap_or_else(PoisonError::into_inner).push_back(refusal);
    }

    /// Lengths of the bodies of the writes that came, refused or not.
    #[must_use]
    pub fn writes(&self) -> Vec<usize> {
        self.state.writes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Shared {
    fn refused(&self, path: &str, length: usize) -> Option<Response> {
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        let index = refusals.iter().position(|r| path.contains(r.path) && length >= r.at_least)?;
        let refusal = &mut refusals[index];
        refusal.times -= 1;
        let status = StatusCode::from_u16(refusal.status).ok()?;
        let mut answer = (status, "refused by the test").into_response();
        if let Some(seconds) = refusal.retry_after {
            answer.headers_mut().insert("retry-after", seconds.into());
        }
        if refusal.times == 0 {
            refusals.remove(index);
        }
        Some(answer)
    }
}

async fn pass(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response {
    if uri.path().ends_with("/write") {
        shared.writes.lock().unwrap_or_else(PoisonError::into_inner).push(body.len());
    }
    if let Some(refusal) = shared.refused(uri.path(), body.len()) {
        return refusal;
    }
    headers.remove("host");
    let request = shared.client.request(method, format!("{}{uri}", shared.behind));
    let answered = async {
        let answer = request.headers(headers).body(body).send().await?;
        let (status, kind) = (answer.status(), answer.headers().get("content-type").cloned());
        let mut response = (status, answer.bytes().await?).into_response();
        if let Some(kind) = kind {
            response.headers_mut().insert("content-type", kind);
        }
        Ok::<_, reqwest::Error>(response)
    };
    answered.await.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
}
