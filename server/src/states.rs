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

/// A list of words as an enum: `Variant "name_in_the_database_and_in_JSON";`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $of:literal {
        $($(#[$word_doc:meta])* $word:ident $text:literal;)*
    }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize,
            serde::Deserialize, utoipa::ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
        }

        impl $name {
            const ALL: &'static [Self] = &[$(Self::$word),*];

            pub(super) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)*
                }
            }

            pub(super) fn parse(text: &str) -> Result<Self, $crate::http::Problem> {
                $crate::states::read($of, Self::ALL, Self::as_str, text)
            }
        }
    };
}

/// A state machine as an enum: `State "name" => [states that can follow];`.
macro_rules! states {
    ($(#[$doc:meta])* $name:ident, $subject:literal {
        $($(#[$state_doc:meta])* $state:ident $text:literal => [$($next:ident),*];)*
    }) => {
        $crate::states::words! {
            $(#[$doc])* $name, $subject { $($(#[$state_doc])* $state $text;)* }
        }

        impl $name {
            /// The states that can follow.
            #[must_use]
            pub fn next(self) -> &'static [Self] {
                match self {
                    $(Self::$state => &[$(Self::$next),*],)*
                }
            }

            pub(super) fn step(self, to: Self) -> Result<Self, $crate::http::Problem> {
                $crate::states::step($subject, (self, to), self.next(), Self::as_str)
            }
        }
    };
}

pub(crate) use {states, words};
