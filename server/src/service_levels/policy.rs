//! What a policy says: how long what may take, by whose hours, and which figures are aimed at.

use serde::{Deserialize, Serialize};
use sla::{Calendar, Counts, Target};
use sqlx::{Any, Transaction};
use utoipa::ToSchema;

use super::calendar::calendar_at;
use super::named::Named;
use crate::alarms::Priority;
use crate::http::{Problem, check_text};
use crate::limits::{SLA_GOALS, SLA_TARGETS, WORD_CHARS};
use crate::states;

/// What can be promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// Somebody looks after it.
    FirstResponse,
    /// It is resolved, or clearly answered.
    Resolution,
    /// The machine is repaired.
    Repair,
    /// A return or an exchange is handled.
    ReturnHandling,
    /// The customer is asked how it went.
    CallBack,
    /// The customer hears where a shipment is.
    ShipmentUpdate,
}

impl TargetKind {
    const ALL: [Self; 6] = [
        Self::FirstResponse,
        Self::Resolution,
        Self::Repair,
        Self::ReturnHandling,
        Self::CallBack,
        Self::ShipmentUpdate,
    ];

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstResponse => "first_response",
            Self::Resolution => "resolution",
            Self::Repair => "repair",
            Self::ReturnHandling => "return_handling",
            Self::CallBack => "call_back",
            Self::ShipmentUpdate => "shipment_update",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("target kind", &Self::ALL, Self::as_str, text)
    }
}

/// How long something may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlaTarget {
    pub(super) kind: TargetKind,
    /// Only for this priority; goes before the target of the kind that is for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) priority: Option<Priority>,
    /// So long at the most, seconds.
    pub(super) seconds: i64,
    /// The hours that count, by name; all of them without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) calendar: Option<String>,
}

/// On which side of its figure a goal lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum GoalSide {
    AtLeast,
    AtMost,
}

/// A figure that is aimed at over many cases, for reports to be compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    pub(super) name: String,
    is: GoalSide,
    pub(super) figure: f64,
    /// Such as `%` or `days`.
    unit: String,
}

/// What is promised, and what is aimed at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlaPolicy {
    pub(super) targets: Vec<SlaTarget>,
    /// A promise is due soon when so much of its time is used up, percent.
    pub(super) due_soon_percent: i64,
    #[serde(default)]
    pub(super) goals: Vec<Goal>,
}

impl Named for SlaPolicy {
    const SUBJECT: &'static str = "SLA policy";
    const HEADS: &'static str = "sla_policies";
    const VERSIONS: &'static str = "sla_policy_versions";

    fn check(&self) -> Result<(), Problem> {
        let invalid = |text: String| Err(Problem::Invalid(text));
        if self.targets.len() > SLA_TARGETS || self.goals.len() > SLA_GOALS {
            return invalid(format!(
                "`targets` may have {SLA_TARGETS} lines, and `goals` {SLA_GOALS}"
            ));
        }
        if !(1..=99).contains(&self.due_soon_percent) {
            return invalid("`due_soon_percent` has to be from 1 to 99".into());
        }
        for (index, target) in self.targets.iter().enumerate() {
            let same = |t: &&SlaTarget| (t.kind, t.priority) == (target.kind, target.priority);
            if self.targets[..index].iter().any(|t| same(&t)) {
                return invalid(format!("`targets` has {} twice", target.kind.as_str()));
            }
        }
        for goal in &self.goals {
            check_text("goals.name", &goal.name, WORD_CHARS)?;
            check_text("goals.unit", &goal.unit, WORD_CHARS)?;
        }
        Ok(())
    }
}

impl SlaPolicy {
    /// The target of a kind: the one for the priority, or the one for all.
    pub(super) fn target(&self, kind: TargetKind, priority: Priority) -> Option<&SlaTarget> {
        let of_kind = || self.targets.iter().filter(|t| t.kind == kind);
        let own = of_kind().find(|t| t.priority == Some(priority));
        own.or_else(|| of_kind().find(|t| t.priority.is_none()))
    }

    /// The target of each kind for a priority.
    pub(super) fn for_priority(&self, priority: Priority) -> impl Iterator<Item = &SlaTarget> {
        TargetKind::ALL.into_iter().filter_map(move |kind| self.target(kind, priority))
    }

    /// Refuses targets whose calendar is not there or never has that many hours.
    pub(super) async fn check_calendars(
        &self,
        tx: &mut Transaction<'_, Any>,
    ) -> Result<(), Problem> {
        for target in &self.targets {
            let hours = match &target.calendar {
                Some(name) => {
                    // Whoever changes these hours meanwhile waits, and checks this policy then.
                    let held =
                        sqlx::query("UPDATE calendars SET version = version WHERE name = $1")
                            .bind(name)
                            .execute(&mut **tx)
                            .await?;
                    if held.rows_affected() == 0 {
                        let text = format!("`targets`: there is no calendar {name:?}");
                        return Err(Problem::Invalid(text));
                    }
                    calendar_at(tx, name, None, "UTC").await?.1
                }
                None => Calendar::always(),
            };
            check_target(target, &hours)?;
        }
        Ok(())
    }
}

/// Refuses a target that is never used up by these hours.
pub(super) fn check_target(target: &SlaTarget, hours: &Calendar) -> Result<(), Problem> {
    let wanted = Target { seconds: target.seconds, counts: counts(target.calendar.as_deref()) };
    let kind = target.kind.as_str();
    hours.check(wanted).map_err(|e| Problem::Invalid(format!("`targets` of {kind}: {e}")))
}

/// After so much of a target it is due soon, seconds.
pub(super) fn due_soon_s(target_s: i64, percent: i64) -> i64 {
    (target_s.saturating_mul(percent) / 100).max(1)
}

/// Which time a target with this calendar counts.
pub(super) fn counts(calendar: Option<&str>) -> Counts {
    if calendar.is_some() { Counts::Business } else { Counts::Elapsed }
}
