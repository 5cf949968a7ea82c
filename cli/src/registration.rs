//! Registering a board with its machine through the API, as a person would adopt it.

use anyhow::Context as _;
use server::boards::Adoption;
use telemetry::name::BoardId;

use crate::api;

/// Adopts the board. Doing it again changes nothing.
pub async fn adopt(
    server: &str,
    token: &str,
    board: &BoardId,
    adoption: &Adoption,
) -> anyhow::Result<()> {
    let url = format!("{}/api/v1/boards/{board}/adoption", server.trim_end_matches('/'));
    let request = reqwest::Client::new().put(&url).bearer_auth(token).json(adoption);
    let answer = request.send().await.with_context(|| {
        format!("cannot reach the server at {server}; is `aftercare up` running? (--server URL)")
    })?;
    if answer.status().is_success() {
        return Ok(());
    }
    Err(api::problem(answer).await.context(format!("{board} was not registered")))
}

/// The API token that commands use.
pub fn token() -> anyhow::Result<String> {
    std::env::var("AFTERCARE_TOKEN").ok().filter(|t| !t.is_empty()).context(
        "AFTERCARE_TOKEN is not set; on the server's machine: \
         export AFTERCARE_TOKEN=$(aftercare token --name replay)",
    )
}

/// A board id made from a machine's name: `Pump 7` becomes `pump-7`.
pub fn board_id(name: &str) -> anyhow::Result<BoardId> {
    let slug: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let slug = slug.trim_matches('-');
    BoardId::parse(&slug[..slug.len().min(60)])
        .with_context(|| format!("no board id can be made from {name:?}; give one with --board"))
}
