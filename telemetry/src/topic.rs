//! MQTT topics: `aftercare/<board>/readings`, `…/status` (retained, last will), `…/commands`.

use crate::name::{BoardId, NameError};

/// First level of every topic.
pub const ROOT: &str = "aftercare";

/// Subscriptions that a gateway needs at a broker.
pub const SUBSCRIPTIONS: [&str; 2] = ["aftercare/+/readings", "aftercare/+/status"];

/// What a topic carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Readings, from board to gateway.
    Readings,
    /// `online` or `offline`, retained; `offline` is the last will.
    Status,
    /// Commands, from server to board.
    Commands,
}

/// A topic of ours, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The board it belongs to.
    pub board: BoardId,
    /// What it carries.
    pub kind: Kind,
}

/// Why a topic is not one of ours. The gateway refuses the message and lists it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TopicError {
    /// Not of the form `aftercare/<board>/<kind>`.
    #[error("the topic is not aftercare/<board>/readings, …/status or …/commands")]
    Form,
    /// The board level is no board id.
    #[error("board: {0}")]
    Board(#[from] NameError),
}

/// Takes a topic apart.
///
/// # Errors
/// When it is not `aftercare/<board>/readings`, `…/status` or `…/commands`.
pub fn parse(topic: &str) -> Result<Topic, TopicError> {
    let mut levels = topic.split('/');
    let (root, board, kind, end) = (levels.next(), levels.next(), levels.next(), levels.next());
    let (Some(ROOT), Some(board), Some(kind), None) = (root, board, kind, end) else {
        return Err(TopicError::Form);
    };
    let kind = match kind {
        "readings" => Kind::Readings,
        "status" => Kind::Status,
        "commands" => Kind::Commands,
        _ => return Err(TopicError::Form),
    };
    Ok(Topic { board: BoardId::parse(board)?, kind })
}

/// The topic on which a board publishes its readings.
#[must_use]
pub fn readings(board: &BoardId) -> alloc::string::String {
    alloc::format!("{ROOT}/{board}/readings")
}

/// The topic of a board's retained status.
#[must_use]
pub fn status(board: &BoardId) -> alloc::string::String {
    alloc::format!("{ROOT}/{board}/status")
}

#[cfg(test)]
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
