//! The dashboards for Grafana, asked of a real InfluxDB as Grafana would ask. Grafana itself is not
//! here: what it makes of the JSON beyond the queries is not tested.

mod grafana;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use grafana::{Chosen, DASHBOARDS, Grafana, Shown, dashboard, folder, list, text};
use serde_json::{Value, json};
use store::influx::{Influx, set_up};
use store::{NamedSeries, Range, Retention, SeriesId, SeriesName, TelemetryStore as _};
use system_tests::{Aftercare, Influxd, ORG, Table, generated_run, until};
use telemetry::clock::Clock;

/// The generated run is at the beginning, four hours of a pump follow after an hour.
const MORNING: Shown =
    Shown { from: "2026-01-01T00:00:00Z", to: "2026-01-01T05:00:00Z", window: "18s" };
/// A name that needs care in Flux and in a regular expression.
const PUMP: &str = r#"Pump "7" (north)"#;

/// Four hours in the columns of the SKAB rig, one row a second, with half an hour missing.
fn pump_run(dir: &Path) -> anyhow::Result<PathBuf> {
    let mut csv = String::from(
        "datetime;Accelerometer1RMS;Accelerometer2RMS;Current;Pressure;Temperature;Thermocouple;\
         Voltage;Volume Flow RateRMS\n",
    );
    for s in (0..4 * 3600).filter(|s| !(5400..7200).contains(s)) {
        let noise = f64::from(s * 7919 % 101) / 101.0 - 0.5;
        writeln!(
            csv,
            "2026-01-01 {:02}:{:02}:{:02};{:.5};{:.5};{:.4};{:.5};{:.4};{:.4};{:.2};{:.3}",
            1 + s / 3600,
            s / 60 % 60,
            s % 60,
            0.03 + 0.001 * noise,
            0.04 + 0.001 * noise,
            1.2 + 0.05 * noise,
            0.05 + 0.02 * noise,
            75.0 + 0.1 * noise,
            25.0 + 0.05 * noise,
            230.0 + 2.0 * noise,
            32.0 + 0.3 * noise,
        )?;
    }
    let file = dir.join("pump.csv");
    std::fs::write(&file, csv)?;
    Ok(file)
}

struct Workshop {
    dir: tempfile::TempDir,
    influxd: Influxd,
    up: Aftercare,
    token: String,
}

/// `aftercare up` on an InfluxDB that nobody has set up.
async fn workshop() -> anyhow::Result<Workshop> {
    let dir = tempfile::tempdir()?;
    let influxd = Influxd::start().await?;
    let data = dir.path().join("data");
    let more = ["--store", "influx", "--influx-org", ORG, "--influx-url", &influxd.url];
    let up = Aftercare::up(&data, &more).await?;
    let account: Value = serde_json::from_slice(&std::fs::read(data.join("influxdb.json"))?)?;
    let token = text(&account, "/token").to_owned();
    Ok(Workshop { dir, influxd, up, token })
}

impl Workshop {
    fn grafana(&self, shown: Shown) -> Grafana<'_> {
        Grafana { influxd: &self.influxd, token: &self.token, shown }
    }

    async fn replay(&self, file: &Path, asset: &str) -> anyhow::Result<()> {
        self.up.replay(file, asset, &["--as-fast-as-possible"]).await?;
        self.up.until_judged().await
    }

    /// Waits until rollups have summed up so many readings, and the names are there.
    async fn until_summed_up(&self, readings: u64) -> anyhow::Result<()> {
        let sum = r#"from(bucket: "aftercare_1h") |> range(start: 0)
            |> filter(fn: (r) => r._field == "count") |> group() |> sum()"#;
        until("rollups of an hour", || async {
            let answer = self.influxd.query(sum, &self.token).await?;
            let sums = answer.first().map(|t| t.column("_value")).unwrap_or_default();
            Ok((sums == [readings.to_string()]).then_some(()))
        })
        .await?;
        self.until_names("point", 16).await
    }

    async fn until_names(&self, field: &str, series: usize) -> anyhow::Result<()> {
        let names = format!(
            r#"from(bucket: "aftercare_names") |> range(start: 0)
               |> filter(fn: (r) => r._field == "{field}")"#
        );
        until("names in the database", || async {
            let answer = self.influxd.query(&names, &self.token).await?;
            Ok((answer.len() == series).then_some(()))
        })
        .await
    }
}

#[tokio::test]
async fn every_panel_shows_what_the_store_holds() -> anyhow::Result<()> {
    let mut w = workshop().await?;
    w.replay(&generated_run(w.dir.path())?, "Test rig").await?;
    w.replay(&pump_run(w.dir.path())?, PUMP).await?;
    w.until_summed_up((1100 + 12_600) * 8).await?;
    w.until_names("title", 1).await?;
    let tickets = w.up.get("/api/v1/tickets").await?;
    let mark = format!("T-1: {} (open)", text(&tickets, "/items/0/title"));
    let grafana = w.grafana(MORNING);
    for name in DASHBOARDS {
        let board = dashboard(name)?;
        let choice = grafana.opened(&board, &[("asset", "Test rig")]).await?;
        for annotation in list(&board, "/annotations/list") {
            let answer = grafana.ask(text(annotation, "/target/query"), &choice).await?;
            let texts = answer.first().map(|t| t.column("text")).unwrap_or_default();
            assert_eq!(texts, [mark.as_str()], "{name}");
        }
        for panel in list(&board, "/panels") {
            let answers = grafana.panel(panel, &choice).await?;
            let title = text(panel, "/title");
            assert_eq!(answers.len(), if panel["repeat"].is_null() { 1 } else { 8 }, "{title}");
            for answer in answers {
                assert_eq!(answer.len(), 1, "{name}, {title}: one table");
                assert!(!answer[0].rows.is_empty(), "{name}, {title}: no rows");
            }
        }
    }
    the_fleet_is_told_apart(&w).await?;
    few_readings_are_dots_and_many_a_band_with_gaps(&w).await?;
    two_windows_lie_over_each_other(&w).await?;
    the_ledger_counts_what_is_missing(&w).await?;
    a_ticket_closed_in_an_outage_leaves_the_list(&mut w).await?;
    bindings_and_calibrations_hold_from_their_date(&w).await
}

async fn the_fleet_is_told_apart(w: &Workshop) -> anyhow::Result<()> {
    let grafana = w.grafana(MORNING);
    let fleet = dashboard("fleet")?;
    let choice = grafana.opened(&fleet, &[]).await?;
    let machines = grafana.table(&fleet, "Machines", &choice).await?;
    assert_eq!(machines.column("asset"), [PUMP, "Test rig"]);
    assert_eq!(machines.column("points"), ["8", "8"]);
    assert_eq!(machines.column("age"), ["1", "16901"]);
    assert_eq!(machines.column("open tickets"), ["", "1"]);
    assert_eq!(machines.column("readings per minute")[0], "336", "12600 × 8 in 300 minutes");
    Ok(())
}

async fn few_readings_are_dots_and_many_a_band_with_gaps(w: &Workshop) -> anyhow::Result<()> {
    let machine = dashboard("machine")?;
    let charts = &list(&machine, "/panels")[0];
    for (asset, window, points) in [("Test rig", "18s", 1100), (PUMP, "18s", 0), (PUMP, "2m0s", 0)]
    {
        let grafana = w.grafana(Shown { window, ..MORNING });
        let choice = grafana.opened(&machine, &[("asset", asset)]).await?;
        let Chosen::Many(names) = &choice.0["point"] else { anyhow::bail!("points") };
        assert_eq!(names.len(), 8);
        for answer in grafana.panel(charts, &choice).await? {
            let series: BTreeSet<_> =
                answer[0].columns.iter().filter_map(|c| c.split_once(' ')).collect();
            let figures: BTreeSet<_> = series.iter().map(|(figure, _)| *figure).collect();
            let unit = series.first().map(|(_, unit)| *unit).context("a series")?;
            if points > 0 {
                assert_eq!(figures, BTreeSet::from(["reading"]), "{asset} {window}");
                assert_eq!(answer[0].rows.len(), points);
                continue;
            }
            assert_eq!(figures, BTreeSet::from(["max", "mean", "min"]), "{asset} {window}");
            let figure = |name: &str| answer[0].column(&format!("{name} {unit}"));
            let times = answer[0].column("_time");
            let gap: Vec<_> = times
                .iter()
                .zip(figure("mean"))
                .filter(|(at, _)| ("2026-01-01T02:31".."2026-01-01T02:59").contains(&at.as_str()))
                .map(|(_, mean)| mean)
                .collect();
            assert!(gap.len() > 10 && gap.iter().all(String::is_empty), "{unit}: {gap:?}");
            let bands = figure("min").into_iter().zip(figure("mean")).zip(figure("max"));
            let mut seen = 0;
            for ((min, mean), max) in bands.filter(|((min, _), _)| !min.is_empty()) {
                let (min, mean, max) =
                    (min.parse::<f64>()?, mean.parse::<f64>()?, max.parse::<f64>()?);
                let rounding = 1e-12 * max.abs();
                assert!(min <= mean + rounding && mean <= max + rounding, "{min} {mean} {max}");
                seen += 1;
            }
            assert!(seen > 100, "{seen} windows");
        }
    }
    Ok(())
}

async fn two_windows_lie_over_each_other(w: &Workshop) -> anyhow::Result<()> {
    let grafana = w.grafana(MORNING);
    let repair = dashboard("repair-before-after")?;
    let windows = [
        ("asset", PUMP),
        ("before", "2026-01-01T01:00:00Z"),
        ("after", "2026-01-01T04:00:30Z"),
        ("length", "15m"),
    ];
    let choice = grafana.opened(&repair, &windows).await?;
    let figures = grafana.table(&repair, "Figures of both windows", &choice).await?;
    assert_eq!(figures.rows.len(), 8);
    assert_eq!(figures.column("before readings"), vec!["900"; 8]);
    assert_eq!(figures.column("after readings"), vec!["900"; 8]);
    assert!(figures.column("change of mean").iter().all(|change| change.parse::<f64>().is_ok()));
    let panels = list(&repair, "/panels").iter();
    let charts = panels.into_iter().find(|p| p["repeat"] == "point").context("charts")?;
    for answer in grafana.panel(charts, &choice).await? {
        let times = answer[0].column("_time");
        assert_eq!(times.len(), 15, "both windows stand on the same grid");
        assert_eq!(times[0], MORNING.from);
        for window in ["before ", "after "] {
            let name = answer[0].columns.iter().find(|c| c.starts_with(window)).context("it")?;
            assert!(answer[0].column(name).iter().all(|mean| !mean.is_empty()), "{name}");
        }
    }
    Ok(())
}

async fn the_ledger_counts_what_is_missing(w: &Workshop) -> anyhow::Result<()> {
    let grafana = w.grafana(Shown { from: "2026-01-01T01:00:00Z", ..MORNING });
    let ledger = dashboard("ledger")?;
    let choice = grafana.opened(&ledger, &[]).await?;
    let hours = grafana.table(&ledger, "Hours", &choice).await?;
    assert_eq!(hours.column("received"), ["28800", "28800", "14400", "28800"], "newest first");
    assert_eq!(hours.column("expected"), ["28800"; 4]);
    assert_eq!(hours.column("missing"), ["0", "0", "14400", "0"]);
    let gaps = grafana.table(&ledger, "Gaps", &choice).await?;
    assert_eq!(gaps.column("from"), ["2026-01-01T02:30:00Z"]);
    assert_eq!(gaps.column("to"), ["2026-01-01T03:00:00Z"]);
    assert_eq!(gaps.column("length"), ["1800"]);
    let seen = grafana.table(&ledger, "Last seen", &choice).await?;
    assert_eq!(seen.column("seen"), ["2026-01-01T04:59:59Z", "2026-01-01T00:18:19Z"]);
    Ok(())
}

async fn a_ticket_closed_in_an_outage_leaves_the_list(w: &mut Workshop) -> anyhow::Result<()> {
    w.influxd.kill_9().await?;
    let tickets = w.up.get("/api/v1/tickets").await?;
    let path = format!("/api/v1/tickets/{}/transition", text(&tickets, "/items/0/id"));
    for to in ["resolved", "closed"] {
        let (status, answer) = w.up.send("POST", &path, &json!({"to": to, "why": "done"})).await?;
        assert_eq!(status, 200, "{answer}");
    }
    w.influxd.start_again().await?;
    let grafana = w.grafana(MORNING);
    let fleet = dashboard("fleet")?;
    let choice = grafana.opened(&fleet, &[]).await?;
    until("no open ticket", || async {
        let open = grafana.table(&fleet, "Open tickets", &choice).await?;
        Ok(open.rows.is_empty().then_some(()))
    })
    .await
}

/// A thermometer that turns out to fall where it should rise, and is taken off an hour later.
async fn bindings_and_calibrations_hold_from_their_date(w: &Workshop) -> anyhow::Result<()> {
    let grafana = w.grafana(Shown { window: "1m0s", ..MORNING });
    let machine = dashboard("machine")?;
    let mut choice = grafana.opened(&machine, &[("asset", PUMP)]).await?;
    choice.0.insert("point".into(), Chosen::Many(vec!["Fluid temperature".into()]));
    let Chosen::Many(boards) = &choice.0["board"] else { anyhow::bail!("boards") };
    let channel = json!({"board": boards[0], "channel": "thermocouple", "unit": "Cel"});
    let put = |path: &'static str, more: Value| {
        let mut body = channel.clone();
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        async move {
            let (status, answer) = w.up.send("PUT", path, &body).await?;
            anyhow::ensure!(status == 200, "{answer}");
            Ok::<_, anyhow::Error>(())
        }
    };
    let falling = json!([{"reported": 0, "reference": 100}, {"reported": 10, "reference": 90}]);
    put("/api/v1/calibrations", json!({"from": "2026-01-01T03:00:00Z", "pairs": falling})).await?;
    put("/api/v1/bindings", json!({"from": "2026-01-01T04:00:00Z", "point_id": null})).await?;
    let charts = &list(&machine, "/panels")[0];
    let answer = until("the chart to follow", || async {
        let answer = grafana.panel(charts, &choice).await?.into_iter().flatten().next();
        let ends = |table: &Table| {
            let last = table.column("_time").pop();
            last.is_some_and(|last| last.as_str() < "2026-01-01T04:00:00Z")
        };
        Ok(answer.filter(ends))
    })
    .await?;
    let [times, min, mean, max] =
        ["_time", "min Cel", "mean Cel", "max Cel"].map(|column| answer.column(column));
    for (((at, min), mean), max) in times.iter().zip(min).zip(mean).zip(max) {
        let (Ok(min), Ok(mean), Ok(max)) =
            (min.parse::<f64>(), mean.parse::<f64>(), max.parse::<f64>())
        else {
            continue;
        };
        assert!(min <= mean && mean <= max, "{at}: {min} {mean} {max}");
        let expected = if at.as_str() < "2026-01-01T03:00:00Z" { 25.0 } else { 75.0 };
        assert!((mean - expected).abs() < 0.1, "{at}: {mean}");
    }
    let fleet = dashboard("fleet")?;
    let machines = grafana.table(&fleet, "Machines", &grafana.opened(&fleet, &[]).await?).await?;
    let rate = machines.column("readings per minute")[0].parse::<f64>()?;
    let expected = f64::from(12_600 * 8 - 3600) / 300.0;
    assert!((rate - expected).abs() < 1e-6, "{rate}: each counts once, and none that was let go");
    let repair = dashboard("repair-before-after")?;
    let windows = [
        ("asset", PUMP),
        ("before", "2026-01-01T01:00:00Z"),
        ("after", "2026-01-01T03:10:00Z"),
        ("length", "15m"),
    ];
    let choice = grafana.opened(&repair, &windows).await?;
    let figures = grafana.table(&repair, "Figures of both windows", &choice).await?;
    let row =
        figures.column("point").iter().position(|p| p == "Fluid temperature").context("it")?;
    let figure = |name: &str| figures.column(name)[row].parse::<f64>();
    assert!((figure("change of mean")? - 50.0).abs() < 0.1);
    assert!(figure("after min")? <= figure("after mean")?);
    assert!(figure("after mean")? <= figure("after max")?);
    assert!(figure("after deviation")? > 0.0);
    assert_eq!(figures.column("after readings")[row], "900");
    Ok(())
}

#[tokio::test]
async fn a_database_without_readings_gives_empty_panels_and_no_error() -> anyhow::Result<()> {
    let w = workshop().await?;
    let grafana = w.grafana(MORNING);
    for name in DASHBOARDS {
        let board = dashboard(name)?;
        let mut choice = grafana.opened(&board, &[]).await?;
        // Where nothing can be chosen, a panel is still shown once.
        for chosen in choice.0.values_mut() {
            if matches!(chosen, Chosen::Many(values) if values.is_empty()) {
                *chosen = Chosen::One(String::new());
            }
        }
        for annotation in list(&board, "/annotations/list") {
            grafana.ask(text(annotation, "/target/query"), &choice).await?;
        }
        for panel in list(&board, "/panels") {
            for answer in grafana.panel(panel, &choice).await? {
                assert!(answer.iter().all(|t| t.rows.is_empty()), "{name}: {answer:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn dashboards_use_our_data_source_only_and_draw_no_line_across_a_gap() -> anyhow::Result<()> {
    let mut uids = BTreeSet::new();
    for name in DASHBOARDS {
        let board = dashboard(name)?;
        assert!(uids.insert(text(&board, "/uid").to_owned()), "{name}: its uid is taken");
        let panels = list(&board, "/panels");
        let ids: BTreeSet<_> = panels.iter().filter_map(|p| p["id"].as_u64()).collect();
        assert_eq!(ids.len(), panels.len(), "{name}: ids");
        let mut places: Vec<_> = Vec::new();
        for panel in panels {
            let title = text(panel, "/title");
            assert!(!text(panel, "/description").is_empty(), "{name}, {title}: a description");
            assert!(panel.pointer("/fieldConfig/defaults/thresholds").is_none(), "{title}");
            if panel["type"] == "timeseries" {
                let spans = panel.pointer("/fieldConfig/defaults/custom/spanNulls");
                assert_eq!(spans, Some(&json!(false)), "{name}, {title}");
            }
            let place = &panel["gridPos"];
            let side = |key: &str| place[key].as_u64().with_context(|| format!("{title}: {key}"));
            places.push((side("x")?, side("y")?, side("w")?, side("h")?));
        }
        for (i, a) in places.iter().enumerate() {
            assert!(a.0 + a.2 <= 24, "{name}: {a:?} is too wide");
            let over = |b: &(u64, u64, u64, u64)| {
                a.0 < b.0 + b.2 && b.0 < a.0 + a.2 && a.1 < b.1 + b.3 && b.1 < a.1 + a.3
            };
            assert!(!places[..i].iter().any(over), "{name}: {a:?} lies over another panel");
        }
        assert_no_stranger(name, &board);
    }
    Ok(())
}

/// Nothing in it leads to another data source or another machine.
fn assert_no_stranger(name: &str, value: &Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == "datasource" {
                    let ours = json!({"type": "influxdb", "uid": "aftercare-influxdb"});
                    assert_eq!(value, &ours, "{name}");
                }
                assert_no_stranger(name, value);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| assert_no_stranger(name, item)),
        Value::String(text) => assert!(!text.contains("://"), "{name}: {text}"),
        _ => {}
    }
}

#[test]
fn dashboards_are_built_from_their_source() -> anyhow::Result<()> {
    let check = std::process::Command::new("node")
        .arg(folder().join("build.mjs"))
        .arg("--check")
        .output()
        .context("node")?;
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
    Ok(())
}

struct Now;

impl Clock for Now {
    fn now_us(&self) -> i64 {
        1_767_225_600_000_000
    }
}

#[tokio::test]
async fn a_name_that_no_longer_holds_is_gone_even_when_readings_are_kept_for_a_day()
-> anyhow::Result<()> {
    let influxd = Influxd::start().await?;
    let account = set_up(&influxd.url, ORG, "aftercare").await?.account;
    let day = Retention { raw_us: Some(86_400_000_000), ..Retention::default() };
    let store = Influx::connect(account.clone(), day, Arc::new(Now)).await?;
    let named = |id: i64, valid: Range, point: &str| {
        let name = SeriesName { board: "b".into(), channel: format!("c{id}"), unit: "%RH".into() };
        store.introduce(SeriesId(id), name);
        NamedSeries {
            id: SeriesId(id),
            valid,
            asset: "a \"b\" \\".into(),
            point: point.into(),
            quantity: "humidity".into(),
            position: String::new(),
            scale: 1.0,
            offset: 0.0,
        }
    };
    let until_now = Range { from_us: 0, to_us: 1_767_225_600_000_000 };
    let from_now = Range { from_us: until_now.to_us, to_us: i64::MAX };
    let first = named(1, until_now, "air");
    let second = named(1, from_now, "old air");
    let third = named(2, Range::ALL, "more air");
    store.name_series(&[first.clone(), second, third]).await?;
    let points = || async {
        let flux = r#"from(bucket: "aftercare_names") |> range(start: 1700-01-01T00:00:00Z, stop: 2255-01-01T00:00:00Z)
            |> filter(fn: (r) => r._field == "point") |> group() |> sort()"#;
        let answer = influxd.query(flux, &account.token).await?;
        Ok::<_, anyhow::Error>(answer.first().map(|t| t.column("_value")).unwrap_or_default())
    };
    assert_eq!(points().await?.len(), 2, "the third began before the first moment asked for");
    let renamed = NamedSeries { point: "fresh air".into(), ..first };
    store.name_series(&[renamed]).await?;
    assert_eq!(points().await?, ["fresh air"]);
    store.name_series(&[]).await?;
    assert!(points().await?.is_empty());
    Ok(())
}
