//! The server's HTTP interface, as commands use it.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use server::http::Page;
use server::imports::ImportReport;
use server::ingest::Taken;
use telemetry::delivery::Delivery;

use crate::registration;

/// Longest that the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// For how long a delivery is tried again, and the pauses between: doubled from the first to the
/// second.
const TRIED: Duration = Duration::from_secs(60);
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// A server and the token that it knows us by.
pub struct Api {
    client: reqwest::Client,
    pub server: String,
    token: String,
}

/// Why a delivery was not taken.
enum Refusal {
    /// It may be taken later.
    ForNow(anyhow::Error),
    /// It never will be.
    ForGood(anyhow::Error),
}

impl Api {
    /// With the token of the environment.
    pub fn new(server: &str) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
        let server = server.trim_end_matches('/').to_owned();
        Ok(Self { client, server, token: registration::token()? })
    }

    /// `GET` with a query.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> anyhow::Result<T> {
        let request = self.client.get(format!("{}{path}", self.server)).query(query);
        self.ask(request).await
    }

    /// `POST` with a body.
    pub async fn post<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
    ) -> anyhow::Result<T> {
        self.ask(self.client.post(format!("{}{path}", self.server)).json(body)).await
    }

    /// Imports a file. With mistakes in it the server's report comes back as well, and says so.
    pub async fn import(&self, path: &str, file: Vec<u8>) -> anyhow::Result<ImportReport> {
        let request = self.client.post(format!("{}{path}", self.server));
        let answer = self.send(request.header("content-type", "text/csv").body(file)).await?;
        if !answer.status().is_success() && answer.status() != StatusCode::UNPROCESSABLE_ENTITY {
            return Err(problem(answer).await);
        }
        answer.json().await.context("the server's answer does not read; is it older than this?")
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> anyhow::Result<T> {
        let answer = self.send(request).await?;
        if !answer.status().is_success() {
            return Err(problem(answer).await);
        }
        answer.json().await.context("the server's answer does not read; is it older than this?")
    }

    /// All pages of a list.
    pub async fn list<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<Vec<T>> {
        let mut items = Vec::new();
        let mut query = Vec::new();
        loop {
            let page: Page<T> = self.get(path, &query).await?;
            items.extend(page.items);
            match page.next_cursor {
                Some(next) => query = vec![("cursor", next)],
                None => return Ok(items),
            }
        }
    }

    /// Hands a delivery in. With `patient` it is tried again for a while when the server is away or
    /// its store busy.
    pub async fn deliver(&self, delivery: &Delivery, patient: bool) -> anyhow::Result<Taken> {
        let body = delivery.to_bytes();
        let give_up = tokio::time::Instant::now() + TRIED;
        let mut pause = PAUSES.0;
        loop {
            match self.hand_in(body.clone()).await {
                Ok(taken) => return Ok(taken),
                Err(Refusal::ForGood(error)) => return Err(error),
                Err(Refusal::ForNow(error)) => {
                    if !patient || tokio::time::Instant::now() + pause > give_up {
                        return Err(error);
                    }
                    tracing::warn!(%error, "Trying again");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(PAUSES.1);
                }
            }
        }
    }

    async fn hand_in(&self, body: Vec<u8>) -> Result<Taken, Refusal> {
        let url = format!("{}/api/v1/deliveries", self.server);
        let request = self.client.post(url).header("content-type", "application/octet-stream");
        let answer = self.send(request.body(body)).await.map_err(Refusal::ForNow)?;
        let status = answer.status();
        if status.is_success() {
            return answer.json().await.map_err(|e| Refusal::ForNow(e.into()));
        }
        let error = problem(answer).await;
        let for_now = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        Err(if for_now { Refusal::ForNow(error) } else { Refusal::ForGood(error) })
    }

    async fn send(&self, request: RequestBuilder) -> anyhow::Result<Response> {
        request.bearer_auth(&self.token).send().await.with_context(|| {
            format!(
                "cannot reach the server at {}; is `aftercare up` running? (--server URL)",
                self.server
            )
        })
    }
}

/// What the server says in its answer.
pub async fn problem(answer: Response) -> anyhow::Error {
    let status = answer.status();
    let problem: serde_json::Value = answer.json().await.unwrap_or_default();
    let detail = problem["detail"].as_str().unwrap_or("no reason given");
    let hint = match status {
        StatusCode::UNAUTHORIZED => "; AFTERCARE_TOKEN is not a token of this server",
        _ => "",
    };
    anyhow::anyhow!("the server refuses: {status}: {detail}{hint}")
}
