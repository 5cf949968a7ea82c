use std::vec;
use std::vec::Vec;

use super::mock::{MockFlash, PAGE};
use super::*;

type Flash = FlashStorage<Blocking<MockFlash>>;

const PAGES: usize = 6;
const SETTINGS: core::ops::Range<u32> = 0..2 * PAGE as u32;
const READINGS: core::ops::Range<u32> = 2 * PAGE as u32..(PAGES * PAGE) as u32;

fn storage(flash: MockFlash) -> Flash {
    FlashStorage::new(Blocking(flash), SETTINGS, READINGS).unwrap()
}

fn blocks(storage: &mut Flash) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut keep = |block: &[u8]| {
        found.push(block.to_vec());
        Visit::Keep
    };
    storage.visit(&mut keep).unwrap();
    found
}

fn save(storage: &mut Flash, i: u8) -> Result<(), StorageError> {
    storage.save(&mut [i; 96], 90)
}

fn block(i: u8) -> Vec<u8> {
    vec![i; 60]
}

#[test]
fn ranges_that_do_not_fit_the_flash_are_refused() {
    let refused = |settings, readings| {
        let flash = Blocking(MockFlash::new(PAGES));
        FlashStorage::new(flash, settings, readings).unwrap_err()
    };
    for (settings, readings) in [
        (0..512, READINGS),
        (0..1000, READINGS),
        (SETTINGS, 512..2048),
        (SETTINGS, 1024..65536),
        (SETTINGS, core::ops::Range { start: 2048, end: 1024 }),
    ] {
        assert_eq!(refused(settings, readings), StorageError::Layout);
    }
}

#[test]
fn blocks_come_back_oldest_first_and_forgotten_ones_do_not() {
    let mut storage = storage(MockFlash::new(PAGES));
    (0..10).for_each(|i| storage.append(&block(i)).unwrap());
    let mut first_three = |block: &[u8]| if block[0] < 3 { Visit::Forget } else { Visit::Stop };
    storage.visit(&mut first_three).unwrap();
    assert_eq!(blocks(&mut storage), (3..10).map(block).collect::<Vec<_>>());
    storage.clear().unwrap();
    assert!(blocks(&mut storage).is_empty());
}

#[test]
fn a_full_log_says_so_and_takes_more_after_the_oldest_are_forgotten() {
    let mut storage = storage(MockFlash::new(PAGES));
    let mut next = 0..;
    while storage.append(&block(next.next().unwrap())).is_ok() {}
    let kept = blocks(&mut storage).len();
    assert!(kept >= 20, "{kept}");
    let mut left = 8;
    let mut some = |_: &[u8]| {
        left -= 1;
        if left < 0 { Visit::Stop } else { Visit::Forget }
    };
    storage.visit(&mut some).unwrap();
    storage.append(&block(99)).unwrap();
    assert_eq!(blocks(&mut storage).last(), Some(&block(99)));
}

#[test]
fn the_newest_settings_are_loaded_however_often_they_were_saved() {
    let mut storage = storage(MockFlash::new(PAGES));
    let mut buffer = [0; crate::settings::SETTINGS_BYTES];
    assert_eq!(storage.load(&mut buffer), Ok(0));
    for i in 0..=200u8 {
        save(&mut storage, i).unwrap();
        assert_eq!(storage.load(&mut buffer), Ok(90));
        assert_eq!(buffer[..90], [i; 90]);
    }
}

/// A day in the life of the flash: blocks come and go, settings are saved between them. Gives back
/// what must still be there: blocks appended and not forgotten, and the newest settings.
fn live(storage: &mut Flash, log: &mut Vec<u8>, settings: &mut u8) -> Result<(), StorageError> {
    for i in 1..=60u8 {
        match storage.append(&block(i)) {
            Ok(()) => log.push(i),
            Err(StorageError::Full) => {
                let mut oldest = Some(log[0]);
                storage.visit(&mut |_| oldest.take().map_or(Visit::Stop, |_| Visit::Forget))?;
                log.remove(0);
            }
            Err(error) => return Err(error),
        }
        if i % 5 == 0 {
            let mut forget = 3;
            storage.visit(&mut |_| {
                forget -= 1;
                if forget < 0 { Visit::Stop } else { Visit::Forget }
            })?;
            log.drain(..3.min(log.len()));
        }
        if i % 3 == 0 {
            save(storage, i)?;
            *settings = i;
        }
    }
    Ok(())
}

#[test]
fn a_power_cut_at_any_moment_costs_at_most_what_was_being_written() {
    let mut whole = storage(MockFlash::new(PAGES));
    live(&mut whole, &mut Vec::new(), &mut 0).unwrap();
    let worn = whole.into_flash().0.worn;
    for power in (0..worn).step_by(3) {
        let mut flash = MockFlash::new(PAGES);
        flash.power = Some(power);
        let (mut log, mut settings) = (Vec::new(), 0);
        let mut cut = storage(flash);
        assert_eq!(live(&mut cut, &mut log, &mut settings), Err(StorageError::Flash));
        let mut flash = cut.into_flash().0;
        flash.power = None;
        let mut after = storage(flash);
        let found: Vec<_> = blocks(&mut after).iter().map(|b| b[0]).collect();
        // Forgetting may have got further than was noted, and so may the block in work.
        let missing: Vec<_> = log.iter().filter(|i| !found.contains(i)).collect();
        assert!(missing.len() <= 3, "power {power}: {missing:?} of {log:?} are gone");
        assert!(missing.iter().zip(&log).all(|(gone, oldest)| *gone == oldest), "power {power}");
        assert!(found.is_sorted(), "power {power}: {found:?}");
        let mut buffer = [0; crate::settings::SETTINGS_BYTES];
        let length = after.load(&mut buffer).unwrap();
        let loaded = if length == 0 { 0 } else { buffer[0] };
        assert!(loaded == settings || loaded == settings + 3, "power {power}");
        after.append(&block(200)).or_else(|_| after.clear()).unwrap();
        save(&mut after, 201).unwrap();
        assert_eq!(after.load(&mut buffer), Ok(90));
        assert_eq!(buffer[0], 201);
    }
}

#[test]
fn a_flash_full_of_anything_is_neither_a_panic_nor_for_ever() {
    let mut state = 1u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    for _ in 0..200 {
        let mut flash = MockFlash::new(PAGES);
        flash.bytes.fill_with(&mut random);
        let mut storage = storage(flash);
        let mut buffer = [0; crate::settings::SETTINGS_BYTES];
        let _ = storage.load(&mut buffer);
        let _ = storage.visit(&mut |_| Visit::Keep);
        save(&mut storage, 7).or_else(|_| save(&mut storage, 7)).unwrap();
        storage.clear().unwrap();
        storage.append(&block(1)).unwrap();
        assert_eq!(blocks(&mut storage), [block(1)]);
        assert_eq!(storage.load(&mut buffer), Ok(90));
    }
}
