//! What the store does with each way in which InfluxDB can refuse, on a real one behind a proxy.

use std::sync::Arc;

use store::influx::{Account, Influx, set_up};
use store::{Range, Retention, SeriesId, SeriesName, StoreError, TelemetryStore as _};
use system_tests::{Influxd, ORG, Refusal, Unreliable, until};
use telemetry::clock::Clock;
use telemetry::pack::Sample;

const A: SeriesId = SeriesId(1);

struct Now;

impl Clock for Now {
    fn now_us(&self) -> i64 {
        1_767_225_600_000_000
    }
}

struct Behind {
    influxd: Influxd,
    proxy: Unreliable,
    account: Account,
    store: Influx,
}

async fn behind_a_proxy() -> anyhow::Result<Behind> {
    let influxd = Influxd::start().await?;
    let proxy = Unreliable::in_front_of(&influxd.url).await?;
    let account = set_up(&proxy.url, ORG, "aftercare").await?.account;
    let store = Influx::connect(account.clone(), Retention::default(), Arc::new(Now)).await?;
    let name = SeriesName { board: "b1".into(), channel: "temperature".into(), unit: "Cel".into() };
    store.introduce(A, name);
    Ok(Behind { influxd, proxy, account, store })
}

fn readings(n: i64) -> Vec<Sample> {
    // Digits that do not compress away.
    let value = |t: i64| ((t * 7_919) % 10_007) as f64 / 16.0;
    (0..n).map(|t| Sample { measured_at_us: t * 1_000_000, value: value(t) }).collect()
}

fn write_refused(status: u16, times: usize) -> Refusal {
    Refusal { path: "/write", at_least: 0, status, retry_after: None, times }
}

async fn assert_all_stored(store: &Influx, n: i64) -> anyhow::Result<()> {
    assert_eq!(store.raw(A, Range::ALL, usize::MAX).await?, readings(n));
    Ok(())
}

#[tokio::test]
async fn a_batch_that_is_too_large_is_halved_until_it_fits() -> anyhow::Result<()> {
    let b = behind_a_proxy().await?;
    b.store.write(vec![(A, readings(1))]).await?;
    let before = b.proxy.writes().len();
    b.proxy.refuse(Refusal { at_least: 4_001, times: 50, ..write_refused(413, 1) });
    let written = b.store.write(vec![(A, readings(4_000))]).await?;
    assert_eq!((written.stored, written.refused), (4_000, 0));
    let writes = &b.proxy.writes()[before..];
    let small = writes.iter().filter(|bytes| **bytes <= 4_000).count();
    assert!(small > 2 && small < writes.len(), "{writes:?}");
    assert_all_stored(&b.store, 4_000).await
}

#[tokio::test]
async fn one_bad_line_is_found_and_the_others_are_stored() -> anyhow::Result<()> {
    let b = behind_a_proxy().await?;
    // A field that was a text is never a number again: InfluxDB refuses the point with 422.
    let point = "reading,board=b1,channel=pressure,unit=Pa value=\"text\" 1700000000000000000";
    let answer = reqwest::Client::new()
        .post(format!("{}/api/v2/write?org={ORG}&bucket=aftercare", b.proxy.url))
        .header("authorization", format!("Token {}", b.account.token))
        .body(point)
        .send()
        .await?;
    assert_eq!(answer.status(), 204);
    let bad = SeriesId(2);
    let name = SeriesName { board: "b1".into(), channel: "pressure".into(), unit: "Pa".into() };
    b.store.introduce(bad, name);
    let at = Sample { measured_at_us: 1_700_000_000_000_001, value: 1.0 };
    let written = b.store.write(vec![(A, readings(300)), (bad, vec![at])]).await?;
    assert_eq!((written.stored, written.refused), (300, 1));
    assert_all_stored(&b.store, 300).await
}

#[tokio::test]
async fn a_busy_database_gets_the_rest_that_it_asks_for() -> anyhow::Result<()> {
    let b = behind_a_proxy().await?;
    b.proxy.refuse(write_refused(429, 1));
    let refused = b.store.write(vec![(A, readings(10))]).await;
    assert!(matches!(refused, Err(StoreError::Away(_))), "{refused:?}");
    // Nothing asked for a rest of a certain length, so a short pause follows.
    until("the pause to end", || async {
        match b.store.write(vec![(A, readings(10))]).await {
            Ok(_) => Ok(Some(())),
            Err(StoreError::Away(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    })
    .await?;
    assert_all_stored(&b.store, 10).await?;

    // The write, and the empty one that learns for how long.
    b.proxy.refuse(Refusal { retry_after: Some(3600), ..write_refused(503, 2) });
    let refused = b.store.write(vec![(A, readings(20))]).await;
    assert!(matches!(refused, Err(StoreError::Away(_))), "{refused:?}");
    let writes = b.proxy.writes().len();
    let resting = b.store.write(vec![(A, readings(20))]).await.unwrap_err();
    assert!(resting.to_string().contains("needs a rest of 3"), "{resting}");
    assert_eq!(b.proxy.writes().len(), writes, "nothing is sent meanwhile");
    Ok(())
}

#[tokio::test]
async fn a_wrong_account_is_told_from_a_database_that_is_away() -> anyhow::Result<()> {
    let mut b = behind_a_proxy().await?;
    let wrong = Account { token: "wrong".into(), ..b.account.clone() };
    let refused = Influx::connect(wrong, Retention::default(), Arc::new(Now)).await.err();
    let said = refused.map(|e| e.to_string()).unwrap_or_default();
    assert!(said.contains("does not know the token (401)"), "{said}");
    for status in [401, 403, 404] {
        b.proxy.refuse(write_refused(status, 1));
        let refused = b.store.write(vec![(A, readings(1))]).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    }
    b.store.write(vec![(A, readings(1))]).await?;
    b.influxd.kill_9().await?;
    let away = Account { url: b.influxd.url.clone(), ..b.account.clone() };
    let away = Influx::connect(away, Retention::default(), Arc::new(Now)).await.err();
    assert!(matches!(away, Some(StoreError::Away(_))), "{away:?}");
    let nonsense = Account { url: "influx".into(), ..b.account };
    let refused = Influx::connect(nonsense, Retention::default(), Arc::new(Now)).await.err();
    let said = refused.map(|e| e.to_string()).unwrap_or_default();
    assert!(said.contains("is no address of an InfluxDB"), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_crash_before_rollups_are_made_leaves_no_wrong_chart() -> anyhow::Result<()> {
    let b = behind_a_proxy().await?;
    b.store.write(vec![(A, readings(10_000))]).await?;
    b.store.settle().await?;
    b.store.write(vec![(A, vec![Sample { measured_at_us: 500_000, value: 9_999.0 }])]).await?;
    // Forgotten without a word; the mark in the database remains.
    let account = b.account.clone();
    let again = Influx::connect(account, Retention::default(), Arc::new(Now)).await?;
    again.introduce(
        A,
        SeriesName { board: "b1".into(), channel: "temperature".into(), unit: "Cel".into() },
    );
    let grid = store::Grid::new(Range { from_us: 0, to_us: 10_800_000_000 }, 4)?;
    for _ in 0..2 {
        let chart = again.buckets(A, Range::ALL, grid).await?;
        assert_eq!(chart[0].map(|b| (b.count, b.max)), Some((3_601, 9_999.0)));
        again.settle().await?;
    }
    Ok(())
}
