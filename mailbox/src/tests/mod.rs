//! What reading mail promises.

mod letters;
mod servers;
