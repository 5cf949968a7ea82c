//! What the board takes of its memory and its processor, printed every ten seconds. Only in builds
//! with the feature `figures`: it brings the formatting code with it.
#![allow(unsafe_code)]

use core::fmt::Write as _;
use core::ptr::addr_of;

use crate::{clock, host};

/// Between two lines, milliseconds.
const EVERY_MS: u64 = 10_000;

unsafe extern "C" {
    /// Lowest word that the stack may reach, from the linker script.
    static _stack_end: u32;
    /// Just above the first word of the stack.
    static _stack_start: u32;
}

/// Bytes of the stack that were in use at most since boot: from the first word that no longer has
/// the paint of cortex-m-rt (feature `paint-stack`).
#[must_use]
pub fn peak_stack() -> usize {
    let (end, start) = (addr_of!(_stack_end), addr_of!(_stack_start));
    let mut word = end;
    // SAFETY: all of the words between the two symbols are RAM of the stack; volatile, since the
    // compiler knows nothing of what lies there.
    while word < start && unsafe { word.read_volatile() } == cortex_m_rt::STACK_PAINT_VALUE {
        word = word.wrapping_add(1);
    }
    start as usize - word as usize
}

/// Counts while the board works.
#[derive(Debug, Default)]
pub struct Figures {
    samples: u32,
    awake_cycles: u64,
    awake_since: u32,
    printed_ms: u64,
}

impl Figures {
    /// The board has woken.
    pub fn woke(&mut self) {
        self.awake_since = clock::cycles();
    }

    /// So many samples were taken.
    pub fn sampled(&mut self, samples: u32) {
        self.samples += samples;
    }

    /// The board is about to sleep; prints when it is time.
    pub fn sleeps(&mut self) {
        // The counter counts down.
        self.awake_cycles += u64::from(self.awake_since.wrapping_sub(clock::cycles()));
        let now = clock::now_ms();
        let passed = now - self.printed_ms;
        if passed < EVERY_MS {
            return;
        }
        let awake_us = self.awake_cycles / 25;
        let _ = writeln!(
            host::Console,
            "figures: stack {} bytes, {} samples in {passed} ms, awake {awake_us} us",
            peak_stack(),
            self.samples,
        );
        *self = Self { printed_ms: now, ..Self::default() };
    }
}
