//! What Grafana does with a dashboard before it asks the database: variables of the dashboard
//! (`packages/grafana-scenes`, format registry) and of the Flux data source
//! (`pkg/tsdb/influxdb/flux/macros.go`), and only those that these dashboards use.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::Value;
use system_tests::{Influxd, Table};

pub const DASHBOARDS: [&str; 4] = ["fleet", "machine", "repair-before-after", "ledger"];

/// What is chosen on a dashboard.
#[derive(Clone, Default)]
pub struct Choice(pub BTreeMap<String, Chosen>);

#[derive(Clone)]
pub enum Chosen {
    One(String),
    Many(Vec<String>),
}

/// What Grafana shows: a range of time, and the length of a pixel.
#[derive(Clone, Copy)]
pub struct Shown {
    pub from: &'static str,
    pub to: &'static str,
    pub window: &'static str,
}

pub struct Grafana<'a> {
    pub influxd: &'a Influxd,
    pub token: &'a str,
    pub shown: Shown,
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../dashboards/grafana")
}

pub fn dashboard(name: &str) -> anyhow::Result<Value> {
    let file = folder().join(name).with_extension("json");
    Ok(serde_json::from_slice(&std::fs::read(&file)?)?)
}

pub fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

impl Chosen {
    fn formatted(&self, format: &str) -> anyhow::Result<String> {
        Ok(match (format, self) {
            ("raw", Self::One(one)) => one.clone(),
            ("doublequote", Self::One(one)) => format!("\"{}\"", one.replace('"', "\\\"")),
            ("regex", Self::One(one)) => escaped(one),
            ("regex", Self::Many(many)) if many.len() == 1 => escaped(&many[0]),
            ("regex", Self::Many(many)) => {
                format!("({})", many.iter().map(|m| escaped(m)).collect::<Vec<_>>().join("|"))
            }
            (format, _) => anyhow::bail!("no dashboard of ours uses the format {format:?} here"),
        })
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if "/\\^$*+?.()|[]{}".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

impl Grafana<'_> {
    /// Puts variables in: first those of the dashboard, then those of the data source.
    pub fn interpolated(&self, query: &str, choice: &Choice) -> anyhow::Result<String> {
        let mut parts = query.split("${");
        let mut flux = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (variable, rest) = part.split_once('}').context("an open ${")?;
            let (name, format) = variable.split_once(':').unwrap_or((variable, ""));
            let chosen = choice.0.get(name).with_context(|| format!("no variable {name:?}"))?;
            flux += &chosen.formatted(format)?;
            flux += rest;
        }
        let flux = flux
            .replace("v.timeRangeStart", self.shown.from)
            .replace("v.timeRangeStop", self.shown.to)
            .replace("v.windowPeriod", self.shown.window)
            .replace("v.defaultBucket", "\"aftercare\"");
        anyhow::ensure!(!flux.contains("$__"), "a macro that this test does not know: {flux}");
        Ok(flux)
    }

    pub async fn ask(&self, query: &str, choice: &Choice) -> anyhow::Result<Vec<Table>> {
        let flux = self.interpolated(query, choice)?;
        let answer = self.influxd.query(&flux, self.token).await;
        answer.with_context(|| format!("this query failed:\n{flux}"))
    }

    /// The variables of a dashboard as they stand when it is opened: the first of a list, all of
    /// a list of which several can be chosen. `fixed` are chosen already.
    pub async fn opened(
        &self,
        dashboard: &Value,
        fixed: &[(&str, &str)],
    ) -> anyhow::Result<Choice> {
        let mut choice = Choice::default();
        for variable in list(dashboard, "/templating/list") {
            let name = text(variable, "/name");
            let chosen = match fixed.iter().find(|(fixed, _)| *fixed == name) {
                Some((_, value)) => Chosen::One((*value).to_owned()),
                None if text(variable, "/type") == "query" => {
                    let answer = self.ask(text(variable, "/query/query"), &choice).await?;
                    let values = answer.first().map(|t| t.column("_value")).unwrap_or_default();
                    match variable["multi"].as_bool() {
                        Some(true) => Chosen::Many(values),
                        _ => Chosen::One(values.into_iter().next().unwrap_or_default()),
                    }
                }
                None => Chosen::One(text(variable, "/current/value").to_owned()),
            };
            choice.0.insert(name.to_owned(), chosen);
        }
        Ok(choice)
    }

    /// The answers of a panel: one, or one for each value of the variable that repeats it.
    pub async fn panel(&self, panel: &Value, choice: &Choice) -> anyhow::Result<Vec<Vec<Table>>> {
        let repeats = match choice.0.get(text(panel, "/repeat")) {
            Some(Chosen::Many(values)) => values.clone(),
            _ => vec![String::new()],
        };
        let mut answers = Vec::new();
        for value in repeats {
            let mut choice = choice.clone();
            if !value.is_empty() {
                choice.0.insert(text(panel, "/repeat").to_owned(), Chosen::One(value));
            }
            for target in list(panel, "/targets") {
                answers.push(self.ask(text(target, "/query"), &choice).await?);
            }
        }
        Ok(answers)
    }

    /// The only table of a panel that is not repeated, by the panel's title.
    pub async fn table(
        &self,
        dashboard: &Value,
        title: &str,
        choice: &Choice,
    ) -> anyhow::Result<Table> {
        let panels = list(dashboard, "/panels").iter();
        let panel = panels.clone().find(|p| text(p, "/title") == title).context("the panel")?;
        let tables = self.panel(panel, choice).await?.into_iter().flatten();
        Ok(tables.into_iter().next().unwrap_or_default())
    }
}
