//! The states of an alarm and the one table of transitions between them, after the state diagram of
//! ANSI/ISA-18.2-2016 (clause 5.4, the same as IEC 62682).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

/// State of an alarm. The letters are those of the standard's diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmState {
    /// A. The condition is over and was seen.
    Normal,
    /// B. The condition holds and nobody has seen it.
    UnacknowledgedActive,
    /// C. The condition holds and somebody looks after it.
    AcknowledgedActive,
    /// D. The condition is over and nobody has seen it.
    UnacknowledgedCleared,
    /// E. The condition is over, but the alarm stays until it is reset; nobody has seen it.
    LatchedUnacknowledged,
    /// F. The condition is over, but the alarm stays until it is reset.
    LatchedAcknowledged,
    /// G. Hidden by a person for a while, or by a running repair.
    Shelved,
    /// H. Hidden while another alarm explains it.
    SuppressedByDesign,
    /// I. Hidden while the machine is maintained or out of service.
    OutOfService,
}

/// What can happen to an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Somebody has seen it.
    Acknowledge,
    /// The condition is over.
    Clear,
    /// The condition of a latched alarm is over.
    ClearLatched,
    /// Somebody has reset a latched alarm.
    Reset,
    /// The condition holds again and has to be seen again.
    Raise,
    /// A chattering alarm is raised once more: whether it was seen stays as it was.
    Chatter,
    /// A suspension hides it.
    Hide(AlarmState),
    /// What hid it is over and the condition holds.
    ReturnActive,
    /// What hid it is over, the condition as well, but it is latched.
    ReturnLatched,
    /// What hid it is over and so is the condition.
    ReturnCleared,
}

impl AlarmState {
    /// All states.
    pub const ALL: [Self; 9] = [
        Self::Normal,
        Self::UnacknowledgedActive,
        Self::AcknowledgedActive,
        Self::UnacknowledgedCleared,
        Self::LatchedUnacknowledged,
        Self::LatchedAcknowledged,
        Self::Shelved,
        Self::SuppressedByDesign,
        Self::OutOfService,
    ];

    /// The next state; `None` when the step is not in the diagram.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::UnacknowledgedActive, Step::Acknowledge) => Some(Self::AcknowledgedActive),
            (Self::UnacknowledgedActive, Step::Clear) => Some(Self::UnacknowledgedCleared),
            (Self::UnacknowledgedActive, Step::ClearLatched) => Some(Self::LatchedUnacknowledged),
            (Self::AcknowledgedActive, Step::Clear) => Some(Self::Normal),
            (Self::AcknowledgedActive, Step::ClearLatched) => Some(Self::LatchedAcknowledged),
            (Self::UnacknowledgedCleared, Step::Acknowledge) => Some(Self::Normal),
            (Self::UnacknowledgedCleared, Step::Raise | Step::Chatter) => {
                Some(Self::UnacknowledgedActive)
            }
            (Self::LatchedUnacknowledged, Step::Acknowledge) => Some(Self::LatchedAcknowledged),
            (Self::LatchedUnacknowledged, Step::Reset) => Some(Self::UnacknowledgedCleared),
            (Self::LatchedAcknowledged, Step::Reset) => Some(Self::Normal),
            (
                Self::LatchedUnacknowledged | Self::LatchedAcknowledged | Self::Normal,
                Step::Raise,
            ) => Some(Self::UnacknowledgedActive),
            (Self::Normal, Step::Chatter) => Some(Self::AcknowledgedActive),
            (from, Step::Hide(to)) if to.is_hidden() && from != to => Some(to),
            (from, Step::ReturnActive) if from.is_hidden() => Some(Self::UnacknowledgedActive),
            (from, Step::ReturnLatched) if from.is_hidden() => Some(Self::LatchedUnacknowledged),
            (from, Step::ReturnCleared) if from.is_hidden() => Some(Self::Normal),
            _ => None,
        }
    }

    /// The next state of a step that a person asks for.
    ///
    /// # Errors
    /// [`Problem::IllegalStep`], which names the states that a person can bring about.
    pub fn by_person(self, step: Step, wanted: &str) -> Result<Self, Problem> {
        let next = |step| self.after(step);
        next(step).ok_or_else(|| Problem::IllegalStep {
            subject: "alarm",
            state: self.as_str().to_owned(),
            wanted: wanted.to_owned(),
            allowed: [Step::Acknowledge, Step::Reset, Step::Hide(Self::Shelved)]
                .into_iter()
                .filter_map(next)
                .map(|s| s.as_str().to_owned())
                .collect(),
        })
    }

    /// Whether a suspension hides it.
    #[must_use]
    pub fn is_hidden(self) -> bool {
        matches!(self, Self::Shelved | Self::SuppressedByDesign | Self::OutOfService)
    }

    /// Whether it is visible and its condition holds.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self, Self::UnacknowledgedActive | Self::AcknowledgedActive)
    }

    /// Whether it waits for a reset.
    #[must_use]
    pub fn is_latched(self) -> bool {
        matches!(self, Self::LatchedUnacknowledged | Self::LatchedAcknowledged)
    }

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::UnacknowledgedActive => "unacknowledged_active",
            Self::AcknowledgedActive => "acknowledged_active",
            Self::UnacknowledgedCleared => "unacknowledged_cleared",
            Self::LatchedUnacknowledged => "latched_unacknowledged",
            Self::LatchedAcknowledged => "latched_acknowledged",
            Self::Shelved => "shelved",
            Self::SuppressedByDesign => "suppressed_by_design",
            Self::OutOfService => "out_of_service",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("alarm state", &Self::ALL, Self::as_str, text)
    }
}

#[cfg(test)]
mod tests {
    use super::AlarmState::{
        AcknowledgedActive, LatchedAcknowledged, LatchedUnacknowledged, Normal,
        UnacknowledgedActive, UnacknowledgedCleared,
    };
    use super::*;

    #[test]
    fn an_alarm_is_over_only_when_it_is_cleared_and_was_seen() {
        let seen_first = UnacknowledgedActive.after(Step::Acknowledge).unwrap();
        assert_eq!(seen_first, AcknowledgedActive);
        assert_eq!(seen_first.after(Step::Clear), Some(Normal));
        let cleared_first = UnacknowledgedActive.after(Step::Clear).unwrap();
        assert_eq!(cleared_first, UnacknowledgedCleared);
        assert_eq!(cleared_first.after(Step::Acknowledge), Some(Normal));
        assert_eq!(Normal.after(Step::Acknowledge), None);
    }

    #[test]
    fn a_latched_alarm_stays_until_it_is_reset() {
        let latched = UnacknowledgedActive.after(Step::ClearLatched).unwrap();
        assert_eq!(latched, LatchedUnacknowledged);
        assert_eq!(latched.after(Step::Clear), None);
        assert_eq!(latched.after(Step::Acknowledge), Some(LatchedAcknowledged));
        assert_eq!(LatchedAcknowledged.after(Step::Reset), Some(Normal));
        assert_eq!(LatchedAcknowledged.after(Step::Raise), Some(UnacknowledgedActive));
        assert_eq!(UnacknowledgedActive.after(Step::Reset), None, "its condition still holds");
    }

    #[test]
    fn a_hidden_alarm_can_only_come_out_or_be_hidden_otherwise() {
        for hidden in AlarmState::ALL.into_iter().filter(|s| s.is_hidden()) {
            for step in [Step::Acknowledge, Step::Clear, Step::Reset, Step::Raise, Step::Chatter] {
                assert_eq!(hidden.after(step), None);
            }
            assert_eq!(hidden.after(Step::ReturnActive), Some(UnacknowledgedActive));
            assert_eq!(hidden.after(Step::ReturnLatched), Some(LatchedUnacknowledged));
            assert_eq!(hidden.after(Step::ReturnCleared), Some(Normal));
        }
        assert_eq!(UnacknowledgedActive.after(Step::Hide(Normal)), None);
    }

    #[test]
    fn an_illegal_step_names_what_a_person_can_do() {
        let reset = UnacknowledgedActive.by_person(Step::Reset, "normal");
        let Err(Problem::IllegalStep { allowed, .. }) = reset else {
            panic!("an active alarm was reset");
        };
        assert_eq!(allowed, ["acknowledged_active", "shelved"]);
    }
}
