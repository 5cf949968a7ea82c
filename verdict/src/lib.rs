//! Says from readings whether a repair worked, point by point, and abstains where they do not say.
//!
//! [`judge`] compares one measurement point in three windows: on the healthy machine, before the
//! repair and after it. The comparison is made at matched load, with robust figures, and with
//! intervals that know that readings depend on each other. [`choose_windows`] finds such windows in
//! a long record of the load, and [`overall`] draws the verdicts of several points together. No
//! I/O, no clock, no randomness: the same readings give the same verdict. Times are µs UTC.
//!
//! The method, its calibration on simulated machines and what it cannot see: `docs/verdict.md`.

mod choice;
mod choose;
mod compare;
mod curve;
mod decide;
mod gapless;
mod judge;
mod judgement;
mod load;
mod locate;
mod matching;
mod overall;
mod plan;
mod reason;
mod robust;
mod window;

pub use choice::{Choice, ChoiceNote, ChoiceSettings, ChosenWindow, Occasion};
pub use choose::choose_windows;
pub use judge::judge;
pub use judgement::{
    BinCoverage, Coverage, Effect, Estimate, Judgement, Samples, SamplesByWindow, Tolerances,
    Verdict,
};
pub use overall::overall;
pub use plan::{Plan, Tolerance};
pub use reason::{Aspect, Reason, Which};
pub use window::{Series, Stretch, Window};
