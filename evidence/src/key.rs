//! Keys: Ed25519 (RFC 8032), in files as PKCS#8 and SPKI PEM (RFC 8410), as OpenSSL writes them.

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
    KeypairBytes,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::hex;

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not a private key: make one anew, or name the right file.
    #[error("no Ed25519 private key in PKCS#8 PEM: {0}")]
    Private(String),
    /// Not a public key: name the right file.
    #[error("no Ed25519 public key in PEM: {0}")]
    Public(String),
}

/// A private key. What it signs is the chain of a document, or a page.
pub struct Signer(SigningKey);

impl Signer {
    /// From 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// From PKCS#8 PEM.
    ///
    /// # Errors
    /// When it is none of Ed25519.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = SigningKey::from_pkcs8_pem(pem);
        key.map(Self).map_err(|e| KeyError::Private(e.to_string()))
    }

    /// As PKCS#8 PEM. Whoever has it can sign as we do.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        // Without the public half: OpenSSL 3.0 does not read the newer form that has it (RFC 5958).
        let key = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        let pem = key.to_pkcs8_pem(LineEnding::LF);
        pem.map(|pem| pem.to_string()).map_err(|e| KeyError::Private(e.to_string()))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// A public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// From SPKI PEM.
    ///
    /// # Errors
    /// When it is none of Ed25519.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_public_key_pem(pem);
        key.map(Self).map_err(|e| KeyError::Public(e.to_string()))
    }

    /// As SPKI PEM.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let pem = self.0.to_public_key_pem(LineEnding::LF);
        pem.map_err(|e| KeyError::Public(e.to_string()))
    }

    /// SHA-256 of its 32 bytes, in hexadecimal digits: short enough to be read over the phone.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::write(&Sha256::digest(self.0.as_bytes()))
    }

    pub(crate) fn from_hex(text: &[u8]) -> Option<Self> {
        VerifyingKey::from_bytes(&hex::read(text)?).ok().map(Self)
    }

    pub(crate) fn to_hex(self) -> String {
        hex::write(self.0.as_bytes())
    }

    /// Strict: of two signatures for one message the other is refused (RFC 8032, 8.4).
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_it_was_written() {
        let signer = Signer::from_seed(&[7; 32]);
        let again = Signer::from_pem(&signer.to_pem().unwrap()).unwrap();
        assert_eq!(again.public(), signer.public());
        let public = PublicKey::from_pem(&signer.public().to_pem().unwrap()).unwrap();
        assert_eq!(public.fingerprint(), signer.public().fingerprint());
        assert!(Signer::from_pem("-----BEGIN PRIVATE KEY-----").is_err());
    }

    /// Example of RFC 8410, 10.3; its public key is that of 10.1.
    #[test]
    fn a_key_is_written_as_rfc_8410_shows_it() {
        let pem = "-----BEGIN PRIVATE KEY-----\n\
                   MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
                   -----END PRIVATE KEY-----\n";
        let signer = Signer::from_pem(pem).unwrap();
        assert_eq!(signer.to_pem().unwrap(), pem);
        let public = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";
        assert!(signer.public().to_pem().unwrap().contains(public));
    }

    /// The first test vector of RFC 8032, 7.1.
    #[test]
    fn keys_and_signatures_are_those_of_rfc_8032() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let signer = Signer::from_seed(&hex::read(seed.as_bytes()).unwrap());
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(signer.public().to_hex(), public);
        let signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb882159\
                         0a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
        assert_eq!(hex::write(&signer.sign(b"")), signature);
        assert!(signer.public().signed(b"", &signer.sign(b"")));
    }
}
