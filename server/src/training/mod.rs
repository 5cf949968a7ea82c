//! Training: courses, assessments, and which share of those who have to know something does.

mod course;
mod coverage;
mod keeping;
mod policy;
mod recording;
mod records;
#[cfg(test)]
mod tests;

pub(crate) use course::{__path_list, __path_show, list, show};
pub use course::{Course, CourseContent};
pub(crate) use coverage::{__path_show as __path_show_coverage, show as show_coverage};
pub use coverage::{CourseCoverage, MissingTraining, TrainingCoverage};
pub use keeping::NewCourse;
pub(crate) use keeping::{__path_change, __path_create, change, create};
pub use policy::TrainingPolicy;
pub(crate) use policy::{
    __path_change as __path_change_policy, __path_versions, change as change_policy, versions,
};
pub(crate) use recording::{__path_record, __path_withdraw, record, withdraw};
pub use recording::{NewTrainingRecord, TrainingRecordWithdrawal};
pub use records::TrainingRecord;
pub(crate) use records::{
    __path_list as __path_list_records, __path_own, list as list_records, own, proven,
};
