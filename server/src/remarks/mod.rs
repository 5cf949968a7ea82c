//! What has to be known about a stretch of readings: what people noted, what came late, what was
//! corrected or deleted afterwards.

mod annotations;
mod late;
mod list;
#[cfg(test)]
mod tests;

pub(crate) use annotations::{__path_annotate, __path_withdraw, annotate, withdraw};
pub use annotations::{Annotation, NewAnnotation};
pub(crate) use late::note as note_late;
pub(crate) use list::{__path_list, list};
pub use list::{ReadingRemark, RemarkAbout};
