//! What was wrong with a machine, and what the repair left.

use super::random::Random;

/// The truth about a repair. Levels are in standard deviations of the healthy machine.
#[derive(Debug, Clone, Copy)]
pub struct Repair {
    pub name: &'static str,
    pub before: State,
    pub after: State,
}

/// How a machine differs from the healthy one.
#[derive(Debug, Clone, Copy)]
pub struct State {
    pub level: f64,
    /// Shows at the upper third of the load only.
    pub at_high_load: f64,
    pub noise: f64,
}

/// As it should be.
pub const HEALTHY: State = State { level: 0.0, at_high_load: 0.0, noise: 1.0 };

fn level(level: f64) -> State {
    State { level, ..HEALTHY }
}

/// A repair as they come: somewhat more than a third succeed in full.
pub fn repair(random: &mut Random, has_load: bool) -> Repair {
    let side = random.sign();
    let fault = side * random.between(2.0, 8.0);
    let pick = random.uniform();
    let (name, before, after) = if pick < 0.35 {
        ("mended", level(fault), HEALTHY)
    } else if pick < 0.45 {
        ("mended, within tolerance", level(fault), level(side * random.between(0.1, 0.7)))
    } else if pick < 0.52 {
        ("just outside tolerance", level(fault), level(side * random.between(1.1, 1.6)))
    } else if pick < 0.62 {
        ("half mended", level(fault), level(fault * random.between(0.3, 0.8)))
    } else if pick < 0.74 {
        ("wrong part, fault stays", level(fault), level(fault))
    } else if pick < 0.79 {
        ("overcorrected", level(fault), level(-fault * random.between(0.3, 0.9)))
    } else if pick < 0.84 {
        ("made worse", level(fault), level(fault * random.between(1.5, 2.5)))
    } else if pick < 0.89 {
        let noise = random.between(2.0, 4.0);
        ("noise mended", State { noise, ..HEALTHY }, HEALTHY)
    } else if pick < 0.94 {
        let noise = random.between(1.7, 4.0);
        ("level mended, noise stays", State { noise, ..level(fault) }, State { noise, ..HEALTHY })
    } else if has_load {
        let at_high_load = side * random.between(2.0, 5.0);
        let stays = State { at_high_load, ..HEALTHY };
        ("stays at high load", State { at_high_load, ..level(fault) }, stays)
    } else {
        ("never touched", HEALTHY, HEALTHY)
    };
    Repair { name, before, after }
}

/// A fault that is left at this level.
pub fn edge(fault: f64, left: f64) -> Repair {
    Repair { name: "left at the tolerance", before: level(fault), after: level(left) }
}

impl State {
    /// Whether it differs from the healthy machine by more than these tolerances, the first in
    /// standard deviations.
    pub fn is_off(&self, level: f64, spread: f64) -> bool {
        self.level.abs() > level
            || self.at_high_load.abs() > level
            || self.noise > spread
            || self.noise < 1.0 / spread
    }
}
