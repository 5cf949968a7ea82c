//! The two ways in: the broker inside this process, and a broker that stands elsewhere.

pub mod embedded;
pub mod remote;
