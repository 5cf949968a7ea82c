//! CRC-32 (IEEE 802.3, reflected, polynomial 0xEDB88320), as in zip and Ethernet.

/// Four bits at a time: a table of 64 bytes instead of 1024.
const TABLE: [u32; 16] = {
    let mut table = [0; 16];
    let mut i = 0;
    while i < 16 {
        let mut crc = i as u32;
        let mut bit = 0;
        while bit < 4 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[i] = crc;
        i += 1;
    }
    table
};

/// The checksum of some bytes.
pub(crate) fn crc32(bytes: impl IntoIterator<Item = u8>) -> u32 {
    let step = |crc: u32, nibble: u32| (crc >> 4) ^ TABLE[((crc ^ nibble) & 0xF) as usize];
    !bytes.into_iter().fold(u32::MAX, |crc, byte| {
        let byte = u32::from(byte);
        step(step(crc, byte), byte >> 4)
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_the_one_that_everybody_uses() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(super::crc32(*b"123456789"), 0xCBF4_3926);
    }
}
