//! The verdicts on simulated machines whose repair is known to have worked or not. The full table
//! and its command are in docs/verdict.md; here are fewer machines of every kind.

mod machines;

use machines::strata::{Load, STRATA, Stratum};
use machines::tally::Tally;
use machines::{case, case_at_the_edge};
use verdict::{Reason, Verdict};

const MACHINES: u64 = 60;
/// Apart from the seeds of the example.
const SEEDS: u64 = 1_000_000;

fn tally(stratum: &Stratum) -> Tally {
    let mut tally = Tally::default();
    (SEEDS..SEEDS + MACHINES).for_each(|seed| tally.add(&case(stratum, seed)));
    tally
}

#[test]
fn of_verdicts_fixed_at_most_one_in_twenty_is_wrong() {
    let mut all = Tally::default();
    for stratum in STRATA.iter().filter(|s| s.promised) {
        let tally = tally(stratum);
        // In a single kind there are few verdicts; one wrong one is no proof against the rate.
        let allowed = (0.05 * tally.fixed() as f64).max(1.0);
        assert!(
            tally.wrong as f64 <= allowed,
            "{}: {} of {} are wrong",
            stratum.name,
            tally.wrong,
            tally.fixed()
        );
        all.join(&tally);
    }
    assert!(all.fixed() > 300, "only {} of {} are called fixed", all.fixed(), all.machines);
    assert!(all.wrong_share() <= 0.05, "{} of {} are wrong", all.wrong, all.fixed());
}

#[test]
fn a_machine_left_at_the_tolerance_is_called_fixed_at_most_once_in_twenty() {
    for stratum in STRATA.iter().filter(|s| s.promised) {
        let fixed = (SEEDS..SEEDS + MACHINES)
            .filter(|seed| case_at_the_edge(stratum, *seed).judgement.verdict == Verdict::Fixed)
            .count();
        assert!(fixed as f64 <= 0.05 * MACHINES as f64, "{}: {fixed}", stratum.name);
    }
}

#[test]
fn with_ample_readings_four_of_five_mended_machines_are_called_fixed() {
    for stratum in STRATA.iter().filter(|s| s.ample) {
        let tally = tally(stratum);
        assert!(tally.power() >= 0.8, "{}: {} of {}", stratum.name, tally.found, tally.mended);
    }
}

#[test]
fn a_verdict_abstains_when_the_load_does_not_match() {
    let apart: Vec<_> = STRATA.iter().filter(|s| s.load == Load::Shifted(0.0)).collect();
    assert!(!apart.is_empty());
    for stratum in apart {
        for seed in SEEDS..SEEDS + MACHINES {
            let judgement = case(stratum, seed).judgement;
            assert_eq!(judgement.verdict, Verdict::NotEnoughData);
            assert_eq!(judgement.healthy_now, None);
            assert!(judgement.coverage.after < 0.5);
            let named = |r: &Reason| matches!(r, Reason::LoadNotMatched { .. });
            assert!(judgement.reasons.iter().any(named), "{:?}", judgement.reasons);
        }
    }
}
