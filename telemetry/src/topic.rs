//! MQTT topics: `aftercare/<board>/readings`, `…/status` (retained, last will), `…/reports` and
//! `…/commands`.

#[cfg(feature = "alloc")]
use crate::name::{BoardId, NameError};

/// First level of every topic.
pub const ROOT: &str = "aftercare";

/// Subscriptions that a gateway needs at a broker.
pub const SUBSCRIPTIONS: [&str; 3] =
    ["aftercare/+/readings", "aftercare/+/status", "aftercare/+/reports"];

/// What a topic carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Readings, from board to gateway.
    Readings,
    /// `online` or `offline`, retained; `offline` is the last will.
    Status,
    /// What a board says about itself, see [`crate::report`].
    Reports,
    /// Commands, from server to board.
    Commands,
}

impl Kind {
    #[cfg(feature = "alloc")]
    const ALL: [Self; 4] = [Self::Readings, Self::Status, Self::Reports, Self::Commands];

    /// The last level of its topics.
    #[must_use]
    pub fn level(self) -> &'static str {
        match self {
            Self::Readings => "readings",
            Self::Status => "status",
            Self::Reports => "reports",
            Self::Commands => "commands",
        }
    }
}

/// A topic of ours, taken apart.
#[cfg(feature = "alloc")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The board it belongs to.
    pub board: BoardId,
    /// What it carries.
    pub kind: Kind,
}

/// Why a topic is not one of ours. The gateway refuses the message and lists it.
#[cfg(feature = "alloc")]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TopicError {
    /// Not of the form `aftercare/<board>/<kind>`.
    #[error("the topic is not aftercare/<board>/readings, …/status, …/reports or …/commands")]
    Form,
    /// The board level is no board id.
    #[error("board: {0}")]
    Board(#[from] NameError),
}

/// Takes a topic apart.
///
/// # Errors
/// When it is not of the form `aftercare/<board>/<kind>`.
#[cfg(feature = "alloc")]
pub fn parse(topic: &str) -> Result<Topic, TopicError> {
    let mut levels = topic.split('/');
    let (root, board, kind, end) = (levels.next(), levels.next(), levels.next(), levels.next());
    let (Some(ROOT), Some(board), Some(level), None) = (root, board, kind, end) else {
        return Err(TopicError::Form);
    };
    let kind = Kind::ALL.into_iter().find(|k| k.level() == level).ok_or(TopicError::Form)?;
    Ok(Topic { board: BoardId::parse(board)?, kind })
}

/// A board's topic of this kind.
#[cfg(feature = "alloc")]
#[must_use]
pub fn of(board: &BoardId, kind: Kind) -> alloc::string::String {
    alloc::format!("{ROOT}/{board}/{}", kind.level())
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;

    #[test]
    fn topics_are_taken_apart_and_strangers_refused() {
        let t = parse("aftercare/pump-101/readings").unwrap();
        assert_eq!((t.board.as_str(), t.kind), ("pump-101", Kind::Readings));
        assert_eq!(parse("aftercare/pump-101/readings/x"), Err(TopicError::Form));
        assert_eq!(parse("other/pump-101/readings"), Err(TopicError::Form));
        assert!(matches!(parse("aftercare//readings"), Err(TopicError::Board(_))));
    }
}
