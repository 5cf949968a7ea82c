//! A point keeps its history when its sensor is replaced; a sensor that moves takes its readings with
//! it from a date on; a calibration changes what is derived and nothing that was measured.

use serde_json::{Value, json};
use system_tests::{Aftercare, Database, until};

const DAY_S: i64 = 86_400;
/// 2026-01-01T00:00:00Z.
const FROM_S: i64 = 1_767_225_600;

async fn adopt(up: &Aftercare, board: &str, asset: &str) -> anyhow::Result<String> {
    let channel = json!({"channel": "t", "unit": "Cel", "name": "Bearing temperature",
                         "quantity": "temperature", "position": "bearing"});
    let body = json!({"asset": {"name": asset, "kind": "pump"}, "channels": [channel]});
    let path = format!("/api/v1/boards/{board}/adoption");
    let (status, adopted) = up.send("PUT", &path, &body).await?;
    assert_eq!(status, 200, "{adopted}");
    let asset = adopted["asset_id"].as_str().unwrap_or_default();
    let points = up.get(&format!("/api/v1/points?asset={asset}")).await?;
    Ok(points["items"][0]["id"].as_str().unwrap_or_default().to_owned())
}

/// One reading a day, whose value is the number of the day.
async fn publish(up: &Aftercare, board: &str, days: std::ops::Range<i64>) -> anyhow::Result<()> {
    let record = |day: i64| json!({"n": "t", "u": "Cel", "v": day, "t": FROM_S + day * DAY_S});
    let pack: Vec<_> = days.map(record).collect();
    up.publish(&format!("aftercare/{board}/readings"), &json!(pack).to_string()).await?;
    up.until_judged().await
}

async fn values(up: &Aftercare, point: &str) -> anyhow::Result<Vec<f64>> {
    let readings = up.get(&format!("/api/v1/readings?point={point}")).await?;
    let values = readings["value"].as_array().cloned().unwrap_or_default();
    Ok(values.iter().filter_map(Value::as_f64).collect())
}

fn day(n: i64) -> String {
    format!("2026-01-{:02}T00:00:00Z", n + 1)
}

async fn bind(
    up: &Aftercare,
    board: &str,
    point: Option<&str>,
    from: i64,
) -> anyhow::Result<Value> {
    let body = json!({"board": board, "channel": "t", "unit": "Cel", "point_id": point,
                      "from": day(from)});
    let (status, bindings) = up.send("PUT", "/api/v1/bindings", &body).await?;
    assert_eq!(status, 200, "{bindings}");
    Ok(bindings)
}

#[tokio::test]
async fn a_moved_sensor_sends_each_reading_to_the_right_point_in_the_past_as_well()
-> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(dir.path()).await?;
        let (first, second) =
            (adopt(&up, "b1", "Pump 1").await?, adopt(&up, "b2", "Pump 2").await?);
        publish(&up, "b1", 0..10).await?;
        assert_eq!(values(&up, &first).await?.len(), 10);
        // It has been on pump 2 since day 4, as somebody notices on day 10; back since day 8.
        bind(&up, "b1", Some(&second), 4).await?;
        let bindings = bind(&up, "b1", Some(&first), 8).await?;
        let told = bindings["items"].as_array().cloned().unwrap_or_default();
        let told: Vec<_> = told.iter().map(|b| (&b["asset_name"], &b["from"], &b["to"])).collect();
        assert_eq!(
            told,
            [
                (&json!("Pump 1"), &Value::Null, &json!(day(4))),
                (&json!("Pump 2"), &json!(day(4)), &json!(day(8))),
                (&json!("Pump 1"), &json!(day(8)), &Value::Null),
            ]
        );
        assert_eq!(values(&up, &first).await?, [0.0, 1.0, 2.0, 3.0, 8.0, 9.0]);
        assert_eq!(values(&up, &second).await?, [4.0, 5.0, 6.0, 7.0]);
        // Late ones too.
        publish(&up, "b1", 5..12).await?;
        assert_eq!(values(&up, &first).await?, [0.0, 1.0, 2.0, 3.0, 8.0, 9.0, 10.0, 11.0]);
    }
    Ok(())
}

#[tokio::test]
async fn a_point_keeps_its_history_when_its_sensor_is_replaced() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(dir.path()).await?;
        let point = adopt(&up, "old", "Pump 1").await?;
        publish(&up, "old", 0..6).await?;
        publish(&up, "new", 3..9).await?;
        bind(&up, "new", Some(&point), 5).await?;
        assert_eq!(values(&up, &point).await?, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        bind(&up, "new", None, 7).await?;
        assert_eq!(values(&up, &point).await?.len(), 7);
        let chart =
            format!("/api/v1/readings?point={point}&from={}&to={}&buckets=2", day(0), day(9));
        let chart = up.get(&chart).await?;
        assert_eq!(
            chart["count"].as_array().map(|c| c.iter().filter_map(Value::as_i64).sum()),
            Some(7)
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_changed_calibration_recomputes_what_is_derived_and_keeps_the_raw() -> anyhow::Result<()>
{
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(dir.path()).await?;
        let point = adopt(&up, "b1", "Pump 1").await?;
        publish(&up, "b1", 0..4).await?;
        let calibrate = async |from: i64, pairs: Value| {
            let body = json!({"board": "b1", "channel": "t", "unit": "Cel", "from": day(from),
                              "pairs": pairs, "note": "certificate 17"});
            up.send("PUT", "/api/v1/calibrations", &body).await
        };
        let pairs = json!([{"reported": 0, "reference": 10}, {"reported": 1, "reference": 12}]);
        assert_eq!(calibrate(2, pairs).await?.0, 200);
        assert_eq!(values(&up, &point).await?, [0.0, 1.0, 14.0, 16.0]);
        let chart =
            format!("/api/v1/readings?point={point}&from={}&to={}&buckets=1", day(0), day(4));
        let chart_now = up.get(&chart).await?;
        assert_eq!((&chart_now["max"], &chart_now["mean"]), (&json!([16.0]), &json!([7.75])));
        // A better one for the same date replaces it; what was measured is still there.
        let (_, listed) = calibrate(2, json!([{"reported": 2, "reference": 2}])).await?;
        assert_eq!(values(&up, &point).await?, [0.0, 1.0, 2.0, 3.0]);
        let told = &listed["items"][0];
        assert_eq!((&told["scale"], &told["note"]), (&json!(1.0), &json!("certificate 17")));
        let (status, problem) = calibrate(3, json!([])).await?;
        assert_eq!((status, &problem["type"]), (400, &json!("/problems/invalid")));
    }
    Ok(())
}

#[tokio::test]
async fn senseless_ranges_and_unknown_names_are_told_by_name() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    let point = adopt(&up, "b1", "Pump 1").await?;
    publish(&up, "b1", 0..2).await?;
    let ask = async |query: &str| up.get(&format!("/api/v1/readings?{query}")).await;
    for (query, status, words) in [
        ("point=nothing", 404, "point"),
        (&format!("point={point}&from={}&to={}&buckets=5", day(2), day(2)), 400, "`from`"),
        (&format!("point={point}&from={}&to={}&buckets=5", day(2), day(1)), 400, "`from`"),
        (&format!("point={point}&from={}&to={}&buckets=1000000", day(1), day(2)), 400, "`buckets`"),
        (&format!("point={point}&from={}&to={}&buckets=0", day(1), day(2)), 400, "`buckets`"),
        (&format!("point={point}&from=99999-01-01T00:00:00Z"), 400, "`from`"),
        (&format!("point={point}&from=yesterday"), 400, "`from`"),
        (&format!("point={point}&cursor=x"), 400, "`cursor`"),
    ] {
        let answer = ask(query).await?;
        assert_eq!(answer["status"], status, "{query}: {answer}");
        assert!(answer["detail"].as_str().unwrap_or_default().contains(words), "{query}: {answer}");
    }
    let unknown =
        json!({"board": "b9", "channel": "t", "unit": "Cel", "point_id": point, "from": day(1)});
    assert_eq!(up.send("PUT", "/api/v1/bindings", &unknown).await?.0, 404);
    let wrong_unit = json!([{"n": "p", "u": "bar", "v": 1}]).to_string();
    up.publish("aftercare/b1/readings", &wrong_unit).await?;
    let body =
        json!({"board": "b1", "channel": "p", "unit": "Pa", "point_id": point, "from": day(1)});
    let refused = until("the channel to be known", || async {
        let (status, problem) = up.send("PUT", "/api/v1/bindings", &body).await?;
        Ok((status != 404).then_some((status, problem)))
    });
    let (status, problem) = refused.await?;
    assert_eq!(status, 409);
    assert!(
        problem["detail"].as_str().unwrap_or_default().contains("kept in \"Cel\""),
        "{problem}"
    );
    Ok(())
}
