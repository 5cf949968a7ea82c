//! Technicians: what they can do, where they go, when they work.

mod absences;
mod file;

pub(crate) use absences::{
    __path_add as __path_add_absence, __path_remove as __path_remove_absence, add as add_absence,
    remove as remove_absence,
};
pub use absences::{Absence, NewAbsence};
pub(crate) use file::{__path_change, __path_list, active, change, list};
pub use file::{Hours, NewTechnicianFile, Technician, TechnicianFile};
