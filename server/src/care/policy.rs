//! What customers are reminded of, and when: policy data with versions.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::state::CareKind;
use crate::app::App;
use crate::http::{By, Language, Page, Problem, check_length, check_text};
use crate::limits::{CARE_AHEAD_DAYS, CARE_DAYS, CARE_RULES, TEXT_CHARS, WORD_CHARS};
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};

/// What the days of a reminder are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CareSince {
    /// The machine was bought.
    Purchase,
    /// Its last ticket was closed.
    ClosedTicket,
}

/// When a reminder is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum CareWhen {
    /// So many days after something.
    DaysAfter {
        /// How many.
        days: i64,
        /// After what.
        since: CareSince,
    },
    /// Every so many months after the machine was bought or its last work order was closed, whichever is
    /// later.
    EveryMonths {
        /// How many.
        months: i64,
    },
    /// So many days before the warranty ends.
    BeforeWarrantyEnds {
        /// How many.
        days: i64,
    },
}

/// What is said, by language; English where a language has nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CareAdvice {
    en: String,
    #[serde(default, rename = "zh-Hans")]
    simplified_chinese: String,
    #[serde(default, rename = "zh-Hant")]
    traditional_chinese: String,
}

impl CareAdvice {
    pub(super) fn in_language(&self, language: Language) -> &str {
        let text = match language {
            Language::English => &self.en,
            Language::SimplifiedChinese => &self.simplified_chinese,
            Language::TraditionalChinese => &self.traditional_chinese,
        };
        if text.trim().is_empty() { &self.en } else { text }
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CareRule {
    /// Names the rule for good: a reminder that it made is not made again by a new version.
    pub(super) key: String,
    pub(super) kind: CareKind,
    pub(super) when: CareWhen,
    /// Only machines of these models; empty: all.
    #[serde(default)]
    models: Vec<String>,
    /// Only customers of these segments; empty: all.
    #[serde(default)]
    segments: Vec<String>,
    pub(super) advice: CareAdvice,
}

impl CareRule {
    pub(super) fn is_for(&self, model: Option<&str>, segment: &str) -> bool {
        let model = |m: &String| model == Some(m.as_str());
        (self.models.is_empty() || self.models.iter().any(model))
            && (self.segments.is_empty() || self.segments.iter().any(|s| s == segment))
    }

    fn check(&self) -> Result<(), Problem> {
        check_text("key", &self.key, WORD_CHARS)?;
        for (name, words) in [("models", &self.models), ("segments", &self.segments)] {
            if words.len() > CARE_RULES {
                return Err(Problem::Invalid(format!("`{name}` may have {CARE_RULES} words")));
            }
            for word in words {
                check_text(name, word, TEXT_CHARS)?;
            }
        }
        check_text("advice.en", &self.advice.en, TEXT_CHARS)?;
        check_length("advice.zh-Hans", &self.advice.simplified_chinese, TEXT_CHARS)?;
        check_length("advice.zh-Hant", &self.advice.traditional_chinese, TEXT_CHARS)?;
        let fits = match self.when {
            CareWhen::DaysAfter { days, .. } | CareWhen::BeforeWarrantyEnds { days } => {
                (0..=CARE_DAYS).contains(&days)
            }
            CareWhen::EveryMonths { months } => (1..=CARE_DAYS / 30).contains(&months),
        };
        match fits {
            true => Ok(()),
            false => Err(Problem::Invalid(format!(
                "`when` of {}: days may be {CARE_DAYS}, months 1 to {}",
                self.key,
                CARE_DAYS / 30
            ))),
        }
    }
}

/// What customers are reminded of, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CarePolicy {
    /// Whether customers are reminded at all. Off until somebody decides it: nobody is written to only
    /// because the system was installed.
    pub(super) active: bool,
    pub(super) rules: Vec<CareRule>,
    /// Reminders are planned so many days ahead, for people to see and to take back.
    pub(super) ahead_days: i64,
    /// What was due more than so many days ago is not sent any more.
    pub(super) late_days: i64,
    /// Hour of the day at which they are sent, at the site.
    pub(super) hour: i8,
}

impl Default for CarePolicy {
    fn default() -> Self {
        let rule = |key: &str, kind, when, (en, hans, hant): (&str, &str, &str)| CareRule {
            key: key.to_owned(),
            kind,
            when,
            models: Vec::new(),
            segments: Vec::new(),
            advice: CareAdvice {
                en: en.to_owned(),
                simplified_chinese: hans.to_owned(),
                traditional_chinese: hant.to_owned(),
            },
        };
        Self {
            active: false,
            rules: vec![
                rule(
                    "welcome",
                    CareKind::Greeting,
                    CareWhen::DaysAfter { days: 14, since: CareSince::Purchase },
                    (
                        "It has been two weeks. Is everything as you expected?",
                        "设备已使用两周，一切是否如您所愿？",
                        "設備已使用兩週，一切是否如您所願？",
                    ),
                ),
                rule(
                    "after-service",
                    CareKind::Greeting,
                    CareWhen::DaysAfter { days: 30, since: CareSince::ClosedTicket },
                    (
                        "A month ago we worked on it. Does it still run as it should?",
                        "一个月前我们为您做过维修，现在运行是否正常？",
                        "一個月前我們為您做過維修，現在運行是否正常？",
                    ),
                ),
                rule(
                    "yearly-maintenance",
                    CareKind::Maintenance,
                    CareWhen::EveryMonths { months: 12 },
                    ("Its yearly maintenance is due.", "年度保养时间已到。", "年度保養時間已到。"),
                ),
                rule(
                    "warranty-ends",
                    CareKind::Warranty,
                    CareWhen::BeforeWarrantyEnds { days: 30 },
                    (
                        "Its warranty ends in a month. Tell us now of whatever is not right.",
                        "保修将在一个月后到期，如有问题请尽早告知。",
                        "保固將在一個月後到期，如有問題請儘早告知。",
                    ),
                ),
            ],
            ahead_days: 30,
            late_days: 7,
            hour: 9,
        }
    }
}

impl Policy for CarePolicy {
    const KIND: &'static str = "care";

    fn check(&self) -> Result<(), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        if self.rules.len() > CARE_RULES {
            return invalid(format!("`rules` may have {CARE_RULES} lines"));
        }
        let mut keys = BTreeSet::new();
        for rule in &self.rules {
            rule.check()?;
            if !keys.insert(&rule.key) {
                return invalid(format!("`rules`: {} is there twice", rule.key));
            }
        }
        let days = 1..=CARE_AHEAD_DAYS;
        if !days.contains(&self.ahead_days) || !days.contains(&self.late_days) {
            return invalid(format!(
                "`ahead_days` and `late_days` have to be 1 to {CARE_AHEAD_DAYS}"
            ));
        }
        if !(0..=23).contains(&self.hour) {
            return invalid("`hour` has to be 0 to 23".into());
        }
        Ok(())
    }
}

/// The care policy in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/care-policy",
    operation_id = "list_care_policies",
    tag = "care",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<CarePolicy>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<CarePolicy>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes the care policy from now on: what is planned and not due by it any more is dropped.
#[utoipa::path(
    put,
    path = "/api/v1/care-policy",
    operation_id = "change_care_policy",
    tag = "care",
    request_body = NewPolicy<CarePolicy>,
    responses((status = 200, body = PolicyVersion<CarePolicy>), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<CarePolicy>>,
) -> Result<Json<PolicyVersion<CarePolicy>>, Problem> {
    Ok(Json(policies::change(&app, by, new).await?))
}
