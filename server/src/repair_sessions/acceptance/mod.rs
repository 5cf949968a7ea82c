//! Acceptance tests: what a machine of a model has to show after a repair.
//!
//! A test is data with versions ([`test`]); it is evaluated with the stored readings ([`standing`])
//! by rules that are pure ([`rules`]); people confirm and answer for the rest ([`signing`]).

mod checks;
mod rules;
mod signing;
mod standing;
mod test;

pub(super) use checks::Selector;
pub(super) use rules::Outcome;
pub(crate) use signing::{__path_confirm, __path_sign_exception, confirm, sign_exception};
pub(crate) use standing::{__path_show as __path_standing, show as standing};
#[cfg(test)]
pub(super) use standing::{CheckStanding, RunTest, Signed};
pub(super) use standing::{Standing, now as standing_now};
pub(super) use test::applying_to;
pub(crate) use test::{
    __path_create, __path_list, __path_revise, __path_show, create, list, revise, show,
};
