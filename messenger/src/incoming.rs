//! What others send us is really from them: signatures of webhooks and robots, compared in constant
//! time.
//!
//! Standard Webhooks 1.0. DingTalk: open.dingtalk.com, "receive message" (接收消息的消息协议). WeCom:
//! developer.work.weixin.qq.com, documents 90930 and 91144 (回调配置, 加解密方案说明).

use aes::Aes256;
use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::Secret;
use crate::webhook::key;

/// Whether the header `webhook-signature`, which may name several signatures, has that of a body.
#[must_use]
pub fn is_signed(secret: &Secret, (id, at): (&str, &str), body: &[u8], signatures: &str) -> bool {
    let Some(key) = key(secret.reveal()) else { return false };
    let signed = signatures.split(' ').filter_map(|one| one.strip_prefix("v1,"));
    signed.into_iter().any(|signature| {
        let text = [format!("{id}.{at}.").as_bytes(), body].concat();
        is_mac(&key, &text, signature)
    })
}

/// Whether the header `sign` of a DingTalk robot belongs to its `timestamp`. It says nothing about the
/// body.
#[must_use]
pub fn is_from_dingtalk(secret: &Secret, timestamp: &str, sign: &str) -> bool {
    let secret = secret.reveal();
    is_mac(secret.as_bytes(), format!("{timestamp}\n{secret}").as_bytes(), sign)
}

/// HMAC-SHA-256 (RFC 2104), base64.
fn is_mac(key: &[u8], text: &[u8], signature: &str) -> bool {
    let (Ok(mut mac), Ok(signature)) =
        (Hmac::<Sha256>::new_from_slice(key), STANDARD.decode(signature))
    else {
        return false;
    };
    mac.update(text);
    mac.verify_slice(&signature).is_ok()
}

/// What opens the callbacks of an app of WeCom.
pub struct WeCom {
    token: Secret,
    key: [u8; 32],
    receiver: String,
}

impl WeCom {
    /// The token, the `EncodingAESKey` of 43 characters, and the id of the company; `None` when the key
    /// is none.
    #[must_use]
    pub fn new(token: Secret, encoding_key: &str, receiver: String) -> Option<Self> {
        // 43 characters are 258 bits: the last two are left over.
        let lenient = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
        let bytes =
            GeneralPurpose::new(&ALPHABET, lenient).decode(format!("{encoding_key}=")).ok()?;
        Some(Self { token, key: bytes.try_into().ok()?, receiver })
    }

    /// The text of what is encrypted, when the signature holds and it is for our company.
    #[must_use]
    pub fn open(
        &self,
        signature: &str,
        (timestamp, nonce): (&str, &str),
        encrypted: &str,
    ) -> Option<String> {
        let mut parts = [self.token.reveal(), timestamp, nonce, encrypted];
        parts.sort_unstable();
        let ours: String =
            Sha1::digest(parts.concat()).iter().map(|byte| format!("{byte:02x}")).collect();
        if !bool::from(ours.as_bytes().ct_eq(signature.as_bytes())) {
            return None;
        }
        self.decrypt(encrypted)
    }

    /// AES-256-CBC; 16 random bytes, the length of the text (big endian), the text, the receiver;
    /// padded after PKCS #7 to blocks of 32 bytes.
    fn decrypt(&self, encrypted: &str) -> Option<String> {
        let mut bytes = STANDARD.decode(encrypted).ok()?;
        let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&self.key, &self.key[..16]).ok()?;
        let plain = cipher.decrypt_padded::<NoPadding>(&mut bytes).ok()?;
        let padding = usize::from(*plain.last()?);
        if !(1..=32).contains(&padding) {
            return None;
        }
        let plain = plain.get(..plain.len().checked_sub(padding)?)?;
        let length: [u8; 4] = plain.get(16..20)?.try_into().ok()?;
        let ends = 20_usize.checked_add(usize::try_from(u32::from_be_bytes(length)).ok()?)?;
        let (text, receiver) = (plain.get(20..ends)?, plain.get(ends..)?);
        if receiver != self.receiver.as_bytes() {
            return None;
        }
        String::from_utf8(text.to_vec()).ok()
    }
}
