//! What an answer over HTTP means for the message.

use std::time::Duration;

use reqwest::{Response, StatusCode, header};

use crate::Outcome;
use crate::limits::{ANSWER_BYTES, TOLD_CHARS};

/// An answer, as much of it as is looked at.
pub struct Answer {
    pub status: StatusCode,
    pub body: Vec<u8>,
    retry_after: Option<Duration>,
}

/// Sends a request. Without an answer the outcome is another attempt.
pub async fn ask(request: reqwest::RequestBuilder) -> Result<Answer, Outcome> {
    let response = request.send().await.map_err(unanswered)?;
    let (status, retry_after) = (response.status(), retry_after(&response));
    let body = beginning(response).await.map_err(unanswered)?;
    Ok(Answer { status, body, retry_after })
}

/// The address stays out of the text: those of robots hold their key.
fn unanswered(error: reqwest::Error) -> Outcome {
    if error.is_builder() {
        return Outcome::refused("this is no address over HTTP");
    }
    let error = error.without_url();
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    Outcome::retry(cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}")))
}

/// Seconds only; a date would need the clock of the other side.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

async fn beginning(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk[..chunk.len().min(ANSWER_BYTES - body.len())]);
        if body.len() == ANSWER_BYTES {
            break;
        }
    }
    Ok(body)
}

impl Answer {
    /// What the status says: 2xx is taken, 410 is gone, a redirect is refused since the address has to
    /// be mended; anything else may be mended on the other side.
    pub fn outcome(&self) -> Outcome {
        if self.status.is_success() {
            return Outcome::Delivered;
        }
        let why = self.told();
        match self.status {
            StatusCode::GONE => Outcome::Refused { why, gone: true },
            StatusCode::PAYLOAD_TOO_LARGE => Outcome::refused(why),
            status if status.is_redirection() => {
                Outcome::refused(format!("{why}: redirects are not followed"))
            }
            _ => Outcome::Retry { after: self.retry_after, why },
        }
    }

    /// Status and beginning of the body.
    pub fn told(&self) -> String {
        let body = String::from_utf8_lossy(&self.body);
        let told: String = body.trim().chars().take(TOLD_CHARS).collect();
        format!("answered {} {told}", self.status.as_u16()).trim().to_owned()
    }
}
