//! A board that boots with anything in its flash, lives, and boots again.
#![no_main]

use board_fuzz::{PAGE, PAGES, RamFlash, boot, drain, run};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // The bytes change a flash that was in use: one at a place (two bytes) by a difference.
    let mut agent = boot(RamFlash(vec![0xFF; PAGES * PAGE]));
    agent.set_time(1_790_000_000_000, board::clock::Uptime(0));
    run(&mut agent, 0, 40_000);
    let mut flash = agent.into_storage().into_flash().0;
    for change in bytes.chunks_exact(3) {
        let place = usize::from(u16::from_le_bytes([change[0], change[1]])) % flash.0.len();
        flash.0[place] ^= change[2];
    }
    let mut agent = boot(flash);
    run(&mut agent, 0, 40_000);
    drain(&mut agent, 40_000);
    let mut agent = boot(agent.into_storage().into_flash().0);
    run(&mut agent, 0, 10_000);
    drain(&mut agent, 10_000);
    assert_eq!(agent.waiting(), 0);
});
