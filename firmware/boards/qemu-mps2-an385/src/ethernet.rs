//! The LAN9118 Ethernet controller (Microchip DS00002266B) as a device of smoltcp: both FIFOs are
//! copied by the processor, one frame at a time.

use smoltcp::phy::{self, DeviceCapabilities, Medium};
use smoltcp::time::Instant;
use smoltcp::wire::EthernetAddress;

use crate::registers::Device;

/// Largest IPv4 datagram sent and received, bytes: what every host has to take (RFC 791, section
/// 3.1). Small, because memory is; TCP tells the other side.
pub const MTU: usize = 576;

/// A frame: the datagram and the Ethernet header.
const FRAME: usize = MTU + 14;
/// Length of the checksum that the controller leaves behind a received frame.
const CHECKSUM: usize = 4;

const CHIP: Device<0x4020_0000> = Device::new();
/// System registers, by offset (section 5.3).
const RX_DATA: usize = 0x00;
const TX_DATA: usize = 0x20;
const RX_STATUS: usize = 0x40;
const TX_STATUS: usize = 0x48;
const IRQ_CFG: usize = 0x54;
const INT_STS: usize = 0x58;
const INT_EN: usize = 0x5c;
const FIFO_INT: usize = 0x68;
const TX_CFG: usize = 0x70;
const HW_CFG: usize = 0x74;
const RX_FIFO_INF: usize = 0x7c;
const TX_FIFO_INF: usize = 0x80;
const MAC_CMD: usize = 0xa4;
const MAC_DATA: usize = 0xa8;
/// Interrupt when a frame waits (INT_EN and INT_STS).
const FRAME_WAITS: u32 = 1 << 3;
/// MAC registers, by number (section 5.4).
const MAC_CR: u32 = 1;
const ADDRESS_HIGH: u32 = 2;
const ADDRESS_LOW: u32 = 3;

/// The controller.
#[derive(Debug)]
pub struct Ethernet {
    received: [u8; FRAME],
    sent: [u8; FRAME],
}

impl Ethernet {
    /// Memory for it; [`Ethernet::start`] comes next.
    #[must_use]
    pub const fn new() -> Self {
        Self { received: [0; FRAME], sent: [0; FRAME] }
    }

    /// Resets the controller, lets it send, receive and interrupt, and says its address.
    pub fn start(&mut self) -> EthernetAddress {
        CHIP.write::<HW_CFG>(1);
        while CHIP.read::<HW_CFG>() & 1 != 0 {}
        // 5 KiB of the FIFO for sending; the bit below must be one.
        CHIP.write::<HW_CFG>(5 << 16 | 1 << 20);
        // Interrupts: driven, active high, from the first waiting frame on.
        CHIP.write::<FIFO_INT>(0);
        CHIP.write::<INT_EN>(FRAME_WAITS);
        CHIP.write::<IRQ_CFG>(0x111);
        // Send on; a full status FIFO stops nothing.
        CHIP.write::<TX_CFG>(0b110);
        // Full duplex, receive, send. Written whole: the reset leaves promiscuous mode on.
        mac_write(MAC_CR, 1 << 20 | 1 << 3 | 1 << 2);
        let (low, high) =
            (mac_read(ADDRESS_LOW).to_le_bytes(), mac_read(ADDRESS_HIGH).to_le_bytes());
        EthernetAddress([low[0], low[1], low[2], low[3], high[0], high[1]])
    }

    /// Copies the next whole frame that fits; those that do not or came with errors are dropped.
    fn receive_frame(&mut self) -> Option<usize> {
        while CHIP.read::<RX_FIFO_INF>() >> 16 & 0xff != 0 {
            let status = CHIP.read::<RX_STATUS>();
            let length = (status >> 16 & 0x3fff) as usize;
            for word in 0..length.div_ceil(4) {
                let bytes = CHIP.read::<RX_DATA>().to_le_bytes();
                let rest = self.received.get_mut(word * 4..).unwrap_or_default();
                for (place, byte) in rest.iter_mut().zip(bytes) {
                    *place = byte;
                }
            }
            CHIP.write::<INT_STS>(FRAME_WAITS);
            let bad = status & 1 << 15 != 0;
            match length.checked_sub(CHECKSUM) {
                Some(frame) if !bad && frame <= FRAME => return Some(frame),
                _ => {}
            }
        }
        None
    }

    fn can_send(&self) -> bool {
        // Their contents tell nothing that anybody acts on, but the FIFO must not fill up.
        while CHIP.read::<TX_FIFO_INF>() >> 16 & 0xff != 0 {
            CHIP.read::<TX_STATUS>();
        }
        CHIP.read::<TX_FIFO_INF>() & 0xffff >= (FRAME + 8) as u32
    }
}

impl Default for Ethernet {
    fn default() -> Self {
        Self::new()
    }
}

fn mac_wait() {
    while CHIP.read::<MAC_CMD>() & 1 << 31 != 0 {}
}

fn mac_write(register: u32, value: u32) {
    mac_wait();
    CHIP.write::<MAC_DATA>(value);
    CHIP.write::<MAC_CMD>(1 << 31 | register);
    mac_wait();
}

fn mac_read(register: u32) -> u32 {
    mac_wait();
    CHIP.write::<MAC_CMD>(1 << 31 | 1 << 30 | register);
    mac_wait();
    CHIP.read::<MAC_DATA>()
}

/// A received frame.
#[derive(Debug)]
pub struct Received<'a>(&'a [u8]);

impl phy::RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, f: F) -> R {
        f(self.0)
    }
}

/// Room for a frame to send.
#[derive(Debug)]
pub struct Sending<'a>(&'a mut [u8; FRAME]);

impl phy::TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, f: F) -> R {
        // smoltcp keeps to the MTU that it was told.
        let frame = &mut self.0[..length];
        let answer = f(frame);
        // Command A: first and last segment, length; command B: length again.
        CHIP.write::<TX_DATA>(1 << 13 | 1 << 12 | length as u32);
        CHIP.write::<TX_DATA>(length as u32);
        for part in frame.chunks(4) {
            let mut word = [0; 4];
            for (place, byte) in word.iter_mut().zip(part) {
                *place = *byte;
            }
            CHIP.write::<TX_DATA>(u32::from_le_bytes(word));
        }
        answer
    }
}

impl phy::Device for Ethernet {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = Sending<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, Sending<'_>)> {
        if !self.can_send() {
            return None;
        }
        let length = self.receive_frame()?;
        Some((Received(&self.received[..length]), Sending(&mut self.sent)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Sending<'_>> {
        self.can_send().then_some(Sending(&mut self.sent))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = FRAME;
        capabilities.max_burst_size = Some(1);
        capabilities
    }
}
