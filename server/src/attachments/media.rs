//! What may be attached.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;

use crate::http::Problem;
use crate::limits::{ATTACHMENT_BYTES, ATTACHMENT_TYPES};

/// The body of an upload, or that it is too large.
pub(crate) fn body(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    body.map_err(|e| {
        Problem::Invalid(format!("{e}: an attachment has at most {ATTACHMENT_BYTES} bytes"))
    })
}

/// What the first bytes say that it is, when it is allowed.
pub(super) fn media_type(bytes: &[u8]) -> Result<&'static str, Problem> {
    let seen = infer::get(bytes).map(|kind| kind.mime_type());
    seen.and_then(|seen| ATTACHMENT_TYPES.into_iter().find(|t| *t == seen)).ok_or_else(|| {
        let seen = seen.unwrap_or("nothing that is known here");
        Problem::Invalid(format!(
            "an attachment has to be one of {}; its first bytes say {seen}",
            ATTACHMENT_TYPES.join(", ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_decide_what_a_file_is() {
        assert_eq!(media_type(b"\xff\xd8\xff\xe0 photo").unwrap(), "image/jpeg");
        assert_eq!(media_type(b"%PDF-1.7").unwrap(), "application/pdf");
        let phone = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
        assert_eq!(media_type(phone).unwrap(), "image/heif");
        for refused in [&b"<html><script>"[..], b"", b"PK\x03\x04", b"GIF89a", b"<svg xmlns"] {
            assert!(matches!(media_type(refused), Err(Problem::Invalid(_))), "{refused:?}");
        }
    }

    #[test]
    fn what_phones_and_browsers_record_is_known() {
        let mut opus = b"OggS".to_vec();
        opus.resize(28, 0);
        opus.extend(b"OpusHead");
        let mut webm = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm".to_vec();
        webm.resize(300, 0);
        for (bytes, is) in [
            (opus.as_slice(), "audio/opus"),
            (b"OggS\0\x02\0\0", "audio/ogg"),
            (b"\0\0\0\x1cftypM4A \0\0\0\0", "audio/m4a"),
            (b"\0\0\0\x1cftypiso5\0\0\0\0", "video/mp4"),
            (b"ID3\x04\0\0\0\0", "audio/mpeg"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "audio/x-wav"),
            (&webm, "video/webm"),
        ] {
            assert_eq!(media_type(bytes).unwrap(), is);
        }
    }
}
