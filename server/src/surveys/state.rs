//! The states of surveys, call-backs and corrective actions.

use crate::states::states;

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
