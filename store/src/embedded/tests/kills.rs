//! kill -9 at random points loses nothing that was written.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use super::*;

const IDS: i64 = 3;

/// What the child does in its nth step, in a life of its own seed.
enum Step {
    Write(SeriesId, Vec<Sample>),
    Delete(SeriesId, Range),
    Settle,
}

fn step(seed: u64, n: i64) -> Step {
    let mut random = Random(seed ^ n.cast_unsigned().wrapping_mul(0x5851_f42d_4c95_7f2d));
    let id = SeriesId(n % IDS);
    // Sixty steps cross an edge of a month.
    let start = |n: i64| NOW - 14 * DAY - 7200 * S + n * 100 * S;
    match random.below(10) {
        0 | 4 => {
            // Mostly of what is still in the journal.
            let back = random.one_of(&[1, 2, 3, 4, 20]);
            let from_us = start(n - back) + random.below(50 * S);
            Step::Delete(id, range(from_us, from_us + random.below(300 * S)))
        }
        1 => Step::Settle,
        2 | 3 => {
            let first = start(n - random.below(30));
            Step::Write(id, (0..40).map(|k| at(first + k * S, random.value())).collect())
        }
        _ => Step::Write(id, (0..60).map(|k| at(start(n) + k * S, random.value())).collect()),
    }
}

/// The other process: does nothing when it is not one.
#[tokio::test]
async fn child() {
    let Ok(dir) = std::env::var("AFTERCARE_KILLED_DIR") else { return };
    let number = |name: &str| std::env::var(name).unwrap();
    let seed = number("AFTERCARE_KILLED_SEED").parse().unwrap();
    let first: i64 = number("AFTERCARE_KILLED_FIRST").parse().unwrap();
    let store = open(Path::new(&dir));
    let mut out = std::io::stdout();
    writeln!(out, "\nopen").unwrap();
    for n in first.. {
        match step(seed, n) {
            Step::Write(id, samples) => drop(store.write(vec![(id, samples)]).await.unwrap()),
            Step::Delete(id, range) => store.delete(id, range).await.unwrap(),
            Step::Settle => store.settle().await.unwrap(),
        }
        writeln!(out, "did {n}").unwrap();
        out.flush().unwrap();
    }
}

/// Lets a child live until it has acknowledged some steps; answers the first that it did not.
fn killed_after(dir: &Path, seed: u64, first: i64, steps: i64, spins: i64) -> i64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "embedded::tests::kills::child", "--nocapture", "--test-threads=1"])
        .env("AFTERCARE_KILLED_DIR", dir)
        .env("AFTERCARE_KILLED_SEED", seed.to_string())
        .env("AFTERCARE_KILLED_FIRST", first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut next = first;
    let mut see = |line: &str| {
        if let Some(n) = line.strip_prefix("did ") {
            next = n.parse::<i64>().unwrap() + 1;
        }
        next
    };
    for line in lines.by_ref() {
        if see(&line) >= first + steps {
            break;
        }
    }
    (0..spins).for_each(|_| std::hint::spin_loop());
    child.kill().unwrap();
    child.wait().unwrap();
    // What it acknowledged before it noticed.
    for line in lines {
        see(&line);
    }
    next
}

#[tokio::test]
async fn kill_9_at_random_points_loses_nothing_that_was_written() {
    let seed = seed("kills");
    let mut random = Random(seed);
    let dir = tempfile::tempdir().unwrap();
    let mut models: Vec<Model> = vec![Model::default(); usize::try_from(IDS).unwrap()];
    let mut first = 0;
    for round in 0..25 {
        let steps = 1 + random.below(25);
        let spins = random.below(3_000_000);
        let next = killed_after(dir.path(), seed, first, steps, spins);
        assert!(next >= first + steps, "round {round}: the child ended by itself");
        let apply = |models: &mut Vec<Model>, n| match step(seed, n) {
            Step::Write(id, samples) => models[usize::try_from(id.0).unwrap()].write(&samples),
            Step::Delete(id, range) => models[usize::try_from(id.0).unwrap()].delete(range),
            Step::Settle => {}
        };
        for n in first..next {
            apply(&mut models, n);
        }
        // The step that was not acknowledged has happened or not; a deletion may be half done.
        let mut after = models.clone();
        apply(&mut after, next);
        let store = open(dir.path());
        let mut found = Vec::new();
        for id in 0..IDS {
            let mut model = Model::default();
            model.write(&all(&store, SeriesId(id)).await);
            found.push(model);
        }
        let what = format!("round {round}, steps {first}..{next}");
        if let Step::Delete(..) = step(seed, next) {
            for ((found, before), after) in found.iter().zip(&models).zip(&after) {
                assert!(found.0.iter().all(|(t, v)| before.0.get(t) == Some(v)), "{what}");
                assert!(after.0.iter().all(|(t, v)| found.0.get(t) == Some(v)), "{what}");
            }
        } else {
            assert!(found == models || found == after, "{what}");
        }
        let grid = Grid::new(range(NOW - 30 * DAY, NOW + 30 * DAY), 1440).unwrap();
        for (id, model) in (0..).zip(&found) {
            model.assert_chart(&store, SeriesId(id), grid, &what).await;
        }
        models = found;
        first = next + 1;
    }
}
