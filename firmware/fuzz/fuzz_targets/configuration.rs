//! Bytes as a configuration, with a wrong and with a right envelope. What decodes must encode to
//! the same again.
#![no_main]

use board::config::Config;
use board::limits::MAX_CONFIG_BYTES;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Config::decode(bytes);
    let Ok(length) = u16::try_from(bytes.len()) else { return };
    let mut sealed = b"ACFG\x01\x00".to_vec();
    sealed.extend_from_slice(&length.to_le_bytes());
    sealed.extend_from_slice(bytes);
    sealed.extend_from_slice(&crc32fast::hash(&sealed).to_le_bytes());
    let Ok(config) = Config::decode(&sealed) else { return };
    let mut again = [0; MAX_CONFIG_BYTES];
    let length = config.encode(&mut again).expect("what was decoded can be");
    let twice = Config::decode(&again[..length]).expect("what was encoded decodes");
    let mut last = [0; MAX_CONFIG_BYTES];
    assert_eq!(twice.encode(&mut last), Ok(length));
    assert_eq!(again, last);
});
