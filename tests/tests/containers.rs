//! compose.yaml without a container engine: what it says is there, and its commands do what they
//! should outside containers. That images are built and start is not tested here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::Context as _;
use serde_yaml_ng::Value;
use system_tests::{Aftercare, Influxd, Mosquitto, ORG, Postgres, Publisher};
use tokio::process::Command;

fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> anyhow::Result<String> {
    std::fs::read_to_string(top().join(file)).with_context(|| file.to_owned())
}

fn yaml(file: &str) -> anyhow::Result<Value> {
    serde_yaml_ng::from_str(&read(file)?).with_context(|| file.to_owned())
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_sequence().into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn names(value: &Value) -> BTreeSet<String> {
    let keys = value.as_mapping().into_iter().flatten();
    keys.filter_map(|(key, _)| key.as_str().map(str::to_owned)).collect()
}

fn pairs(value: &Value) -> BTreeMap<String, String> {
    let fields = value.as_mapping().into_iter().flatten();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    fields.map(|(key, value)| (text(key), text(value))).collect()
}

/// Names of the variables in a text: `${NAME}`, `${NAME:-default}`, `${NAME:?why}`.
fn variables(text: &str) -> BTreeSet<String> {
    let name = |part: &str| part.split([':', '}']).next().unwrap_or_default().to_owned();
    text.split("${").skip(1).map(name).collect()
}

#[test]
fn every_mount_is_there_and_every_port_opens_on_this_machine_only() -> anyhow::Result<()> {
    let compose = yaml("compose.yaml")?;
    let volumes = names(&compose["volumes"]);
    let services = compose["services"].as_mapping().context("services")?;
    assert_eq!(names(&compose["services"]).len(), 5);
    let mut mounted = BTreeSet::new();
    for (name, service) in services {
        for mount in texts(&service["volumes"]) {
            let (from, _) = mount.split_once(':').context("a target")?;
            if from.starts_with("./") {
                assert!(top().join(from).exists(), "{name:?}: {from} is not there");
                assert!(mount.ends_with(":ro"), "{name:?}: {mount} may be written to");
            } else {
                assert!(volumes.contains(from), "{name:?}: {from} is no volume");
                assert!(mounted.insert(from.to_owned()), "{from} is mounted twice");
            }
        }
        for port in texts(&service["ports"]) {
            assert!(port.starts_with("${BIND:-127.0.0.1}:"), "{name:?}: {port}");
        }
        for other in names(&service["depends_on"]) {
            assert!(services.contains_key(other.as_str()), "{name:?} depends on {other}");
        }
        assert!(!service["healthcheck"]["test"].is_null(), "{name:?} has no health check");
        if let Some(image) = service["image"].as_str() {
            let (_, version) = image.rsplit_once(':').context("a version")?;
            assert_ne!(version, "latest", "{image}");
        }
    }
    assert_eq!(mounted, volumes, "a volume that nobody mounts");
    assert_eq!(services["influxdb"]["image"], "influxdb:2.7", "the version that tests run on");
    Ok(())
}

#[test]
fn every_secret_comes_from_the_environment_and_none_is_in_the_repository() -> anyhow::Result<()> {
    let example = read(".env.example")?;
    let settings: BTreeMap<&str, &str> =
        example.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('=')).collect();
    let wanted = variables(&read("compose.yaml")?);
    assert_eq!(settings.keys().map(|k| (*k).to_owned()).collect::<BTreeSet<_>>(), wanted);
    for (name, value) in settings {
        assert!(value.is_empty() || name == "BIND", "{name} has a value");
    }
    let compose = yaml("compose.yaml")?;
    for (name, service) in compose["services"].as_mapping().context("services")? {
        for (key, value) in pairs(&service["environment"]) {
            if ["PASSWORD", "TOKEN", "DATABASE"].iter().any(|secret| key.ends_with(secret)) {
                assert!(value.contains(":?"), "{name:?}: {key} is not asked for");
            }
        }
    }
    assert!(read(".gitignore")?.lines().any(|line| line == "/.env"));
    Ok(())
}

#[test]
fn grafana_finds_the_data_source_and_the_dashboards() -> anyhow::Result<()> {
    let compose = yaml("compose.yaml")?;
    let grafana = &compose["services"]["grafana"];
    let mounts = texts(&grafana["volumes"]);
    let target = |folder: &str| {
        let mount = mounts.iter().find_map(|m| m.strip_prefix(folder)?.strip_suffix(":ro"));
        mount.map(|m| m.trim_start_matches(':').to_owned())
    };
    let provisioning = "dashboards/grafana/provisioning";
    assert_eq!(
        target("./dashboards/grafana/provisioning:").as_deref(),
        Some("/etc/grafana/provisioning")
    );
    let sources = format!("{provisioning}/datasources/aftercare.yaml");
    assert_eq!(yaml(&sources)?["datasources"][0]["uid"], "aftercare-influxdb");
    assert_eq!(yaml(&sources)?["datasources"][0]["jsonData"]["version"], "Flux");
    let environment = pairs(&grafana["environment"]);
    for word in read(&sources)?.split_whitespace().filter_map(|w| w.strip_prefix('$')) {
        assert!(environment.contains_key(word), "{word} is not in Grafana's environment");
    }
    let provider = &yaml(&format!("{provisioning}/dashboards/aftercare.yaml"))?["providers"][0];
    assert_eq!(provider["options"]["path"].as_str(), target("./dashboards/grafana:").as_deref());
    Ok(())
}

#[test]
fn the_image_is_built_from_what_is_there() -> anyhow::Result<()> {
    let compose = yaml("compose.yaml")?;
    let build = &compose["services"]["aftercare"]["build"];
    let dockerfile = build["dockerfile"].as_str().context("a Dockerfile")?;
    let text = read(dockerfile)?.replace("\\\n", " ");
    let copies = text.lines().filter_map(|line| line.strip_prefix("COPY "));
    for copy in copies.filter(|copy| !copy.starts_with("--from")) {
        let mut words: Vec<&str> = copy.split_whitespace().collect();
        words.pop();
        for source in words {
            assert!(top().join(source).exists(), "{source} is not there");
        }
    }
    assert!(text.contains(r#"ENTRYPOINT ["aftercare"]"#), "compose.yaml gives arguments only");
    let rust = read("Cargo.toml")?;
    let version = rust.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let version = version.context("rust-version")?.trim_matches('"');
    assert!(text.contains(&format!("FROM rust:{version}-")), "built with rust {version}");
    Ok(())
}

#[tokio::test]
async fn aftercare_works_with_the_command_of_compose_and_its_broker() -> anyhow::Result<()> {
    let compose = yaml("compose.yaml")?;
    let service = &compose["services"]["aftercare"];
    let dir = tempfile::tempdir()?;
    let mosquitto = Mosquitto::with(&read("deploy/mosquitto.conf")?).await?;
    let postgres = Postgres::start().await?;
    let influxd = Influxd::start().await?;
    let token = dir.path().join("token");
    std::fs::write(&token, influxd.set_up("aftercare").await?)?;
    let token = token.to_str().context("a path")?;

    let mut command = texts(&service["command"]);
    assert_eq!(command.remove(0), "up");
    // The test gives these two itself.
    command.retain(|argument| argument != "--data-dir=/data" && argument != "--http=0.0.0.0:8080");
    let mut arguments = Vec::new();
    for argument in &command {
        let (name, value) = argument.split_once('=').context("NAME=VALUE")?;
        let here = value
            .replace("mqtt://mosquitto:1883", &mosquitto.url)
            .replace("http://influxdb:8086", &influxd.url)
            .replace("/run/secrets/influx_token", token);
        arguments.extend([name.to_owned(), here]);
    }
    let database = service["environment"]["AFTERCARE_DATABASE"].as_str().context("a database")?;
    assert!(database.starts_with("postgres://aftercare:${"));
    arguments.extend(["--database".to_owned(), postgres.url.clone()]);
    arguments.extend(["--influx-org".to_owned(), ORG.to_owned()]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let up = Aftercare::up(&dir.path().join("data"), &arguments).await?;
    up.until_ready().await?;

    let publisher = Publisher::start(&mosquitto.url, "b1", 1_767_225_600, 100);
    assert_eq!(publisher.ended().await.len(), 100);
    up.until_stored(100).await?;

    let (_, port) = up.http.rsplit_once(':').context("a port")?;
    let check = texts(&service["healthcheck"]["test"]);
    let ["CMD", program, first, script] = &check.iter().map(String::as_str).collect::<Vec<_>>()[..]
    else {
        anyhow::bail!("the health check has changed: {check:?}");
    };
    let healthy = |port: String| async move {
        let script = script.replace("8080", &port);
        Command::new(program).args([first, script.as_str()]).output().await
    };
    assert!(healthy(port.to_owned()).await?.status.success());
    let (_, influx) = influxd.url.rsplit_once(':').context("a port")?;
    assert!(!healthy(influx.to_owned()).await?.status.success(), "another's /readyz");
    Ok(())
}
