//! A disk that is full, and one that must not be written: a small file system of their own, which
//! needs a mount namespace (root, or a system that lets users have one).

use std::process::Command;

use super::*;

/// Runs a test once more, in a process that has a small disk at the folder.
fn with_small_disk(test: &str) {
    use std::io::Write as _;
    let dir = tempfile::tempdir().unwrap();
    let script =
        r#"mount -t tmpfs -o size=4m tmpfs "$AFTERCARE_SMALL_DISK" || exit 77; exec "$0" "$@""#;
    for flags in ["-m", "-rm"] {
        let ran = Command::new("unshare")
            .args([flags, "sh", "-c", script])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", &format!("embedded::tests::disks::{test}"), "--nocapture"])
            .env("AFTERCARE_SMALL_DISK", dir.path())
            .output();
        match ran {
            Ok(ran) if ran.status.success() => return,
            Ok(ran) if ran.status.code() == Some(101) => {
                panic!("{}", String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()))
            }
            _ => {}
        }
    }
    let _ = writeln!(std::io::stderr(), "NOT TESTED, no small file system here: {test}");
}

fn small_disk() -> Option<std::path::PathBuf> {
    std::env::var_os("AFTERCARE_SMALL_DISK").map(Into::into)
}

/// Values that do not compress.
fn noise(random: &mut Random, from_us: i64) -> Vec<Sample> {
    let value = |r: &mut Random| f64::from_bits(r.next() >> 2 | 1 << 61);
    (0..200).map(|n| at(from_us + n * S + random.below(S), value(random))).collect()
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_lost() {
    let Some(disk) = small_disk() else {
        return with_small_disk("a_full_disk_is_said_and_nothing_is_lost");
    };
    let dir = disk.join("store");
    let ballast = disk.join("ballast");
    std::fs::write(&ballast, vec![1; 1 << 20]).unwrap();
    let mut random = Random(seed("full disk"));
    let mut model = Model::default();
    let mut store = open(&dir);
    let mut full = 0;
    for n in 0..4000 {
        let samples = noise(&mut random, NOW - DAY + n * 200 * S);
        match store.write(vec![(A, samples.clone())]).await {
            Ok(_) => model.write(&samples),
            Err(error) => {
                assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
                full += 1;
                assert_eq!(all(&store, A).await, model.raw(Range::ALL), "after {n} batches");
                if full == 3 {
                    drop(store);
                    store = open(&dir);
                }
                if full == 5 {
                    break;
                }
            }
        }
    }
    assert_eq!(full, 5);
    std::fs::remove_file(&ballast).unwrap();
    store.check().await.unwrap();
    for n in 0..20 {
        let samples = noise(&mut random, NOW + n * 200 * S);
        store.write(vec![(A, samples.clone())]).await.unwrap();
        model.write(&samples);
    }
    assert_eq!(all(&store, A).await, model.raw(Range::ALL));
}

#[tokio::test]
async fn a_read_only_disk_is_said_and_nothing_is_lost() {
    let Some(disk) = small_disk() else {
        return with_small_disk("a_read_only_disk_is_said_and_nothing_is_lost");
    };
    let remount = |how: &str| {
        let done =
            Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&disk).status();
        assert!(done.unwrap().success());
    };
    let samples = every(S, range(NOW - HOUR, NOW));
    let dir = disk.join("store");
    open(&dir).write(vec![(A, samples.clone())]).await.unwrap();
    remount("ro");
    let error = Embedded::open(&dir, Retention::default(), TestClock::new()).err().unwrap();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    assert!(error.to_string().contains("read-only"), "{error}");
    remount("rw");
    assert_eq!(all(&open(&dir), A).await, samples);
}
