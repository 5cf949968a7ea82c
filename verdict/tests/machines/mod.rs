//! Simulated machines whose repair is known to have worked or not, shared by the test and the
//! example of the calibration.

mod random;
pub mod repairs;
pub mod strata;
pub mod tally;

use random::Random;
use repairs::{HEALTHY, Repair, State, edge, repair};
use strata::{Load, Shape, Stratum};
use verdict::{Judgement, Plan, Series, Tolerance, Window, judge};

/// Readings and load of a window.
#[derive(Default)]
struct Record {
    times_us: Vec<i64>,
    values: Vec<f64>,
    load_times_us: Vec<i64>,
    loads: Vec<f64>,
}

impl Record {
    fn window(&self) -> Window<'_> {
        let load = Series { times_us: &self.load_times_us, values: &self.loads };
        Window {
            times_us: &self.times_us,
            values: &self.values,
            load: (!self.loads.is_empty()).then_some(load),
        }
    }
}

/// A judged machine.
pub struct Case {
    pub repair: Repair,
    pub judgement: Judgement,
    /// One standard deviation of the healthy machine, in the unit.
    pub sd: f64,
}

impl Case {
    /// Whether the machine is in truth further from healthy than the tolerance that was stated.
    pub fn is_off(&self) -> bool {
        let stated = self.judgement.tolerance;
        self.repair.after.is_off(stated.level / self.sd, stated.spread)
    }
}

/// Makes and judges one machine.
pub fn case(stratum: &Stratum, seed: u64) -> Case {
    let mut random = Random::new(seed);
    let repair = repair(&mut random, stratum.load != Load::None);
    judged(stratum, random, repair, |_| Plan::default())
}

/// A machine that is left exactly as far off as a tolerance in the unit allows: the hardest one that
/// must not be called fixed.
pub fn case_at_the_edge(stratum: &Stratum, seed: u64) -> Case {
    let mut random = Random::new(seed);
    let side = random.sign();
    let repair = edge(side * random.between(3.0, 8.0), side);
    judged(stratum, random, repair, |sd| Plan { tolerance: Tolerance::Unit(sd), ..Plan::default() })
}

fn judged(
    stratum: &Stratum,
    mut random: Random,
    repair: Repair,
    plan: impl Fn(f64) -> Plan,
) -> Case {
    let unit = 10.0_f64.powf(random.between(-1.0, 2.0));
    let sd = (1.0 + stratum.day_wander.powi(2) + stratum.daily.powi(2) / 2.0).sqrt();
    let mut machine = Machine { stratum, random, unit, sd };
    let from_s = machine.random.uniform() * 86_400.0;
    let healthy = machine.run(from_s, stratum.healthy_s, HEALTHY, 0);
    let apart_s = machine.random.between(1.0, 3.0) * stratum.healthy_s;
    let before_at_s = from_s + apart_s;
    let before = machine.run(before_at_s, stratum.before_s, repair.before, 1);
    let apart_s = stratum.before_s + machine.random.between(0.0, 2.0) * stratum.healthy_s;
    let after = machine.run(before_at_s + apart_s, stratum.after_s, repair.after, 2);
    let plan = plan(sd * unit);
    let judgement = judge(&healthy.window(), &before.window(), &after.window(), &plan);
    Case { repair, judgement, sd: sd * unit }
}

struct Machine<'a> {
    stratum: &'a Stratum,
    random: Random,
    unit: f64,
    sd: f64,
}

impl Machine<'_> {
    fn shaped(&mut self) -> f64 {
        match self.stratum.shape {
            Shape::Normal => self.random.normal(),
            Shape::Outliers => {
                let wild = if self.random.uniform() < 0.03 { 10.0 } else { 1.0 };
                wild * self.random.normal() / (0.97_f64 + 0.03 * 100.0).sqrt()
            }
            Shape::Skewed => -(1.0 - self.random.uniform()).ln() - 1.0,
        }
    }

    fn run(&mut self, from_s: f64, length_s: f64, state: State, window: usize) -> Record {
        let s = *self.stratum;
        let mut record = Record::default();
        let steps = (length_s / s.interval_s) as usize;
        let keep = if s.memory_s > 0.0 { (-s.interval_s / s.memory_s).exp() } else { 0.0 };
        let fresh = (1.0 - keep * keep).sqrt();
        let (mut slow, mut load_slow) = (self.random.normal(), self.random.normal());
        let (mut day, mut day_level) = (i64::MIN, 0.0);
        let (mut felt, mut missing_until) = (f64::NAN, -1.0);
        let mut upper = self.random.uniform() < 0.5;
        // Share of time at the upper of two loads; another one in every window.
        let share = [0.5, 0.3, 0.7][window];
        for i in 0..steps {
            let at_s = from_s + i as f64 * s.interval_s;
            slow = keep * slow + fresh * self.random.normal();
            let load_keep = (-s.interval_s / 120.0).exp();
            load_slow =
                load_keep * load_slow + (1.0 - load_keep * load_keep).sqrt() * self.random.normal();
            // Stays at a level for five minutes on average, longer at the more frequent one.
            let leave = if upper { 1.0 - share } else { share } * 2.0 * s.interval_s / 300.0;
            if self.random.uniform() < leave {
                upper = !upper;
            }
            let load = match s.load {
                Load::None => 0.0,
                Load::Wandering | Load::Lagging => 0.5 + 0.12 * load_slow,
                Load::TwoLevels => (if upper { 0.9 } else { 0.3 }) + 0.005 * self.random.normal(),
                // Evenly over a range that moves with the window after.
                Load::Shifted(shared) => {
                    let place = 0.5 + 0.5 * (load_slow * 0.8).tanh();
                    0.3 + 0.2 * place
                        + if window == 2 { 0.2 * (1.0 - shared) } else { 0.0 }
                        + if window == 2 && shared == 0.0 { 0.1 } else { 0.0 }
                }
            };
            felt = if felt.is_nan() {
                load
            } else {
                felt + (load - felt) * (1.0 - (-s.interval_s / 180.0).exp())
            };
            let today = (at_s / 86_400.0).floor() as i64;
            if today != day {
                (day, day_level) = (today, s.day_wander * self.random.normal());
            }
            let noise = s.dependent.sqrt() * slow + (1.0 - s.dependent).sqrt() * self.shaped();
            let answers = if s.load == Load::Lagging { felt } else { load };
            // About the upper third of the loads of the healthy machine.
            let limit = if matches!(s.load, Load::Shifted(_)) { 0.44 } else { 0.55 };
            let high = if load > limit { state.at_high_load } else { 0.0 };
            let cycle = s.daily * (std::f64::consts::TAU * at_s / 86_400.0).sin();
            let value = 50.0
                + 20.0 * answers
                + 10.0 * answers * answers
                + state.noise * noise
                + day_level
                + cycle
                + (state.level + high) * self.sd;
            let value =
                if s.quantum > 0.0 { (value / s.quantum).round() * s.quantum } else { value };
            if at_s >= missing_until && self.random.uniform() < s.missing * s.interval_s / 180.0 {
                missing_until = at_s + self.random.between(0.0, 360.0);
            }
            let at_us = (at_s * 1e6) as i64;
            if s.load != Load::None {
                record.load_times_us.push(at_us);
                record.loads.push(load + 0.003 * self.random.normal());
            }
            if at_s >= missing_until {
                record.times_us.push(at_us);
                record.values.push(value * self.unit);
            }
        }
        record
    }
}
