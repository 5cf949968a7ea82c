//! What state machines and lists of words share: reading back what the database holds, and the answer
//! to a step that is not allowed.

use crate::http::Problem;

/// The next state, when the table lets it follow.
///
/// # Errors
/// [`Problem::IllegalStep`], which names the states that can follow.
pub(crate) fn step<S: Copy + PartialEq>(
    subject: &'static str,
    (from, to): (S, S),
    next: &[S],
    name: impl Fn(S) -> &'static str,
) -> Result<S, Problem> {
    if next.contains(&to) {
        return Ok(to);
    }
    Err(Problem::IllegalStep {
        subject,
        state: name(from).to_owned(),
        wanted: name(to).to_owned(),
        allowed: next.iter().map(|&state| name(state).to_owned()).collect(),
    })
}

/// The word that the database holds.
///
/// # Errors
/// [`Problem::Internal`] for a word that is none of ours.
pub(crate) fn read<S: Copy>(
    what: &str,
    all: &[S],
    name: impl Fn(S) -> &'static str,
    text: &str,
) -> Result<S, Problem> {
    let known = all.iter().copied().find(|&word| name(word) == text);
    known.ok_or_else(|| Problem::Internal(format!("{what} {text:?}").into()))
}
