//! What is there to ask about: without real ids nearly every request would end in a 404.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::Value;
use system_tests::Aftercare;

/// Ids of a list that are tried.
const IDS: usize = 12;

/// The lists, by path and the name that ids of their rows have in paths.
pub struct Known(BTreeMap<(String, String), Vec<String>>);

impl Known {
    /// Reads every list of the document that has rows.
    pub async fn ask(server: &Aftercare) -> anyhow::Result<Self> {
        let document = server.get("/api/openapi.json").await?;
        let paths = document["paths"].as_object().context("paths")?;
        let mut known = BTreeMap::new();
        for (list, name) in paths.keys().filter_map(|path| named(path)) {
            if paths.get(&list).is_none_or(|methods| methods["get"].is_null()) {
                continue;
            }
            let rows = server.get(&list).await?;
            let rows = rows["items"].as_array().into_iter().flatten();
            let ids: Vec<_> = rows.filter_map(|row| id(row, &name)).take(IDS).collect();
            if !ids.is_empty() {
                known.insert((list, name), ids);
            }
        }
        Ok(Self(known))
    }

    /// A configuration of Schemathesis that fills ids in paths and queries with them.
    pub fn configuration(&self) -> anyhow::Result<String> {
        let mut text = String::from("[parameters]\n");
        for list in ["asset", "customer", "site", "ticket"] {
            let drawn = drawn_from(&format!("/api/v1/{list}s"));
            writeln!(text, "\"query.{list}\" = {drawn}")?;
        }
        for ((list, _), ids) in &self.0 {
            let ids = Value::from(ids.clone());
            writeln!(text, "[dictionaries.\"{}\"]\nvalues = {ids}", dictionary(list))?;
        }
        for (list, name) in self.0.keys() {
            let drawn = drawn_from(list);
            writeln!(
                text,
                "[[operations]]\ninclude-path-regex = '^{list}/\\{{{name}\\}}'\n\
                 parameters = {{ \"path.{name}\" = {drawn} }}"
            )?;
        }
        Ok(text)
    }
}

/// The list in front of the first id of a path, and what that id is called.
fn named(path: &str) -> Option<(String, String)> {
    let (list, rest) = path.split_once("/{")?;
    let (name, _) = rest.split_once('}')?;
    Some((list.to_owned(), name.to_owned()))
}

/// Some things are known by a name and not by an id.
fn id(row: &Value, name: &str) -> Option<String> {
    let id = if row[name].is_null() { &row["id"] } else { &row[name] };
    id.as_str().map(str::to_owned).or_else(|| id.as_i64().map(|id| id.to_string()))
}

fn dictionary(list: &str) -> String {
    list.trim_start_matches("/api/v1/").replace('/', "-")
}

/// Most of the time; the other ids are not ours.
fn drawn_from(list: &str) -> String {
    format!("{{ dictionary = \"{}\", probability = 0.8 }}", dictionary(list))
}
