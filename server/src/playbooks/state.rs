//! The states of a run, and of each of its steps.

use crate::states::states;

states! {
    /// State of a playbook at work.
    PlaybookRunState, "playbook run" {
        /// Its steps are being done.
        Running "running" => [Done, Stopped];
        /// It was gone through to the end.
        Done "done" => [];
        /// It was not needed any more.
        Stopped "stopped" => [];
    }
}

states! {
    /// What has become of a step.
    PlaybookStepMark, "step" {
        /// Somebody has to do it.
        Open "open" => [Done, Skipped];
        /// Done.
        Done "done" => [Open, Skipped];
        /// Not needed; the note says why.
        Skipped "skipped" => [Open, Done];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_does_not_run_again() {
        assert!(
            PlaybookRunState::Done.next().is_empty() && PlaybookRunState::Stopped.next().is_empty()
        );
    }

    #[test]
    fn every_mark_can_be_taken_back() {
        for mark in [PlaybookStepMark::Done, PlaybookStepMark::Skipped] {
            assert!(mark.next().contains(&PlaybookStepMark::Open));
        }
    }
}
