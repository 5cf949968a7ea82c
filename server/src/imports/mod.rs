//! What was kept elsewhere comes in as CSV: customers, sites, machines and open tickets.
//!
//! A file is read row by row ([`rows`]), each row makes something or changes it ([`customers`],
//! [`sites`], [`assets`], [`tickets`]), and all of it is written in one transaction or, with a mistake
//! anywhere or as a trial, none of it. Imported again, the same file changes nothing.

mod assets;
mod customers;
mod kind;
mod report;
mod rows;
mod running;
mod sites;
#[cfg(test)]
mod tests;
mod tickets;

pub use kind::ImportKind;
pub use report::{ImportError, ImportReport, ImportedRow, RowOutcome};
pub(crate) use running::{__path_import, import};
