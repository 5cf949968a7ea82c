//! Satisfaction: surveys after each closed ticket and on schedule, call-backs, figures, and corrective
//! actions whose effect is measured.

mod actions;
mod answering;
mod asking;
mod attending;
mod call_backs;
mod figures;
mod list;
mod making;
mod policy;
mod schedule;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use actions::within as actions_within;
pub(crate) use actions::{
    __path_create as __path_create_action, __path_list as __path_list_actions,
    __path_show as __path_show_action, __path_transition as __path_move_action,
    create as create_action, list as list_actions, show as show_action, transition as move_action,
};
pub use actions::{ActionTransition, CorrectiveAction, Effect, NewCorrectiveAction};
pub(crate) use answering::{
    __path_answer, __path_show as __path_show_public, answer, show as show_public,
};
pub use answering::{Answer, PublicSurvey, SurveyAnswers};
pub(crate) use asking::ask;
pub(crate) use call_backs::{
    __path_list as __path_list_call_backs, __path_record as __path_record_call_back,
    list as list_call_backs, record as record_call_back,
};
pub use call_backs::{CallBack, CallBackResult};
pub(crate) use figures::{__path_show as __path_show_figures, show as show_figures};
pub use figures::{CriterionFigures, SurveyFigures};
pub(crate) use list::{__path_list, __path_tag, __path_withdraw, list, tag, withdraw};
pub use list::{Survey, SurveyTags, Withdrawal};
pub(crate) use policy::{__path_change, __path_versions, change, versions};
pub use policy::{Criterion, SurveyPolicy, SurveySubject};
pub use state::{ActionState, CallBackState, SurveyState};
