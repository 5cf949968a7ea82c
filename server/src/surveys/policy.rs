//! What customers are asked and when: policy data with versions.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::http::{By, Page, Problem, check_text};
use crate::limits::{CRITERIA, SURVEY_DAYS, SURVEY_MONTHS, WORD_CHARS};
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};

/// What a criterion is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SurveySubject {
    /// The machine or part.
    Product,
    /// How people were treated.
    ServiceAttitude,
    /// How well they were helped.
    Support,
}

/// Something that is asked, from 1 (bad) to 5 (good).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Short name, such as `durability`.
    pub(super) key: String,
    pub(super) subject: SurveySubject,
    /// How much it counts in the score, beside the others.
    pub(super) weight: f64,
}

/// What customers are asked, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyPolicy {
    pub(super) criteria: Vec<Criterion>,
    /// From this score on a customer counts as satisfied.
    pub(crate) satisfied_from: f64,
    /// For how long a survey can be answered, days.
    pub(super) open_days: i64,
    /// Within how many days of a closure the customer is called back; 0: nobody calls.
    pub(super) call_back_days: i64,
    /// So many hours before a call-back is due those who call are told.
    #[serde(default = "call_back_notice_hours")]
    pub(super) call_back_notice_hours: i64,
    /// A customer who was asked nothing for so many months is asked about the whole service; 0: nobody is.
    #[serde(default)]
    pub(super) every_months: i64,
}

/// The day before.
fn call_back_notice_hours() -> i64 {
    24
}

impl Default for SurveyPolicy {
    fn default() -> Self {
        let criterion =
            |key: &str, subject, weight| Criterion { key: key.to_owned(), subject, weight };
        Self {
            criteria: vec![
                criterion("appearance", SurveySubject::Product, 1.0),
                criterion("performance", SurveySubject::Product, 2.0),
                criterion("durability", SurveySubject::Product, 2.0),
                criterion("attitude", SurveySubject::ServiceAttitude, 2.0),
                criterion("support", SurveySubject::Support, 3.0),
            ],
            satisfied_from: 4.0,
            open_days: 30,
            call_back_days: 7,
            call_back_notice_hours: call_back_notice_hours(),
            every_months: 0,
        }
    }
}

impl Policy for SurveyPolicy {
    const KIND: &'static str = "survey";

    fn check(&self) -> Result<(), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        if !(1..=CRITERIA).contains(&self.criteria.len()) {
            return invalid(format!("`criteria` has to have 1 to {CRITERIA} lines"));
        }
        let mut keys = std::collections::BTreeSet::new();
        for criterion in &self.criteria {
            check_text("key", &criterion.key, WORD_CHARS)?;
            if !keys.insert(&criterion.key) {
                return invalid(format!("`criteria`: {} is there twice", criterion.key));
            }
            if !(criterion.weight > 0.0 && criterion.weight <= 1000.0) {
                return invalid("`weight` has to be above 0, up to 1000".into());
            }
        }
        if !(1.0..=5.0).contains(&self.satisfied_from) {
            return invalid("`satisfied_from` has to be from 1 to 5".into());
        }
        if !(1..=SURVEY_DAYS).contains(&self.open_days)
            || !(0..=SURVEY_DAYS).contains(&self.call_back_days)
        {
            return invalid(format!("`open_days` and `call_back_days` may be {SURVEY_DAYS}"));
        }
        if !(0..=SURVEY_DAYS * 24).contains(&self.call_back_notice_hours) {
            let most = SURVEY_DAYS * 24;
            return invalid(format!("`call_back_notice_hours` has to be from 0 to {most}"));
        }
        if !(0..=SURVEY_MONTHS).contains(&self.every_months) {
            return invalid(format!("`every_months` has to be from 0 to {SURVEY_MONTHS}"));
        }
        Ok(())
    }
}

/// The survey policy in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/survey-policy",
    operation_id = "list_survey_policies",
    tag = "satisfaction",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<SurveyPolicy>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<SurveyPolicy>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes the survey policy. Surveys that are open are answered as they were asked.
#[utoipa::path(
    put,
    path = "/api/v1/survey-policy",
    operation_id = "change_survey_policy",
    tag = "satisfaction",
    request_body = NewPolicy<SurveyPolicy>,
    responses((status = 200, body = PolicyVersion<SurveyPolicy>), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<SurveyPolicy>>,
) -> Result<Json<PolicyVersion<SurveyPolicy>>, Problem> {
    Ok(Json(policies::change(&app, by, new).await?))
}
