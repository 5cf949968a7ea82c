//! Waiting for a condition instead of sleeping.

use std::time::{Duration, Instant};

/// Asks until the answer is `Some`, for two minutes at most.
///
/// # Errors
/// When they are over; `what` says what was waited for.
pub async fn until<T, F: Future<Output = anyhow::Result<Option<T>>>>(
    what: &str,
    mut ask: impl FnMut() -> F,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        anyhow::ensure!(Instant::now() < deadline, "waited two minutes for: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
