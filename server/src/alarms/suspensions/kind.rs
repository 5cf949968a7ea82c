//! What can hide alarms, and which.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::alarms::{AlarmState, Class};
use crate::http::Problem;
use crate::states;

/// Why alarms of an asset are hidden for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuspensionKind {
    /// A person put it aside, with a reason and until a time.
    Shelved,
    /// Planned maintenance.
    Maintenance,
    /// The machine, or this alarm of it, is out of service.
    OutOfService,
    /// Another alarm explains it, by rule.
    ByDesign,
    /// A running repair causes it.
    RepairSession,
}

impl SuspensionKind {
    const ALL: [Self; 5] =
        [Self::Shelved, Self::Maintenance, Self::OutOfService, Self::ByDesign, Self::RepairSession];

    /// The state of an alarm that it hides.
    #[must_use]
    pub fn state(self) -> AlarmState {
        match self {
            Self::Shelved | Self::RepairSession => AlarmState::Shelved,
            Self::Maintenance | Self::OutOfService => AlarmState::OutOfService,
            Self::ByDesign => AlarmState::SuppressedByDesign,
        }
    }

    /// Whether it hides alarms of a class. An alarm that keeps people safe is hidden only by somebody
    /// who names it, or who takes the machine out of service.
    #[must_use]
    pub fn hides(self, class: Class, names_it: bool, keep_safety: bool) -> bool {
        class != Class::Safety
            || !keep_safety
                && match self {
                    Self::Shelved => names_it,
                    Self::OutOfService => true,
                    Self::Maintenance | Self::ByDesign | Self::RepairSession => false,
                }
    }

    /// Its name in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shelved => "shelved",
            Self::Maintenance => "maintenance",
            Self::OutOfService => "out_of_service",
            Self::ByDesign => "by_design",
            Self::RepairSession => "repair_session",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        states::read("suspension kind", &Self::ALL, Self::as_str, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_safety_alarm_is_hidden_only_by_name_or_out_of_service() {
        let hides = |kind: SuspensionKind, names_it| kind.hides(Class::Safety, names_it, false);
        assert!(hides(SuspensionKind::Shelved, true));
        assert!(hides(SuspensionKind::OutOfService, false));
        assert!(!hides(SuspensionKind::Shelved, false));
        for kind in
            [SuspensionKind::Maintenance, SuspensionKind::ByDesign, SuspensionKind::RepairSession]
        {
            assert!(!hides(kind, true), "{kind:?}");
            assert!(kind.hides(Class::Machine, false, true), "{kind:?}");
        }
        assert!(!SuspensionKind::OutOfService.hides(Class::Safety, false, true));
    }
}
