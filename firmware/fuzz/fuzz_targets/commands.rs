//! Messages from the topic of commands, as they come and with the seal of the board's key; the
//! board lives on between them, resets, and has something to say that its gateway can read.
#![no_main]

use board::clock::Uptime;
use board_fuzz::{BOARD, KEY, PAGE, PAGES, RamFlash, boot, drain, run};
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use sha2::Sha256;
use telemetry::command::TAG_BYTES;

/// A message with the right tag.
fn sealed(array: &[u8]) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&KEY).expect("any length will do");
    mac.update(BOARD.as_bytes());
    mac.update(&[0]);
    mac.update(array);
    let tag = mac.finalize().into_bytes();
    [array, &tag[..TAG_BYTES]].concat()
}

fuzz_target!(|bytes: &[u8]| {
    let mut agent = boot(RamFlash(vec![0xFF; PAGES * PAGE]));
    let mut now = 0;
    // The first byte of a message is its length.
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first() {
        let (message, after) = after.split_at(usize::from(*length).min(after.len()));
        rest = after;
        agent.command(message, Uptime(now));
        if agent.command(&sealed(message), Uptime(now)).is_some() && agent.may_reboot(Uptime(now)) {
            let flash = agent.into_storage().into_flash().0;
            agent = boot(flash);
            now = 0;
        }
        run(&mut agent, now, 3_000);
        now += 3_000;
    }
    drain(&mut agent, now);
});
