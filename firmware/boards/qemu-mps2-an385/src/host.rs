//! The machine that runs the emulator, through semihosting (Arm IHI 0100): console, files, wall
//! clock, arguments, exit.
#![allow(unsafe_code)]

use core::fmt;

use cortex_m_semihosting::{nr, syscall, syscall1};

/// Open for reading, binary.
pub const READ: usize = 1;
/// Open for reading and writing, binary; the file must be there.
pub const UPDATE: usize = 3;
/// Make or empty, then read and write, binary.
pub const CREATE: usize = 7;

/// The host refused or cut short what was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostError;

/// An open file of the host; open until the emulator ends.
#[derive(Debug)]
pub struct File(usize);

impl File {
    /// Opens a file in a mode of this module.
    ///
    /// # Errors
    /// When it is not there or not allowed.
    pub fn open(path: &str, mode: usize) -> Result<Self, HostError> {
        // The host wants the text to end with a zero.
        let mut text = [0u8; 256];
        text.get_mut(..path.len())
            .filter(|t| t.len() < 256)
            .ok_or(HostError)?
            .copy_from_slice(path.as_bytes());
        // SAFETY: the block lives over the call and has the three fields of SYS_OPEN.
        let handle = unsafe { syscall(nr::OPEN, &[text.as_ptr() as usize, mode, path.len()]) };
        if handle == usize::MAX { Err(HostError) } else { Ok(Self(handle)) }
    }

    /// Moves to a position from the start, in bytes.
    ///
    /// # Errors
    /// When the host refuses.
    pub fn seek(&self, position: u32) -> Result<(), HostError> {
        // SAFETY: the two fields of SYS_SEEK.
        let failed = unsafe { syscall(nr::SEEK, &[self.0, position as usize]) };
        if failed == 0 { Ok(()) } else { Err(HostError) }
    }

    /// Reads as much as there is, at most the buffer.
    ///
    /// # Errors
    /// When the host refuses.
    pub fn read(&self, bytes: &mut [u8]) -> Result<usize, HostError> {
        // SAFETY: the three fields of SYS_READ; the host writes into `bytes` only.
        let left =
            unsafe { syscall(nr::READ, &[self.0, bytes.as_mut_ptr() as usize, bytes.len()]) };
        bytes.len().checked_sub(left).ok_or(HostError)
    }

    /// Writes all of the bytes.
    ///
    /// # Errors
    /// When not all were written.
    pub fn write(&self, bytes: &[u8]) -> Result<(), HostError> {
        // SAFETY: the three fields of SYS_WRITE.
        let left = unsafe { syscall(nr::WRITE, &[self.0, bytes.as_ptr() as usize, bytes.len()]) };
        if left == 0 { Ok(()) } else { Err(HostError) }
    }

    /// Length in bytes.
    ///
    /// # Errors
    /// When the host refuses.
    pub fn len(&self) -> Result<u32, HostError> {
        // SAFETY: the field of SYS_FLEN.
        let length = unsafe { syscall(nr::FLEN, &[self.0]) };
        if length == usize::MAX { Err(HostError) } else { Ok(length as u32) }
    }
}

/// The words of `-semihosting-config arg=…` with blanks between them, into `buffer`; says how many
/// bytes they are.
///
/// # Errors
/// When they do not fit.
pub fn arguments(buffer: &mut [u8]) -> Result<usize, HostError> {
    let mut block = [buffer.as_mut_ptr() as usize, buffer.len()];
    // SAFETY: the two fields of SYS_GET_CMDLINE; the host writes at most so many bytes, and the
    // length into the block.
    let failed = unsafe { syscall1(nr::GET_CMDLINE, block.as_mut_ptr() as usize) };
    if failed == 0 { Ok(block[1]) } else { Err(HostError) }
}

/// Seconds since 1970 of the host: a seed, not the board's clock.
#[must_use]
pub fn seconds() -> u32 {
    // SAFETY: SYS_TIME has no block.
    unsafe { syscall1(nr::TIME, 0) as u32 }
}

/// Writes a text to the host's console, whole. The text must end with a zero byte; without one
/// nothing is written.
pub fn print(text: &'static core::ffi::CStr) {
    // SAFETY: SYS_WRITE0 reads up to the zero, which a `CStr` has.
    unsafe { syscall1(nr::WRITE0, text.as_ptr() as usize) };
}

/// Writes bytes to the host's console.
pub fn print_bytes(bytes: &[u8]) {
    for byte in bytes {
        // SAFETY: SYS_WRITEC reads one byte.
        unsafe { syscall1(nr::WRITEC, core::ptr::from_ref(byte) as usize) };
    }
}

/// The console for `write!`; costs the formatting code, so only measuring builds use it.
#[derive(Debug, Clone, Copy)]
pub struct Console;

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        print_bytes(text.as_bytes());
        Ok(())
    }
}

/// Ends the emulator with an exit code.
pub fn exit(code: u8) -> ! {
    /// ADP_Stopped_ApplicationExit.
    const APPLICATION_EXIT: usize = 0x2_0026;
    loop {
        // SAFETY: the two fields of SYS_EXIT_EXTENDED (0x20).
        unsafe { syscall(0x20, &[APPLICATION_EXIT, usize::from(code)]) };
    }
}
