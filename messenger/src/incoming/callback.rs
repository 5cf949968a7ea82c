//! Callbacks of WeCom applications (developer.work.weixin.qq.com, document 91144) and of WeChat
//! official accounts in their safe mode (developers.weixin.qq.com, "Message encryption"). Both sign
//! and encrypt alike.

use aes::Aes256;
use aes::cipher::{
    BlockDecryptMut as _, BlockEncryptMut as _, KeyIvInit as _, block_padding::NoPadding,
};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use roxmltree::Document;
use sha1::{Digest as _, Sha1};

use super::{Chat, Refusal, in_time, same};
use crate::Secret;

/// Blocks that the padding fills up to; those of AES have half of it.
const PADDED: usize = 32;
/// Random bytes before the message, and the length of the message.
const BEFORE: usize = 16 + 4;

/// Why keys are not those of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the EncodingAESKey has to have 43 letters and digits, as the console shows it")]
pub struct KeysError;

/// The keys of a callback.
pub struct Callback {
    token: Secret,
    key: [u8; 32],
    /// `CorpID` of the company, or `AppID` of the official account.
    receiver: String,
}

/// What a call says in its address.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// `msg_signature`.
    pub signature: &'a str,
    /// Seconds since the Unix epoch, as text.
    pub timestamp: &'a str,
    /// Of the sender's choice.
    pub nonce: &'a str,
}

/// A message that only the other side can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// With its signature, time and nonce.
    pub xml: String,
    /// `msg_signature`.
    pub signature: String,
}

impl Callback {
    /// Takes the token, the `EncodingAESKey` and the receiver as the console of the other side shows
    /// them.
    ///
    /// # Errors
    /// When the key is none.
    pub fn new(token: Secret, aes_key: &str, receiver: &str) -> Result<Self, KeysError> {
        // 43 characters have two bits too many; the consoles make keys in which they are set.
        let loose = GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireNone);
        let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, loose);
        let key = engine.decode(aes_key.trim()).map_err(|_| KeysError)?;
        let key = key.try_into().map_err(|_| KeysError)?;
        Ok(Self { token, key, receiver: receiver.to_owned() })
    }

    /// What the first call of all wants to hear: that we can read `echostr`.
    ///
    /// # Errors
    /// When it is not signed with the token, not lately, or does not read.
    pub fn echo(&self, call: Call<'_>, echostr: &str, now_us: i64) -> Result<String, Refusal> {
        self.check(call, echostr, now_us)?;
        self.decrypt(echostr)
    }

    /// What the first call of a WeChat official account wants to hear; it is signed, not encrypted.
    ///
    /// # Errors
    /// When it is not signed with the token, or not lately.
    pub fn plain_echo(
        &self,
        call: Call<'_>,
        echostr: &str,
        now_us: i64,
    ) -> Result<String, Refusal> {
        self.check(call, "", now_us)?;
        Ok(echostr.to_owned())
    }

    /// Reads a message of a chat.
    ///
    /// # Errors
    /// When it is not signed with the token, not lately, not for us, or is no message.
    pub fn read(&self, call: Call<'_>, body: &str, now_us: i64) -> Result<Chat, Refusal> {
        let outer = Document::parse(body).map_err(Refusal::unreadable)?;
        let encrypted = field(&outer, "Encrypt").unwrap_or_default();
        self.check(call, encrypted, now_us)?;
        let inner = self.decrypt(encrypted)?;
        let inner = Document::parse(&inner).map_err(Refusal::unreadable)?;
        let needed = |name: &str| {
            field(&inner, name).ok_or_else(|| Refusal::unreadable(format!("{name} is missing")))
        };
        let (from, kind) = (needed("FromUserName")?, needed("MsgType")?);
        let text = field(&inner, "Content").or_else(|| field(&inner, "Recognition"));
        let id = match field(&inner, "MsgId") {
            Some(id) => id.to_owned(),
            // Events have none: sender and time name them (WeChat, "Receiving event pushes").
            None => format!("{from} {}", needed("CreateTime")?),
        };
        Ok(Chat {
            id,
            conversation: from.to_owned(),
            receiver: needed("ToUserName")?.to_owned(),
            author: String::new(),
            text: text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
            kind: kind.to_owned(),
        })
    }

    /// What the person is told at once, as the answer to their message: XML. The last two have to be
    /// random.
    #[must_use]
    pub fn reply(&self, to: &Chat, text: &str, now_us: i64, random: ([u8; 16], u32)) -> String {
        let at_s = now_us.div_euclid(1_000_000);
        let message = format!(
            "<xml><ToUserName>{}</ToUserName><FromUserName>{}</FromUserName>\
             <CreateTime>{at_s}</CreateTime><MsgType>text</MsgType><Content>{}</Content></xml>",
            cdata(&to.conversation),
            cdata(&to.receiver),
            cdata(text)
        );
        self.seal(&message, now_us, random).xml
    }

    /// Encrypts and signs a message, as both sides do. The last two have to be random.
    #[must_use]
    pub fn seal(&self, message: &str, now_us: i64, (random, nonce): ([u8; 16], u32)) -> Sealed {
        let at_s = now_us.div_euclid(1_000_000);
        let encrypted = self.encrypt(message, random);
        let signature = self.signature(&at_s.to_string(), &nonce.to_string(), &encrypted);
        let xml = format!(
            "<xml><Encrypt>{}</Encrypt><MsgSignature>{}</MsgSignature>\
             <TimeStamp>{at_s}</TimeStamp><Nonce>{}</Nonce></xml>",
            cdata(&encrypted),
            cdata(&signature),
            cdata(&nonce.to_string())
        );
        Sealed { xml, signature }
    }

    fn check(&self, call: Call<'_>, encrypted: &str, now_us: i64) -> Result<(), Refusal> {
        let ours = self.signature(call.timestamp, call.nonce, encrypted);
        if !same(ours.as_bytes(), call.signature.as_bytes()) {
            return Err(Refusal::Signature);
        }
        in_time(call.timestamp.parse().map_err(|_| Refusal::Signature)?, now_us)
    }

    /// SHA-1 of all that is signed, in alphabetical order, in hexadecimal digits.
    fn signature(&self, timestamp: &str, nonce: &str, encrypted: &str) -> String {
        let mut parts = [self.token.reveal(), timestamp, nonce, encrypted];
        parts.sort_unstable();
        let digest = Sha1::digest(parts.concat());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn iv(&self) -> &[u8] {
        &self.key[..16]
    }

    fn decrypt(&self, encrypted: &str) -> Result<String, Refusal> {
        let broken = || Refusal::Unreadable("it is not encrypted with this EncodingAESKey".into());
        let bytes = STANDARD.decode(encrypted).map_err(|_| broken())?;
        let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&self.key, self.iv());
        let cipher = cipher.map_err(|_| broken())?;
        let plain = cipher.decrypt_padded_vec_mut::<NoPadding>(&bytes).map_err(|_| broken())?;
        let padding = usize::from(*plain.last().ok_or_else(broken)?);
        if !(1..=PADDED).contains(&padding) || plain.len() < padding + BEFORE {
            return Err(broken());
        }
        let plain = &plain[16..plain.len() - padding];
        let (length, rest) = plain.split_first_chunk::<4>().ok_or_else(broken)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| broken())?;
        let (message, receiver) = rest.split_at_checked(length).ok_or_else(broken)?;
        if receiver != self.receiver.as_bytes() {
            return Err(Refusal::Unreadable("it is for another company or account".into()));
        }
        String::from_utf8(message.to_vec()).map_err(|_| broken())
    }

    fn encrypt(&self, message: &str, random: [u8; 16]) -> String {
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes();
        let mut plain =
            [&random[..], &length, message.as_bytes(), self.receiver.as_bytes()].concat();
        let padding = PADDED - plain.len() % PADDED;
        plain.resize(plain.len() + padding, u8::try_from(padding).unwrap_or_default());
        // Both have their lengths by type, so there is always a cipher.
        cbc::Encryptor::<Aes256>::new_from_slices(&self.key, self.iv())
            .map(|cipher| STANDARD.encode(cipher.encrypt_padded_vec_mut::<NoPadding>(&plain)))
            .unwrap_or_default()
    }
}

fn field<'a>(document: &'a Document<'_>, name: &str) -> Option<&'a str> {
    document.root_element().children().find(|child| child.has_tag_name(name))?.text()
}

/// Text in XML as it is; the one thing that it cannot have is its own end.
fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}
