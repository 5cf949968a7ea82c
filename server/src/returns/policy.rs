//! Why something may come back, for how long after it was bought, and how long each step may take:
//! policy data with versions.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::state::{ReturnKind, ReturnState};
use crate::app::App;
use crate::http::{By, Language, Page, Problem, check_text};
use crate::limits::{RETURN_DAYS, RETURN_HOURS, RETURN_REASONS, TEXT_CHARS, WORD_CHARS};
use crate::policies::{self, NewPolicy, Policy, PolicyVersion, VersionsQuery};
use crate::time::DAY_US;

const HOUR_US: i64 = 3_600 * 1_000_000;

/// A reason in the languages of customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonWords {
    en: String,
    #[serde(rename = "zh-Hans")]
    zh_hans: String,
    #[serde(rename = "zh-Hant")]
    zh_hant: String,
}

impl ReasonWords {
    /// In one of them.
    pub(super) fn of(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::SimplifiedChinese => &self.zh_hans,
            Language::TraditionalChinese => &self.zh_hant,
        }
    }
}

/// Why something comes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnReason {
    /// Such as `damaged`.
    pub(super) code: String,
    pub(super) words: ReasonWords,
}

/// For how long a return may stay in a state, hours of the clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepHours {
    /// Until somebody decides.
    requested: i64,
    /// Until it is arranged how it comes.
    approved: i64,
    /// Until it is here: the customer's or the carrier's time.
    awaiting: i64,
    /// Until somebody has looked at it.
    received: i64,
    /// Until the customer has what they asked for.
    inspected: i64,
    /// Until it is closed.
    settled: i64,
}

/// The rules of returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnPolicy {
    pub(super) reasons: Vec<ReturnReason>,
    /// For so many days after it was bought or delivered money is given back …
    return_days: i64,
    /// … it is exchanged …
    exchange_days: i64,
    /// … or mended or exchanged.
    repair_exchange_days: i64,
    /// How long each step may take.
    hours: StepHours,
    /// The same for customers whose returns go first.
    priority_lane_hours: StepHours,
}

impl ReturnPolicy {
    /// Until when something that was bought then may come back, microseconds.
    pub(super) fn allowed_until(&self, kind: ReturnKind, bought_at: i64) -> i64 {
        let days = match kind {
            ReturnKind::Return => self.return_days,
            ReturnKind::Exchange => self.exchange_days,
            ReturnKind::RepairExchange => self.repair_exchange_days,
        };
        bought_at.saturating_add(days * DAY_US)
    }

    /// Until when the step after a state has to be taken, microseconds; nothing when it is over.
    pub(super) fn due_at(&self, state: ReturnState, lane: bool, now: i64) -> Option<i64> {
        let hours = if lane { &self.priority_lane_hours } else { &self.hours };
        let hours = match state {
            ReturnState::Requested => hours.requested,
            ReturnState::Approved => hours.approved,
            ReturnState::Awaiting => hours.awaiting,
            ReturnState::Received => hours.received,
            ReturnState::Inspected => hours.inspected,
            ReturnState::Refused
            | ReturnState::Refunded
            | ReturnState::Exchanged
            | ReturnState::Repaired
            | ReturnState::SentBack => hours.settled,
            ReturnState::Closed | ReturnState::Cancelled => return None,
        };
        Some(now.saturating_add(hours * HOUR_US))
    }
}

impl Default for ReturnPolicy {
    fn default() -> Self {
        let reason = |code: &str, en: &str, zh_hans: &str, zh_hant: &str| ReturnReason {
            code: code.to_owned(),
            words: ReasonWords {
                en: en.to_owned(),
                zh_hans: zh_hans.to_owned(),
                zh_hant: zh_hant.to_owned(),
            },
        };
        Self {
            reasons: vec![
                reason("defective", "It does not work", "产品故障", "產品故障"),
                reason("damaged", "It came damaged", "到货损坏", "到貨損壞"),
                reason("wrong_item", "It is not what was ordered", "发错货", "發錯貨"),
                reason("not_needed", "It is not needed", "不再需要", "不再需要"),
                reason("recall", "We asked for it back", "召回", "召回"),
                reason("other", "Another reason", "其他原因", "其他原因"),
            ],
            return_days: 7,
            exchange_days: 15,
            repair_exchange_days: 365,
            // Without the way to us 48 hours, and half of that in the priority lane.
            hours: StepHours {
                requested: 8,
                approved: 8,
                awaiting: 168,
                received: 8,
                inspected: 24,
                settled: 24,
            },
            priority_lane_hours: StepHours {
                requested: 4,
                approved: 4,
                awaiting: 168,
                received: 4,
                inspected: 12,
                settled: 12,
            },
        }
    }
}

impl Policy for ReturnPolicy {
    const KIND: &'static str = "returns";

    fn check(&self) -> Result<(), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        if !(1..=RETURN_REASONS).contains(&self.reasons.len()) {
            return invalid(format!("`reasons` has to have 1 to {RETURN_REASONS} lines"));
        }
        let mut codes = std::collections::BTreeSet::new();
        for reason in &self.reasons {
            check_text("code", &reason.code, WORD_CHARS)?;
            for language in Language::ALL {
                check_text("words", reason.words.of(language), TEXT_CHARS)?;
            }
            if !codes.insert(&reason.code) {
                return invalid(format!("`reasons`: {} is there twice", reason.code));
            }
        }
        let days = [self.return_days, self.exchange_days, self.repair_exchange_days];
        if days.iter().any(|days| !(0..=RETURN_DAYS).contains(days)) {
            return invalid(format!("days have to be from 0 to {RETURN_DAYS}"));
        }
        for h in [&self.hours, &self.priority_lane_hours] {
            let all = [h.requested, h.approved, h.awaiting, h.received, h.inspected, h.settled];
            if all.iter().any(|hours| !(1..=RETURN_HOURS).contains(hours)) {
                return invalid(format!("hours have to be from 1 to {RETURN_HOURS}"));
            }
        }
        Ok(())
    }
}

/// The policy of returns in all its versions, the one that holds first.
#[utoipa::path(
    get,
    path = "/api/v1/return-policy",
    operation_id = "list_return_policies",
    tag = "returns",
    params(VersionsQuery),
    responses((status = 200, body = Page<PolicyVersion<ReturnPolicy>>), Problem)
)]
pub(crate) async fn versions(
    State(app): State<App>,
    Query(query): Query<VersionsQuery>,
) -> Result<Json<Page<PolicyVersion<ReturnPolicy>>>, Problem> {
    Ok(Json(policies::versions(&app, &query).await?))
}

/// Changes the policy of returns. What was promised stays; steps that are taken from now on are due by
/// the new one.
#[utoipa::path(
    put,
    path = "/api/v1/return-policy",
    operation_id = "change_return_policy",
    tag = "returns",
    request_body = NewPolicy<ReturnPolicy>,
    responses((status = 200, body = PolicyVersion<ReturnPolicy>), Problem)
)]
pub(crate) async fn change(
    By(by): By,
    State(app): State<App>,
    Json(new): Json<NewPolicy<ReturnPolicy>>,
) -> Result<Json<PolicyVersion<ReturnPolicy>>, Problem> {
    Ok(Json(policies::change(&app, by, new).await?))
}
