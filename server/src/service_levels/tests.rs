//! Promises, on both databases, with a clock that the test moves.
