//! Rules are data: tried on the recorded past, changed with a reason, and live from the next reading.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Value, json};
use system_tests::{Aftercare, Database, binary, generated_run};

/// 2026-01-01T00:00:00Z.
const FROM_S: i64 = 1_767_225_600;
const RIG: &str = "Test rig";

fn at(second: i64) -> String {
    format!("2026-01-01T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// Writes a recording of a bearing temperature and a motor current, one reading a second, with its
/// mapping file.
fn recording(
    dir: &Path,
    seconds: std::ops::Range<i64>,
    temperature: impl Fn(i64, f64) -> f64,
) -> anyhow::Result<(PathBuf, PathBuf)> {
    let mut csv = String::from("when,T,I\n");
    let mut state = 7_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 24) - 0.5
    };
    for second in seconds.clone() {
        let (t, i) = (temperature(second, 60.0 + noise()), 12.0 + 0.4 * noise());
        writeln!(csv, "{},{t:.4},{i:.4}", FROM_S + second)?;
    }
    let (file, map) = (dir.join(format!("{}.csv", seconds.start)), dir.join("map.toml"));
    std::fs::write(&file, csv)?;
    std::fs::write(
        &map,
        "time = \"when\"\ntime_format = \"unix\"\n\
         [[channel]]\ncolumn = \"T\"\nchannel = \"t\"\nunit = \"Cel\"\n\
         name = \"Bearing temperature\"\nposition = \"bearing\"\n\
         [[channel]]\ncolumn = \"I\"\nchannel = \"i\"\nunit = \"A\"\n\
         name = \"Motor current\"\nposition = \"motor\"\n",
    )?;
    Ok((file, map))
}

async fn play(up: &Aftercare, (file, map): &(PathBuf, PathBuf)) -> anyhow::Result<()> {
    let map = map.to_str().context("a path")?;
    up.replay(file, RIG, &["--as-fast-as-possible", "--map", map]).await?;
    up.until_judged().await
}

/// A limit on the temperature and nothing that learns within the test.
fn rules(limits: Value) -> Value {
    json!({"deviation": {"learning_s": 7_776_000}, "drift": {"on": false}, "limits": limits})
}

fn hot() -> Value {
    json!({"name": "bearing hot", "points": {"quantity": "temperature", "position": "bearing"},
           "kind": "high", "value": 80.0, "deadband": 5.0, "on_delay_s": 10.0, "off_delay_s": 20.0})
}

async fn change(up: &Aftercare, asset: &str, rules: &Value, why: &str) -> anyhow::Result<Value> {
    let path = format!("/api/v1/assets/{asset}/rules");
    let (status, now) = up.send("PUT", &path, &json!({"rules": rules, "why": why})).await?;
    assert_eq!(status, 200, "{now}");
    Ok(now)
}

async fn items(up: &Aftercare, list: &str) -> anyhow::Result<Vec<Value>> {
    let list = up.get(&format!("/api/v1/{list}")).await?;
    Ok(list["items"].as_array().context("items")?.clone())
}

/// An asset that has sent one row, long before everything else.
async fn rig(up: &Aftercare, dir: &Path) -> anyhow::Result<String> {
    play(up, &recording(dir, 0..1, |_, t| t)?).await?;
    Ok(up.only_asset().await?.0)
}

#[tokio::test]
async fn a_stuck_sensor_raises_a_sensor_alarm_and_no_ticket() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let stuck = |second: i64, t: f64| if (600..800).contains(&second) { 60.2 } else { t };
        play(&up, &recording(dir.path(), 0..900, stuck)?).await?;
        let alarms = items(&up, "alarms").await?;
        let [alarm] = &alarms[..] else { anyhow::bail!("expected one alarm: {alarms:?}") };
        let tag = alarm["tag"].as_str().context("a tag")?;
        assert!(tag.starts_with("sensor:stuck:"), "{alarm}");
        assert_eq!((&alarm["class"], &alarm["ticket_id"]), (&json!("sensor"), &Value::Null));
        assert_eq!(alarm["state"], json!("unacknowledged_cleared"), "over when it moves again");
        let why = &alarm["deviations"][0];
        assert_eq!((&why["reason"], &why["seen"]), (&json!("stuck"), &json!(60.2)), "{why}");
        assert!(why["words"].as_str().unwrap_or_default().contains("exactly 60.2 °C"), "{why}");
        assert_eq!(items(&up, "tickets").await?, Vec::<Value>::new());
    }
    Ok(())
}

#[tokio::test]
async fn a_limit_opens_one_ticket_and_a_safety_limit_one_of_its_own() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let asset = rig(&up, dir.path()).await?;
        let trip = json!({"name": "bearing trip", "points": {"name": "Bearing temperature"},
                          "kind": "high_high", "value": 95.0, "class": "safety", "latched": true});
        change(&up, &asset, &rules(json!([hot(), trip])), "a limit of the maker").await?;
        // Too short; then around the limit for long, inside the deadband now and then.
        let hot = |second: i64, t: f64| match second {
            100..106 => 85.0,
            200..300 => {
                if (second - 200) % 15 == 14 {
                    77.0
                } else {
                    83.0
                }
            }
            _ => t,
        };
        play(&up, &recording(dir.path(), 1..400, hot)?).await?;
        let tickets = items(&up, "tickets").await?;
        let [ticket] = &tickets[..] else { anyhow::bail!("expected one ticket: {tickets:?}") };
        assert_eq!(ticket["signature"], json!("deviation"));
        assert_eq!(ticket["since"], json!(at(200)));
        let summary = "Bearing temperature shows 77 °C; bearing hot allows at most 80 °C";
        let title = ticket["title"].as_str().unwrap_or_default();
        assert!(title == summary || title == summary.replace("77", "83"), "{title}");
        let alarms = items(&up, "alarms").await?;
        assert_eq!(alarms.len(), 1, "{alarms:?}");
        assert_eq!(alarms[0]["deviations"][0]["reason"], json!("high"));

        let very_hot = |second: i64, t: f64| if (500..520).contains(&second) { 99.0 } else { t };
        play(&up, &recording(dir.path(), 400..600, very_hot)?).await?;
        let tickets = items(&up, "tickets").await?;
        let safety: Vec<_> =
            tickets.iter().filter(|ticket| ticket["signature"] == json!("safety")).collect();
        assert_eq!((tickets.len(), safety.len()), (2, 1), "{tickets:?}");
        let alarms = items(&up, "alarms").await?;
        let trips: Vec<_> =
            alarms.iter().filter(|alarm| alarm["class"] == json!("safety")).collect();
        let [trip] = &trips[..] else { anyhow::bail!("expected one safety alarm: {alarms:?}") };
        assert_eq!(trip["priority"], json!("critical"));
        assert_eq!(trip["state"], json!("latched_unacknowledged"));
    }
    Ok(())
}

async fn trial(
    up: &Aftercare,
    asset: &str,
    rules: &Value,
    to: i64,
) -> anyhow::Result<(u16, Value)> {
    let path = format!("/api/v1/assets/{asset}/rules/try");
    up.send("POST", &path, &json!({"rules": rules, "from": at(1), "to": at(to)})).await
}

#[tokio::test]
async fn rules_are_tried_on_the_past_and_go_live_without_raising_it() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let up = database.up(&dir.path().join("data")).await?;
        let asset = rig(&up, dir.path()).await?;
        change(&up, &asset, &rules(json!([])), "nothing yet").await?;
        let twice = |second: i64, t: f64| match second {
            200..300 | 600..700 => 90.0,
            _ => t,
        };
        let past = recording(dir.path(), 1..900, twice)?;
        play(&up, &past).await?;
        assert_eq!(items(&up, "tickets").await?, Vec::<Value>::new());

        // Tried first.
        let wanted = rules(json!([hot()]));
        let (status, tried) = trial(&up, &asset, &wanted, 900).await?;
        assert_eq!(status, 200, "{tried}");
        let opened: Vec<_> = tried["tickets"]
            .as_array()
            .context("tickets")?
            .iter()
            .map(|t| (&t["since"], &t["opened_at"], &t["over_at"], &t["truth"]))
            .collect();
        let (s, unknown) = (|second| json!(at(second)), json!("unknown"));
        assert_eq!(
            opened,
            [(&s(200), &s(210), &s(320), &unknown), (&s(600), &s(610), &s(720), &unknown)]
        );
        assert_eq!((&tried["opened"], &tried["readings"]), (&json!(2), &json!(1798)), "{tried}");

        // The same from a file, without a server.
        let file = dir.path().join("rules.json");
        std::fs::write(&file, wanted.to_string())?;
        let output = tokio::process::Command::new(binary())
            .args(["replay", "--json"])
            .arg(&past.0)
            .arg("--map")
            .arg(&past.1)
            .arg("--rules")
            .arg(&file)
            .output()
            .await?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said: Value = serde_json::from_slice(&output.stdout)?;
        assert_eq!((&said["opened"], &said["readings"]), (&tried["opened"], &tried["readings"]));
        assert_eq!(said["tickets"][0]["opened_at"], json!(at(210)));

        // Live: the past stays as it was, what comes opens a ticket.
        let now = change(&up, &asset, &wanted, "the trial found both").await?;
        assert_eq!(
            (&now["version"], &now["rules"]["limits"][0]["value"]),
            (&json!(2), &json!(80.0))
        );
        let versions = now["versions"]["items"].as_array().context("versions")?;
        let why: Vec<_> = versions.iter().map(|version| &version["why"]).collect();
        assert_eq!(why, [&json!("the trial found both"), &json!("nothing yet")]);
        assert_eq!(items(&up, "tickets").await?, Vec::<Value>::new());
        let once = |second: i64, t: f64| if (1000..1100).contains(&second) { 90.0 } else { t };
        play(&up, &recording(dir.path(), 900..1200, once)?).await?;
        let tickets = items(&up, "tickets").await?;
        assert_eq!(tickets.len(), 1, "{tickets:?}");

        // Closed, it says which of the trial's tickets were true, and what other rules would miss.
        let id = tickets[0]["id"].as_str().context("id")?;
        for to in ["resolved", "closed"] {
            let path = format!("/api/v1/tickets/{id}/transition");
            let (status, _) = up.send("POST", &path, &json!({"to": to, "why": "mended"})).await?;
            assert_eq!(status, 200, "{to}");
        }
        let (_, tried) = trial(&up, &asset, &wanted, 1200).await?;
        let counts = (&tried["opened"], &tried["opened_true"], &tried["opened_unknown"]);
        assert_eq!(counts, (&json!(3), &json!(1), &json!(2)), "{tried}");
        assert_eq!(tried["tickets"][2]["ticket"]["id"], tickets[0]["id"]);
        assert_eq!(tried["missed"], json!([]));
        let (_, tried) = trial(&up, &asset, &rules(json!([])), 1200).await?;
        assert_eq!((&tried["opened"], &tried["missed"][0]["id"]), (&json!(0), &tickets[0]["id"]));
    }
    Ok(())
}

#[tokio::test]
async fn learning_anew_raises_nothing_of_the_past() -> anyhow::Result<()> {
    for database in Database::each().await? {
        let dir = tempfile::tempdir()?;
        let data = dir.path().join("data");
        let run = generated_run(dir.path())?;
        let up = database.up(&data).await?;
        let row = dir.path().join("row.csv");
        let text = std::fs::read_to_string(&run)?;
        std::fs::write(&row, text.lines().take(2).collect::<Vec<_>>().join("\n"))?;
        up.replay(&row, RIG, &["--as-fast-as-possible"]).await?;
        let (asset, _) = up.only_asset().await?;
        change(&up, &asset, &rules(json!([])), "learn for long").await?;
        up.replay(&run, RIG, &["--as-fast-as-possible"]).await?;
        up.until_judged().await?;
        assert_eq!(items(&up, "tickets").await?, Vec::<Value>::new());
        // With these rules the fault in the recording would have opened a ticket.
        let (path, body) = (
            format!("/api/v1/assets/{asset}/rules/try"),
            json!({"rules": {}, "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}),
        );
        let (status, tried) = up.send("POST", &path, &body).await?;
        assert_eq!((status, &tried["opened"]), (200, &json!(1)), "{tried}");
        change(&up, &asset, &json!({}), "learn for seven minutes").await?;
        assert_eq!(items(&up, "tickets").await?, Vec::<Value>::new());
        assert_eq!(items(&up, "alarms").await?, Vec::<Value>::new());
        // Nor after a crash, and the machine counts as learnt.
        up.kill_9().await?;
        let up = database.up(&data).await?;
        assert_eq!(items(&up, "alarms").await?, Vec::<Value>::new());
        up.replay(&run, RIG, &["--as-fast-as-possible"]).await?;
        up.until_judged().await?;
        assert_eq!(items(&up, "alarms").await?, Vec::<Value>::new());
        let points = up.get(&format!("/api/v1/points?asset={asset}")).await?;
        assert!(points["items"][0]["normal"].is_object(), "{points}");
    }
    Ok(())
}

#[tokio::test]
async fn bad_rules_are_refused_by_field_and_change_nothing() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    let asset = rig(&up, dir.path()).await?;
    let with = |name: &str, value: Value| {
        let mut limit = hot();
        limit[name] = value;
        rules(json!([limit]))
    };
    let cases = [
        (json!({"limts": []}), "limts"),
        (json!({"deviation": {"learning_s": "long"}}), "rules.deviation.learning_s"),
        (json!({"deviation": {"learning_s": 1}}), "deviation.learning_s"),
        (with("kind", json!("higher")), "rules.limits[0].kind"),
        (with("on_delay_s", json!(-1)), "limits[0].on_delay_s"),
        (with("points", json!({"name": "Bearing temp"})), "rules.limits[0].points.name"),
    ];
    for (rules, field) in cases {
        for (method, path, body) in [
            ("PUT", "rules", json!({"rules": rules, "why": "a test"})),
            ("POST", "rules/try", json!({"rules": rules, "from": at(0), "to": at(9)})),
        ] {
            let path = format!("/api/v1/assets/{asset}/{path}");
            let (status, problem) = up.send(method, &path, &body).await?;
            assert_eq!((status, &problem["type"]), (400, &json!("/problems/invalid")), "{field}");
            let detail = problem["detail"].as_str().unwrap_or_default();
            assert!(detail.contains(field), "{field}: {detail}");
        }
    }
    let now = up.get(&format!("/api/v1/assets/{asset}/rules")).await?;
    assert_eq!(now["version"], Value::Null);
    assert_eq!(now["versions"]["items"], json!([]));
    Ok(())
}

#[tokio::test]
async fn a_kind_has_its_preset_until_it_is_changed_for_all_its_assets() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(&dir.path().join("data"), &[]).await?;
    let asset = rig(&up, dir.path()).await?;
    let presets = items(&up, "rule-presets").await?;
    assert_eq!(presets[0]["name"], json!("general"));
    assert!(presets.iter().any(|preset| preset["kinds"] == json!(["pump"])), "{presets:?}");
    let new = json!({"rules": rules(json!([hot()])), "why": "all rigs alike"});
    let (status, kind) = up.send("PUT", "/api/v1/rule-presets/machine", &new).await?;
    assert_eq!((status, &kind["version"]), (200, &json!(1)), "{kind}");
    let now = up.get(&format!("/api/v1/assets/{asset}/rules")).await?;
    assert_eq!(now["version"], Value::Null, "it has none of its own");
    assert_eq!(now["rules"]["limits"][0]["name"], json!("bearing hot"));
    let hot = |second: i64, t: f64| if second > 100 { 90.0 } else { t };
    play(&up, &recording(dir.path(), 1..200, hot)?).await?;
    assert_eq!(items(&up, "tickets").await?.len(), 1);
    Ok(())
}
