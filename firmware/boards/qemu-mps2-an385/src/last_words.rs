//! Why the board started, and what the run before it said when it ended: kept in memory that no
//! start clears.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use core::panic::PanicInfo;
use core::ptr::addr_of_mut;

use board::boot::Reset;
use cortex_m::peripheral::SCB;
use cortex_m_rt::{ExceptionFrame, exception};

/// Longest message that is kept, bytes.
pub const MAX_WORDS: usize = board::limits::MAX_PANIC_BYTES;

/// How a run ended, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Ending {
    /// Nothing was said: reset from outside, in the middle of work.
    Unsaid,
    Command,
    Panic,
    Watchdog,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct Record {
    check: u32,
    ending: u32,
    length: u32,
    words: [u8; MAX_WORDS],
}

#[unsafe(link_section = ".uninit.last_words")]
static mut RECORD: MaybeUninit<Record> = MaybeUninit::uninit();

impl Record {
    /// FNV-1a over what is kept: memory after power-on does not match by accident.
    fn sum(&self) -> u32 {
        let fields = [self.ending, self.length].into_iter().flat_map(u32::to_le_bytes);
        fields
            .chain(self.words)
            .fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}

/// What the run before said.
#[derive(Debug, Clone, Copy)]
pub struct LastWords {
    /// Why this run began.
    pub reset: Reset,
    length: usize,
    words: [u8; MAX_WORDS],
}

impl LastWords {
    /// The message of a panic.
    #[must_use]
    pub fn panic(&self) -> Option<&str> {
        (self.reset == Reset::Panic).then(|| self.text())
    }

    fn text(&self) -> &str {
        let words = self.words.get(..self.length).unwrap_or_default();
        match core::str::from_utf8(words) {
            Ok(text) => text,
            // Cut inside a character.
            Err(e) => words
                .get(..e.valid_up_to())
                .and_then(|w| core::str::from_utf8(w).ok())
                .unwrap_or_default(),
        }
    }
}

/// Reads what the run before left. From here on, an end without words is a reset from outside.
#[must_use]
pub fn take() -> LastWords {
    // SAFETY: any bits are a `Record` (integers only), and nothing else touches it: interrupts
    // write to it only when the run ends.
    let record = unsafe { addr_of_mut!(RECORD).cast::<Record>().read_volatile() };
    let reset = match record.ending {
        // Memory has lost its contents, or never had any.
        _ if record.check != record.sum() => Reset::Power,
        ending if ending == Ending::Command as u32 => Reset::Command,
        ending if ending == Ending::Panic as u32 => Reset::Panic,
        ending if ending == Ending::Watchdog as u32 => Reset::Watchdog,
        _ => Reset::Other,
    };
    let length = if reset == Reset::Panic { (record.length as usize).min(MAX_WORDS) } else { 0 };
    leave(Ending::Unsaid, &[]);
    LastWords { reset, length, words: record.words }
}

fn leave(ending: Ending, parts: &[&str]) {
    let mut words = [0; MAX_WORDS];
    let mut length = 0;
    for byte in parts.iter().flat_map(|part| part.bytes()) {
        if let Some(place) = words.get_mut(length) {
            *place = byte;
            length += 1;
        }
    }
    let mut record = Record { check: 0, ending: ending as u32, length: length as u32, words };
    record.check = record.sum();
    // SAFETY: as in `take`.
    unsafe { addr_of_mut!(RECORD).cast::<Record>().write_volatile(record) };
}

/// Restarts the board because a command says so.
pub fn reboot() -> ! {
    leave(Ending::Command, &[]);
    SCB::sys_reset()
}

/// Decimal digits of a number.
fn digits(mut number: u32, buffer: &mut [u8; 10]) -> &str {
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 || at == 0 {
            break;
        }
    }
    core::str::from_utf8(&buffer[at..]).unwrap_or_default()
}

/// Keeps file, line and (where it is a plain text) the message, then restarts. Formatting the
/// message would bring in 10 KiB of code for what the line already tells.
#[panic_handler]
fn panicked(info: &PanicInfo<'_>) -> ! {
    cortex_m::interrupt::disable();
    let message = info.message().as_str().unwrap_or_default();
    let (file, line) = info.location().map_or(("", 0), |at| (at.file(), at.line()));
    // The end of a path tells more than its beginning.
    let from = file.len().saturating_sub(40);
    let file = file.get(from..).unwrap_or(file);
    let mut buffer = [0; 10];
    leave(Ending::Panic, &[file, ":", digits(line, &mut buffer), " ", message]);
    crate::host::print(c"board: panicked, restarting\n");
    SCB::sys_reset()
}

/// The watchdog's first zero: eight seconds before it would reset the board without a word.
#[exception]
unsafe fn NonMaskableInt() {
    leave(Ending::Watchdog, &[]);
    SCB::sys_reset()
}

#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    let mut buffer = [0; 10];
    leave(Ending::Panic, &["fault at address ", digits(frame.pc(), &mut buffer)]);
    crate::host::print(c"board: faulted, restarting\n");
    SCB::sys_reset()
}
