//! The words of messages: a file a language, Jinja templates (minijinja) over the facts of an event.
//!
//! A fact that is missing is an error and never an empty place; a test renders every kind of event in
//! every language.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::value::Serde;
use minijinja::{Environment, ErrorKind, State, UndefinedBehavior};
use serde::Deserialize;
use serde_json::Value;

use super::kind::Kind;
use crate::http::Language;

/// A file with templates does not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TemplateError {
    #[error("templates: {0}")]
    File(#[from] toml::de::Error),
    #[error("templates: {0:#}")]
    Template(#[from] minijinja::Error),
    #[error("templates: {0} is missing in {1}")]
    Missing(&'static str, &'static str),
}

#[derive(Deserialize)]
struct File {
    words: BTreeMap<String, String>,
    #[serde(flatten)]
    messages: BTreeMap<String, Texts>,
}

#[derive(Deserialize)]
struct Texts {
    subject: String,
    text: String,
}

/// A message as people read it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub title: String,
    pub text: String,
}

/// How a message is to be written.
pub(crate) struct Style<'a> {
    pub language: Language,
    /// IANA name.
    pub time_zone: &'a str,
    /// Where more can be read.
    pub link: &'a str,
}

/// The templates of every language.
pub(crate) struct Templates([Environment<'static>; 3]);

impl Templates {
    pub fn load() -> Result<Self, TemplateError> {
        let [english, simplified, traditional] = Language::ALL;
        Ok(Self([environment(english)?, environment(simplified)?, environment(traditional)?]))
    }

    /// Writes a message of a kind from its facts.
    pub fn write(
        &self,
        kind: Kind,
        facts: &Value,
        style: &Style<'_>,
    ) -> Result<Written, minijinja::Error> {
        let environment = self.of(style.language);
        let mut context = facts.as_object().cloned().unwrap_or_default();
        context.insert("link".to_owned(), style.link.into());
        context.insert("time_zone".to_owned(), style.time_zone.into());
        let context = minijinja::Value::from(Serde(&context));
        let render = |part: &str| {
            environment.get_template(&format!("{}.{part}", kind.as_str()))?.render(&context)
        };
        let title = render("subject")?.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Written { title, text: render("text")?.trim().to_owned() })
    }

    pub fn of(&self, language: Language) -> &Environment<'static> {
        match language {
            Language::English => &self.0[0],
            Language::SimplifiedChinese => &self.0[1],
            Language::TraditionalChinese => &self.0[2],
        }
    }
}

fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("templates/en.toml"),
        Language::SimplifiedChinese => include_str!("templates/zh-Hans.toml"),
        Language::TraditionalChinese => include_str!("templates/zh-Hant.toml"),
    }
}

fn environment(language: Language) -> Result<Environment<'static>, TemplateError> {
    let mut file: File = toml::from_str(source(language))?;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for kind in Kind::ALL {
        let name = kind.as_str();
        let missing = TemplateError::Missing(name, language.as_str());
        let texts = file.messages.remove(name).ok_or(missing)?;
        environment.add_template_owned(format!("{name}.subject"), texts.subject)?;
        environment.add_template_owned(format!("{name}.text"), texts.text)?;
    }
    let words = file.words;
    // A term that policy data added stays as it was written there.
    environment.add_filter("word", move |term: &str| {
        words.get(term).cloned().unwrap_or_else(|| term.to_owned())
    });
    environment.add_filter("moment", move |state: &State<'_, '_>, at: i64| {
        let zone = state.lookup("time_zone");
        moment(language, at, zone.as_ref().and_then(|z| z.as_str()).unwrap_or_default())
            .map_err(|e| minijinja::Error::new(ErrorKind::InvalidOperation, e.to_string()))
    });
    Ok(environment)
}

const CHINESE_DAYS: [&str; 7] = ["日", "一", "二", "三", "四", "五", "六"];

/// Day and time of a place, to the minute. UTC is named, since nobody lives by it.
fn moment(language: Language, at_us: i64, zone: &str) -> Result<String, jiff::Error> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let utc = if zone == TimeZone::UTC { " UTC" } else { "" };
    let here = Timestamp::from_microsecond(at_us)?.to_zoned(zone);
    let day = CHINESE_DAYS[usize::try_from(here.weekday().to_sunday_zero_offset()).unwrap_or(0)];
    let text = match language {
        Language::English => here.strftime("%a %-d %B %Y, %H:%M").to_string(),
        Language::SimplifiedChinese => {
            here.strftime(&format!("%Y年%-m月%-d日（周{day}）%H:%M")).to_string()
        }
        Language::TraditionalChinese => {
            here.strftime(&format!("%Y年%-m月%-d日（週{day}）%H:%M")).to_string()
        }
    };
    Ok(text + utc)
}
