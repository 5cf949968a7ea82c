//! What is there to ask about: without real ids nearly every request would end in a 404.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::Value;
use system_tests::Aftercare;

/// Ids of a list that are tried.
const IDS: usize = 12;

/// The lists by path, each with ids of its rows.
pub struct Known(BTreeMap<String, Vec<String>>);

impl Known {
    /// Reads every list of the document that has rows.
    pub async fn ask(server: &Aftercare) -> anyhow::Result<Self> {
        let document = server.get("/api/openapi.json").await?;
        let paths = document["paths"].as_object().context("paths")?;
        let mut known = BTreeMap::new();
        for path in paths.keys().filter(|path| paths.contains_key(&format!("{path}/{{id}}"))) {
            let list = server.get(path).await?;
            let ids: Vec<String> =
                list["items"].as_array().into_iter().flatten().filter_map(id).collect();
            if !ids.is_empty() {
                known.insert(path.clone(), ids.into_iter().take(IDS).collect());
            }
        }
        Ok(Self(known))
    }

    /// A configuration of Schemathesis that fills ids in paths and queries with them.
    pub fn configuration(&self) -> anyhow::Result<String> {
        let mut text = String::from("[parameters]\n");
        for (parameter, path) in [
            ("asset", "/api/v1/assets"),
            ("customer", "/api/v1/customers"),
            ("site", "/api/v1/sites"),
            ("ticket", "/api/v1/tickets"),
        ] {
            if self.0.contains_key(path) {
                writeln!(text, "\"query.{parameter}\" = {}", drawn_from(path))?;
            }
        }
        for (path, ids) in &self.0 {
            writeln!(
                text,
                "[dictionaries.\"{}\"]\nvalues = {}",
                name(path),
                Value::from(ids.clone())
            )?;
        }
        for path in self.0.keys() {
            writeln!(
                text,
                "[[operations]]\ninclude-path-regex = '^{path}/\\{{id\\}}'\n\
                 parameters = {{ \"path.id\" = {} }}",
                drawn_from(path)
            )?;
        }
        Ok(text)
    }
}

fn id(row: &Value) -> Option<String> {
    row["id"].as_str().map(str::to_owned)
}

fn name(path: &str) -> String {
    path.trim_start_matches("/api/v1/").replace('/', "-")
}

/// Most of the time; the other ids are not ours.
fn drawn_from(path: &str) -> String {
    format!("{{ dictionary = \"{}\", probability = 0.8 }}", name(path))
}
