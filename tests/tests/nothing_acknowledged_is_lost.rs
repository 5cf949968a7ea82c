//! A reading is acknowledged only when it is on disk: kill -9 loses none.

use std::collections::BTreeSet;

use serde_json::json;
use system_tests::{Aftercare, Mosquitto, Publisher, until};

const FROM_S: i64 = 1_767_225_600;

async fn adopt(up: &Aftercare, board: &str) -> anyhow::Result<()> {
    let adoption = json!({
        "asset": {"name": "Pump 7", "kind": "pump"},
        "channels": [{"channel": "temperature", "unit": "Cel", "name": "Bearing temperature",
                      "quantity": "temperature", "position": "bearing"}]
    });
    let (status, said) =
        up.send("PUT", &format!("/api/v1/boards/{board}/adoption"), &adoption).await?;
    anyhow::ensure!(status == 200, "adoption: {status} {said}");
    Ok(())
}

/// Waits until every acknowledged reading can be read back, and says which cannot.
async fn all_there(up: &Aftercare, acknowledged: &[i64]) -> anyhow::Result<()> {
    let (_, points) = up.only_asset().await?;
    let point = points[0].0.clone();
    let wanted: BTreeSet<i64> = acknowledged.iter().copied().collect();
    let missing = || async {
        let there: BTreeSet<i64> = up.times_of(&point).await?.into_iter().collect();
        Ok(wanted.difference(&there).copied().collect::<Vec<_>>())
    };
    let waited = until("every acknowledged reading", || async {
        let missing: anyhow::Result<Vec<i64>> = missing().await;
        Ok(missing?.is_empty().then_some(()))
    })
    .await;
    if waited.is_err() {
        let missing: anyhow::Result<Vec<i64>> = missing().await;
        let missing = missing?;
        anyhow::bail!("{} of {} lost, such as {:?}", missing.len(), wanted.len(), missing.first());
    }
    Ok(())
}

async fn acknowledged(publisher: &Publisher, count: usize) -> anyhow::Result<()> {
    until(&format!("{count} acknowledgements"), || async {
        Ok((publisher.acknowledged() >= count).then_some(()))
    })
    .await
}

#[tokio::test]
async fn kill_9_loses_no_reading_that_the_embedded_broker_acknowledged() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let mut all = Vec::new();
    for round in 0..4 {
        let up = Aftercare::up(dir.path(), &[]).await?;
        adopt(&up, "b1").await?;
        let publisher = Publisher::start(&up.mqtt, "b1", FROM_S + round * 100_000, 100_000);
        // A different moment in each round, in the middle of the stream.
        acknowledged(&publisher, 150 + 211 * usize::try_from(round)?).await?;
        up.kill_9().await?;
        all.extend(publisher.ended().await);
    }
    let up = Aftercare::up(dir.path(), &[]).await?;
    all_there(&up, &all).await
}

#[tokio::test]
async fn kill_9_loses_no_reading_that_a_real_broker_holds() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let broker = Mosquitto::start().await?;
    let arguments = ["--broker", broker.url.as_str()];
    let start = || Aftercare::up(dir.path(), &arguments);
    let up = start().await?;
    adopt(&up, "b1").await?;
    up.until_ready().await?;
    let publisher = Publisher::start(&broker.url, "b1", FROM_S, 3000);
    acknowledged(&publisher, 500).await?;
    up.kill_9().await?;
    let all = publisher.ended().await;
    assert_eq!(all.len(), 3000, "mosquitto takes everything while the gateway is away");
    let up = start().await?;
    all_there(&up, &all).await
}
