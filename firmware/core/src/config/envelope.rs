//! What goes around a configuration, so that a board knows one from erased or rotten flash: magic,
//! layout (`u16`), length of the body (`u16`), body, CRC-32 of all before it; little endian.

use minicbor::encode::write::{Cursor, EndOfSlice};

use super::ConfigError;
use crate::checksum::crc32;
use crate::limits::MAX_CONFIG_BYTES;

const MAGIC: [u8; 4] = *b"ACFG";
/// Grows when the items of the body change.
const LAYOUT: u16 = 1;
const HEAD: usize = MAGIC.len() + 4;
const CHECKSUM: usize = 4;

/// The checked body and its checksum. Bytes behind the configuration are allowed: it may lie at the begin of a page.
pub(super) fn open(bytes: &[u8]) -> Result<(&[u8], u32), ConfigError> {
    let (magic, rest) = bytes.split_first_chunk().ok_or(ConfigError::NotAConfiguration)?;
    if *magic != MAGIC {
        return Err(ConfigError::NotAConfiguration);
    }
    let (layout, rest) = rest.split_first_chunk().ok_or(ConfigError::Incomplete)?;
    let (length, rest) = rest.split_first_chunk().ok_or(ConfigError::Incomplete)?;
    let layout = u16::from_le_bytes(*layout);
    if layout != LAYOUT {
        return Err(ConfigError::Layout(layout));
    }
    let length = usize::from(u16::from_le_bytes(*length));
    if HEAD + length + CHECKSUM > MAX_CONFIG_BYTES {
        return Err(ConfigError::TooLong);
    }
    let (body, rest) = rest.split_at_checked(length).ok_or(ConfigError::Incomplete)?;
    let checksum = rest.first_chunk().ok_or(ConfigError::Incomplete)?;
    let covered = bytes.get(..HEAD + length).ok_or(ConfigError::Incomplete)?;
    let checksum = u32::from_le_bytes(*checksum);
    if crc32(covered.iter().copied()) == checksum {
        Ok((body, checksum))
    } else {
        Err(ConfigError::Checksum)
    }
}

/// Puts the envelope around what `write` writes, and says how long it all is.
pub(super) fn seal(
    buffer: &mut [u8],
    write: impl FnOnce(&mut Cursor<&mut [u8]>) -> Result<(), minicbor::encode::Error<EndOfSlice>>,
) -> Result<usize, ConfigError> {
    let room = buffer.len().min(MAX_CONFIG_BYTES);
    let buffer = buffer.get_mut(..room).ok_or(ConfigError::TooLong)?;
    let (head, body) = buffer.split_at_mut_checked(HEAD).ok_or(ConfigError::TooLong)?;
    let mut cursor = Cursor::new(body);
    write(&mut cursor).map_err(|_| ConfigError::TooLong)?;
    let length = cursor.position();
    let said = u16::try_from(length).map_err(|_| ConfigError::TooLong)?;
    let fields = MAGIC.into_iter().chain(LAYOUT.to_le_bytes()).chain(said.to_le_bytes());
    head.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
    let end = HEAD + length;
    let covered = buffer.get(..end).ok_or(ConfigError::TooLong)?;
    let checksum = crc32(covered.iter().copied()).to_le_bytes();
    let place = buffer.get_mut(end..end + CHECKSUM).ok_or(ConfigError::TooLong)?;
    place.copy_from_slice(&checksum);
    Ok(end + CHECKSUM)
}
