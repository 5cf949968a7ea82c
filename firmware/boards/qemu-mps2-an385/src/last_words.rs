//! Why the board started, and what the run before it said when it ended: kept in memory that no
//! start clears.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use core::panic::PanicInfo;
use core::ptr::addr_of_mut;

use cortex_m::peripheral::SCB;
use cortex_m_rt::{ExceptionFrame, exception};

/// Longest message that is kept, bytes.
pub const MAX_WORDS: usize = 96;

/// How the run before this one ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Ending {
    /// There was none, or memory has lost its contents: power came.
    PowerOn = 0,
    /// Reset from outside, in the middle of work.
    Reset = 1,
    /// The board restarted itself because a command said so.
    Reboot = 2,
    /// It panicked; the message says where.
    Panic = 3,
    /// The processor faulted; the message says where.
    Fault = 4,
    /// The watchdog fired.
    Watchdog = 5,
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
    /// How it ended.
    pub ending: Ending,
    length: usize,
    words: [u8; MAX_WORDS],
}

impl LastWords {
    /// The message; empty when there was none.
    #[must_use]
    pub fn text(&self) -> &str {
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
    let ending = match record.ending {
        _ if record.check != record.sum() => Ending::PowerOn,
        2 => Ending::Reboot,
        3 => Ending::Panic,
        4 => Ending::Fault,
        5 => Ending::Watchdog,
        _ => Ending::Reset,
    };
    let spoke = matches!(ending, Ending::Panic | Ending::Fault);
    let length = if spoke { (record.length as usize).min(MAX_WORDS) } else { 0 };
    leave(Ending::Reset, &[]);
    LastWords { ending, length, words: record.words }
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

/// Restarts the board.
pub fn restart(ending: Ending) -> ! {
    leave(ending, &[]);
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
    restart(Ending::Watchdog);
}

#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    let mut buffer = [0; 10];
    leave(Ending::Fault, &["fault at address ", digits(frame.pc(), &mut buffer)]);
    crate::host::print(c"board: faulted, restarting\n");
    SCB::sys_reset()
}
