//! The states of surveys, call-backs and corrective actions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Problem;
use crate::states;

macro_rules! states {
    ($(#[$doc:meta])* $name:ident, $subject:literal {
        $($(#[$state_doc:meta])* $state:ident $text:literal => [$($next:ident),*];)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$state_doc])* $state,)*
        }

        impl $name {
            const ALL: &'static [Self] = &[$(Self::$state),*];

            /// The states that can follow.
            #[must_use]
            pub fn next(self) -> &'static [Self] {
                match self {
                    $(Self::$state => &[$(Self::$next),*],)*
                }
            }

            pub(super) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$state => $text,)*
                }
            }

            pub(super) fn parse(text: &str) -> Result<Self, Problem> {
                states::read(concat!($subject, " state"), Self::ALL, Self::as_str, text)
            }

            pub(super) fn step(self, to: Self) -> Result<Self, Problem> {
                states::step($subject, (self, to), self.next(), Self::as_str)
            }
        }
    };
}

states! {
    /// State of a survey.
    SurveyState, "survey" {
        /// Waits for an answer.
        Open "open" => [Answered, Expired, Withdrawn];
        /// Has one.
        Answered "answered" => [];
        /// Nobody answered in time.
        Expired "expired" => [];
        /// Somebody took it back.
        Withdrawn "withdrawn" => [];
    }
}

states! {
    /// State of a call-back.
    CallBackState, "call-back" {
        /// Somebody has to call.
        Due "due" => [Reached, NotReached, Withdrawn];
        /// The customer was reached.
        Reached "reached" => [];
        /// Nobody answered; somebody may try again.
        NotReached "not_reached" => [Reached, NotReached, Withdrawn];
        /// Not needed after all.
        Withdrawn "withdrawn" => [];
    }
}

states! {
    /// State of a corrective action.
    ActionState, "corrective action" {
        /// Nobody has begun.
        Open "open" => [InProgress, Withdrawn];
        /// Under way.
        InProgress "in_progress" => [Done, Withdrawn];
        /// Done; its effect is not known yet.
        Done "done" => [Effective, Ineffective, InProgress];
        /// It helped.
        Effective "effective" => [];
        /// It did not help: something else is needed.
        Ineffective "ineffective" => [InProgress];
        /// Given up.
        Withdrawn "withdrawn" => [];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whether_an_action_helped_is_said_only_after_it_was_done() {
        let leading =
            ActionState::ALL.iter().filter(|s| s.next().contains(&ActionState::Effective));
        assert_eq!(leading.collect::<Vec<_>>(), [&ActionState::Done]);
    }

    #[test]
    fn an_answer_is_final() {
        assert!(SurveyState::Answered.next().is_empty());
    }
}
