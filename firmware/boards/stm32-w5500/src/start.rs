//! What the chip is and how it began.

use board::boot::{Boot, Reset};
use embassy_stm32::rcc::{
    AHBPrescaler, APBPrescaler, Pll, PllMul, PllPDiv, PllPreDiv, PllQDiv, PllSource, Sysclk,
};
use embassy_stm32::{Config, pac, uid};

/// 168 MHz, and 48 MHz for the random numbers, from the chip's own oscillator of 16 MHz: no crystal
/// has to be right.
pub fn clocks() -> Config {
    let mut config = Config::default();
    config.rcc.pll_src = PllSource::HSI;
    config.rcc.pll = Some(Pll {
        prediv: PllPreDiv::DIV8,
        mul: PllMul::MUL168,
        divp: Some(PllPDiv::DIV2),
        divq: Some(PllQDiv::DIV7),
        divr: None,
    });
    config.rcc.sys = Sysclk::PLL1_P;
    config.rcc.ahb_pre = AHBPrescaler::DIV1;
    config.rcc.apb1_pre = APBPrescaler::DIV4;
    config.rcc.apb2_pre = APBPrescaler::DIV2;
    config
}

/// Why the board began (RM0090, section 7.3.21), and the last words of the run before.
pub fn boot(firmware: &'static str) -> Boot {
    let flags = pac::RCC.csr().read();
    // They stay until they are cleared.
    pac::RCC.csr().modify(|csr| csr.set_rmvf(true));
    let panic = panic_persist::get_panic_message_utf8();
    let reset = match panic {
        Some(_) => Reset::Panic,
        None if flags.wdgrstf() => Reset::Watchdog,
        None if flags.porrstf() => Reset::Power,
        // Nothing but the command to reboot does it, or a debugger.
        None if flags.sftrstf() => Reset::Command,
        None => Reset::Other,
    };
    Boot::new(firmware, reset, panic)
}

/// An address for Ethernet that hardly another board has: locally administered (IEEE 802, section
/// 8.4), from the chip's 96 bits (RM0090, section 39.1), folded.
pub fn ethernet_address() -> [u8; 6] {
    let [a, b, c, d, e, f, g, h, i, j, k, l] = uid::uid();
    [0x02, a ^ f ^ k, b ^ g ^ l, c ^ h, d ^ i, e ^ j]
}
